import type { Activation } from './activation.ts';
import { erfActivation } from './erf.ts';
import { linearActivation } from './linear.ts';
import { reluActivation } from './relu.ts';

/** Activations that architectures can name. */
export const activations: readonly Activation[] = [linearActivation, reluActivation, erfActivation];
