import type { Gln } from '@ggdln/architectures';
import { decayingStepSize, type StepSize } from './online.ts';

/**
 * The step size of a run over examples.
 * @param asked `stepSize` 0 chooses min(0.2, 2.4/(1 + N0)), for Gaussian networks a tenth of it but 0.02 at most.
 */
export function stepSizeOf(
  { stepSize, schedule }: { readonly stepSize: number; readonly schedule: 'decaying' | 'constant' },
  { kind }: Gln,
  inputs: number,
): StepSize {
  const safe = Math.min(0.2, 2.4 / (1 + inputs));
  const chosen = stepSize || (kind === 'bernoulli' ? safe : Math.min(0.02, safe / 10));
  return schedule === 'constant' ? chosen : decayingStepSize({ max: chosen });
}
