import type { FlatArray } from '@ggdln/core';
import type { LossNetwork } from './lossNetwork.ts';

/**
 * The network with one weight more at the end of θ, on which nothing depends but the prior term. Descents are linear in
 * such weights, so that all of them together move as one whose value is their length, with the same |θ| and |∇U|.
 * `flatten` leaves it 0; the other methods work as before.
 */
export function withIdleWeight<Numbers extends FlatArray>(network: LossNetwork<Numbers>): LossNetwork<Numbers> {
  const { size } = network;
  const used = (values: Numbers) => values.subarray(0, size) as Numbers;
  return {
    ...network,
    size: size + 1,
    evaluate(theta, gradient) {
      gradient[size] = 0;
      return network.evaluate(used(theta), used(gradient));
    },
    async curvatureProduct(theta, v) {
      const product = new Float64Array(size + 1);
      product.set(await network.curvatureProduct(used(theta), v.subarray(0, size)));
      product[size] = network.decay * v[size];
      return product;
    },
    testOutputs: (theta) => network.testOutputs(used(theta)),
    flatten(parameters) {
      const theta = new network.precision(size + 1);
      theta.set(network.flatten(parameters));
      return theta;
    },
    unflatten: (theta) => network.unflatten(used(theta)),
  };
}
