import {
  type ConditionallyGaussian,
  type GatedInputs,
  GgdlnError,
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

/** Blocks of weights that are Gaussian given the others (theory page ggdln, section 8), at any depth, for C = 1. */
export function createConditionals(layers: Layers): ConditionallyGaussian {
  const blocks = parameterNames(layers.depth);
  return {
    blocks,
    block(name, parameters, train, linalg, cache) {
      if (!blocks.includes(name)) throw unknownNameError(layers.where, 'block of weights', name, blocks);
      requireSingleOutput(layers, parameters, train, 'train', cache);
      const pass = { layers, parameters, inputs: train, linalg, label: 'train', ...(cache ? { cache } : {}) };
      return name === 'a' ? readoutBlock(pass) : hiddenBlock(pass, Number(name.slice(1)));
    },
    conditionalPredictor(parameters, problem, linalg, cache) {
      requireSingleOutput(layers, parameters, problem.train, 'train', cache);
      requireSingleOutput(layers, parameters, problem.test, 'test', cache);
      requireTargets(layers.where, problem);
      const { U1 } = orderParameters(layers, parameters, linalg, cache);
      return gaussianPredictor({ U1, sigma: layers.sigma }, problem, linalg, cache);
    },
  };
}

function requireSingleOutput(
  layers: Layers,
  parameters: Weights,
  inputs: GatedInputs,
  label: string,
  cache: ProductCache | undefined,
): void {
  cached(cache, `${label} checked`, [inputs.X, ...inputs.gates], () => requireInputs(layers, inputs));
  const dimensions = dimensionsOf(layers, parameters, inputs);
  requireParameters(layers, parameters, dimensions);
  if (dimensions.outputs > 1) {
    throw new GgdlnError({
      code: 'GGDLN_INCOMPATIBLE',
      where: layers.where,
      problem: `the network has ${dimensions.outputs} outputs; its conditional distributions are implemented for one`,
      remedy: 'Use one output, or a learner that samples by gradients (langevin)',
    });
  }
}
