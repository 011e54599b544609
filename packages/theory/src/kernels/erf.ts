import type { Activation } from './activation.ts';

/** φ(h) = erf(h) = (2/√π) ∫₀ʰ exp(−t²) dt, of h itself and not of h/√2 (Williams 1996). */
export const erfActivation: Activation = {
  name: 'erf',
  moment: (k11, k12, k22) => (2 / Math.PI) * Math.asin((2 * k12) / Math.sqrt((1 + 2 * k11) * (1 + 2 * k22))),
  derivativeMoment: (k11, k12, k22) => 4 / Math.PI / Math.sqrt((1 + 2 * k11) * (1 + 2 * k22) - 4 * k12 * k12),
};
