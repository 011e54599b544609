import type { Activation } from './activation.ts';

/** φ(h) = h. */
export const linearActivation: Activation = {
  name: 'linear',
  homogeneous: true,
  moment: (_k11, k12) => k12,
  derivativeMoment: () => 1,
};
