import {
  type ConditionallyGaussian,
  type GatedInputs,
  type ProductCache,
  unknownNameError,
  type Parameters as Weights,
} from '@ggdln/core';
import { hiddenBlock, readoutBlock } from './blocks.ts';
import { cached } from './cache.ts';
import { gaussianPredictor, requireTargets } from './gaussianPredictor.ts';
import { type Layers, parameterNames } from './layers.ts';
import { dimensionsOf, requireInputs, requireParameters } from './network.ts';
import { orderParameters } from './orderParameters.ts';

/** Blocks of weights that are Gaussian given the others (theory page ggdln, section 8), at any depth and any C. */
export function createConditionals(layers: Layers): ConditionallyGaussian {
  const blocks = parameterNames(layers.depth);
  return {
    blocks,
    block(name, parameters, train, linalg, cache) {
      if (!blocks.includes(name)) throw unknownNameError(layers.where, 'block of weights', name, blocks);
      const outputs = requireFit(layers, parameters, train, 'train', cache);
      const pass = { layers, parameters, inputs: train, linalg, label: 'train', ...(cache ? { cache } : {}) };
      return name === 'a' ? readoutBlock(pass, outputs) : hiddenBlock(pass, Number(name.slice(1)), outputs);
    },
    conditionalPredictor(parameters, problem, linalg, cache) {
      const outputs = requireFit(layers, parameters, problem.train, 'train', cache);
      requireFit(layers, parameters, problem.test, 'test', cache);
      requireTargets(layers.where, problem, outputs);
      const { U1 } = orderParameters(layers, parameters, linalg, cache);
      return gaussianPredictor({ U1, sigma: layers.sigma, outputs }, problem, linalg, cache);
    },
  };
}

/** Checks inputs, gates and weights. @returns C. */
function requireFit(
  layers: Layers,
  parameters: Weights,
  inputs: GatedInputs,
  label: string,
  cache: ProductCache | undefined,
): number {
  cached(cache, `${label} checked`, [inputs.X, ...inputs.gates], () => requireInputs(layers, inputs));
  const dimensions = dimensionsOf(layers, parameters, inputs);
  requireParameters(layers, parameters, dimensions);
  return dimensions.outputs;
}
