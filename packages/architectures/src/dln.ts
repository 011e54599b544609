import type { GatedInputs, NetworkDimensions } from '@ggdln/core';
import { requireAlwaysOn, requireOneGate } from './alwaysOn.ts';
import { createGgdln, type GatedNetwork } from './ggdln.ts';
import type { GgdlnOptions } from './layers.ts';

const where = '@ggdln/architectures createDln';

/**
 * A deep linear network: the network of `createGgdln` with a single gate that is always on (Li and Sompolinsky 2021,
 * arXiv:2012.04030; theory page ggdln, identity 7.4). It has the same parameters with M = 1 and family `dln`.
 * @throws GGDLN_INPUT as `createGgdln`; its methods throw GGDLN_INCOMPATIBLE for any other gates.
 */
export function createDln(options: GgdlnOptions): GatedNetwork {
  const network = createGgdln(options);
  const { conditionals } = network;
  return {
    ...network,
    family: 'dln',
    shapes: (dimensions) => network.shapes(oneGate(dimensions)),
    predict: (parameters, inputs, linalg) => network.predict(parameters, alwaysOn(inputs), linalg),
    orderParameters: (parameters, dimensions, linalg) =>
      network.orderParameters(parameters, oneGate(dimensions), linalg),
    apply(parameters, inputs) {
      for (const gates of inputs.gates) requireOneGate(where, gates.shape[1] as number);
      return network.apply(parameters, inputs);
    },
    gradient: (examples, precision, linalg) =>
      network.gradient({ ...examples, inputs: alwaysOn(examples.inputs) }, precision, linalg),
    conditionals: {
      blocks: conditionals.blocks,
      block: (name, parameters, train, linalg, cache) =>
        conditionals.block(name, parameters, alwaysOn(train), linalg, cache),
      conditionalPredictor(parameters, problem, linalg, cache) {
        alwaysOn(problem.train);
        alwaysOn(problem.test);
        return conditionals.conditionalPredictor(parameters, problem, linalg, cache);
      },
    },
  };
}

function oneGate(dimensions: NetworkDimensions): NetworkDimensions {
  for (const count of dimensions.gates) requireOneGate(where, count);
  return dimensions;
}

function alwaysOn(inputs: GatedInputs): GatedInputs {
  for (const gates of inputs.gates) requireAlwaysOn(where, gates);
  return inputs;
}
