import type { Job } from '../job.ts';
import { essRate } from './essRate.ts';
import { gibbsSweep } from './gibbsSweep.ts';

/** The jobs of the project as a whole, in the order of the page. */
export const jobs: readonly Job[] = [gibbsSweep, essRate];
