import type { Architecture } from '@ggdln/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { applyGgdln } from './apply.ts';
import { createConditionals } from './conditionals.ts';
import { gatedProgram } from './gradients/gatedProgram.ts';
import { type GgdlnOptions, readLayers } from './layers.ts';
import { dimensionsOf, parameterShapes, requireInputs, requireParameters } from './network.ts';
import { orderParameters } from './orderParameters.ts';
import { outputs } from './passes.ts';

/** A network with all that the contract leaves optional, but for an activation. */
export type GatedNetwork = Required<Omit<Architecture<Tensor>, 'activation'>>;

/**
 * A globally gated deep linear network of any depth (Li and Sompolinsky 2022, arXiv:2210.17449; theory page ggdln,
 * section 1):
 * h^(1) = W1 x / √N0, h^(l)_i = Σ_jm W_l[i, m, j] g^(l−1)_m(x) h^(l−1)_j / √(N_{l−1} M_{l−1}),
 * f_c = Σ_im a[i, m, c] g^(L)_m(x) h^(L)_i / √(N_L M_L).
 *
 * Parameters, row-major: `a` N_L × M_L (N_L × M_L × C for several outputs), `W_l` N_l × M_{l−1} × N_{l−1} for l ≥ 2,
 * `W1` N_1 × N0. The gate index stands before the unit below, so that a layer with all its gates is one matrix product.
 * @throws GGDLN_INPUT for a depth, width or σ that no network has.
 */
export function createGgdln(options: GgdlnOptions): GatedNetwork {
  const layers = readLayers(options, '@ggdln/architectures createGgdln');
  return {
    family: 'ggdln',
    widths: layers.widths,
    sigma: layers.sigma,
    shapes: (dimensions) => parameterShapes(layers, dimensions),
    predict(parameters, inputs, linalg) {
      requireInputs(layers, inputs);
      requireParameters(layers, parameters, dimensionsOf(layers, parameters, inputs));
      return outputs({ layers, parameters, inputs, linalg, label: 'predict' });
    },
    orderParameters(parameters, dimensions, linalg) {
      requireParameters(layers, parameters, dimensions);
      return orderParameters(layers, parameters, linalg);
    },
    apply: (parameters, inputs) => applyGgdln(layers, { parameters, inputs }),
    gradient: (examples, precision, linalg) =>
      gatedProgram(layers, examples, { precision, linalg, where: layers.where }),
    inputWeights: 'W1',
    conditionals: createConditionals(layers),
  };
}
