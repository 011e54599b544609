import { inputError } from '@ggdln/core';
import type { Activation } from '../kernels/activation.ts';

/**
 * φ(h) = erf(βh) (Williams 1996).
 * @param beta β > 0. Default √π/2, for a slope of 1 at 0.
 * @throws GGDLN_INPUT for another β.
 */
export function scaledErfActivation(beta: number = Math.sqrt(Math.PI) / 2): Activation {
  if (!(beta > 0 && Number.isFinite(beta))) {
    throw inputError('@ggdln/theory scaledErfActivation', `beta is ${beta}`, 'Give a finite number > 0');
  }
  const twice = 2 * beta * beta;
  return {
    name: 'erf',
    moment: (a, c, b) => (2 / Math.PI) * Math.asin((twice * c) / Math.sqrt((1 + twice * a) * (1 + twice * b))),
    derivativeMoment: (a, c, b) =>
      ((2 / Math.PI) * twice) / Math.sqrt((1 + twice * a) * (1 + twice * b) - twice * twice * c * c),
  };
}
