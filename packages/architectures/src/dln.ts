import { type GatedInputs, GgdlnError, type Matrix, type NetworkDimensions } from '@ggdln/core';
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
      for (const gates of inputs.gates) requireOneColumn(gates.shape[1] as number);
      return network.apply(parameters, inputs);
    },
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
  for (const count of dimensions.gates) requireOneColumn(count);
  return dimensions;
}

function alwaysOn(inputs: GatedInputs): GatedInputs {
  for (const gates of inputs.gates) {
    requireOneColumn(gates.cols);
    requireOnes(gates);
  }
  return inputs;
}

function requireOnes(gates: Matrix): void {
  const row = gates.data.findIndex((value) => value !== 1);
  if (row >= 0) throw notAlwaysOn(`the gate of input ${row} is ${gates.data[row]}`);
}

function requireOneColumn(count: number): void {
  if (count !== 1) throw notAlwaysOn(`a layer has ${count} gates`);
}

function notAlwaysOn(found: string): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_INCOMPATIBLE',
    where,
    problem: `${found}, but a deep linear network has one gate that is 1 for every input`,
    remedy: 'Use the gating "always-on", or the architecture "ggdln"',
  });
}
