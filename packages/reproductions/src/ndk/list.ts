import type { Reproduction } from '../reproduction.ts';
import { drift } from './drift.ts';
import { earlyStopping } from './earlyStopping.ts';
import { phases } from './phases.ts';

/** Of the paper on the neural dynamical kernel, in its order. */
export const ndkReproductions: readonly Reproduction[] = [phases, earlyStopping, drift];
