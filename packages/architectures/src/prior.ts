import { type Architecture, inputError, type NetworkDimensions, type Parameters, type RandomStream } from '@ggdln/core';

/**
 * Weights drawn from the prior: every one independently normal with mean 0 and standard deviation σ.
 * @throws GGDLN_INPUT for sizes that the architecture doesn't take.
 */
export function drawPrior(
  architecture: Pick<Architecture, 'shapes' | 'sigma'>,
  dimensions: NetworkDimensions,
  rng: RandomStream,
): Parameters {
  const shapes = Object.entries(architecture.shapes(dimensions));
  if (shapes.length === 0) {
    throw inputError('@ggdln/architectures drawPrior', 'the architecture has no parameters', 'Give one that has');
  }
  return Object.fromEntries(
    shapes.map(([name, shape]) => {
      const size = shape.reduce((product, n) => product * n, 1);
      return [name, rng.fillGaussian(new Float64Array(size), architecture.sigma)];
    }),
  );
}
