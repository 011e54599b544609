import {
  type FlatArray,
  type FlatArrayConstructor,
  type GradientProgram,
  inputError,
  type RandomStream,
} from '@ggdln/core';
import { moveDown } from './updates.ts';

/** What a plain step is made of. */
export interface StepperOptions<Numbers extends FlatArray> {
  readonly program: GradientProgram<Numbers>;
  /** Where to start; moved in place. */
  readonly theta: Numbers;
  readonly stepSize: number;
  /** T/σ², the curvature of the prior term. Default 0. */
  readonly decay?: number;
  /** T; the noise is √(2ηT). Default 0: none. */
  readonly temperature?: number;
  /** Needed where T > 0. */
  readonly rng?: RandomStream;
}

/**
 * The plainest dynamics, without diagnostics: each call moves θ ← θ − η(∇E + decay·θ) + √(2ηT) ξ in place and returns E
 * at the weights before. Gradient descent at T = 0, else overdamped Langevin dynamics.
 * @throws GGDLN_INPUT for T > 0 without a random stream, or weights of another size than the program's.
 */
export function createStepper<Numbers extends FlatArray>(options: StepperOptions<Numbers>): () => number {
  const { program, theta, stepSize, decay = 0, temperature = 0, rng } = options;
  const where = '@ggdln/learning createStepper';
  if (temperature > 0 && !rng) throw inputError(where, `temperature is ${temperature} without rng`, 'Give a stream');
  if (theta.length !== program.size) {
    throw inputError(where, `theta has ${theta.length} numbers`, `The network has ${program.size} weights`);
  }
  const precision = theta.constructor as FlatArrayConstructor<Numbers>;
  const fused = program.descend !== undefined;
  const gradient = new precision(fused ? 0 : theta.length);
  const deviation = Math.sqrt(2 * stepSize * temperature);
  const factors = { stepSize, decay };
  return () => {
    const energy = program.descend?.(theta, factors) ?? program.evaluate(theta, gradient);
    if (!fused) moveDown(factors, theta, gradient);
    if (deviation > 0) rng?.addGaussian(theta, deviation);
    return energy;
  };
}
