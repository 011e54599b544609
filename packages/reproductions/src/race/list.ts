import type { Reproduction } from '../reproduction.ts';
import { kPathSmall } from './kPathSmall.ts';
import { routingSmall } from './routingSmall.ts';

/** The neural race, in the order of its page. */
export const raceReproductions: readonly Reproduction[] = [routingSmall, kPathSmall];
