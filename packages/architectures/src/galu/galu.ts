import {
  type Architecture,
  type ConditionallyGaussian,
  type GatedInputs,
  type GaussianBlock,
  inputError,
  type Matrix,
  unknownNameError,
  type Parameters as Weights,
} from '@ggdln/core';
import { identity, matrix, requireMatrix } from '@ggdln/linalg';
import { expandDims, matMul, mul, reshape, sum, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { bilinearBlock, multiplyInto, rowInner } from '../blocks.ts';
import { gaussianPredictor, requireTargets } from '../gaussianPredictor.ts';
import { galuProgram } from '../gradients/galuProgram.ts';

const where = '@ggdln/architectures createGalu';

/** Options of `createGalu`. */
export interface GaluOptions {
  /** Prior standard deviation σ of every weight. */
  readonly sigma: number;
}

/** A GaLU network with what it has beyond the required members of an architecture. */
export type GaluNetwork = Architecture<Tensor> &
  Required<Pick<Architecture<Tensor>, 'apply' | 'gradient' | 'inputWeights' | 'conditionals'>>;

/** P × d inputs with P × k gates. */
interface Sizes {
  readonly k: number;
  readonly d: number;
  readonly gates: Matrix;
}

/**
 * A layer of gated linear units (Fiat, Malach and Shalev-Shwartz 2019, arXiv:1906.05032; theory page galu, sections 1
 * and 7): f_c(x) = Σ_j g_j(x) W_cj·x / √(k d), one neuron with weights of its own for each of the k gates. Linear in
 * its weights, so its posterior is Gaussian. Output weights α = ±1 would change nothing under a symmetric prior.
 *
 * One parameter, row-major: `W` k × d (C × k × d for several outputs). The number of neurons is that of the gates, and
 * the width of its one hidden layer is 1 unit a gate. Gates of the paper: half-spaces through the origin.
 * @throws GGDLN_INPUT for a σ that no network has.
 */
export function createGalu({ sigma }: GaluOptions): GaluNetwork {
  if (!Number.isFinite(sigma) || sigma <= 0) {
    throw inputError(where, `sigma is ${sigma}`, 'Give the standard deviation of a weight, a finite number > 0');
  }
  return {
    family: 'galu',
    widths: [1],
    sigma,
    shapes({ inputs, gates, outputs }) {
      for (const [name, count] of Object.entries({ inputs, outputs, gates: requireOneLayer(gates) })) {
        if (!Number.isInteger(count) || count < 1) {
          throw inputError(where, `the number of ${name} is ${count}`, 'It must be a whole number ≥ 1');
        }
      }
      return { W: outputs === 1 ? [gates[0], inputs] : [outputs, gates[0], inputs] };
    },
    predict(parameters, inputs, linalg) {
      const { k, d, gates } = sizesOf(inputs);
      const outputs = outputsOf(parameters, k, d);
      const alpha = 1 / Math.sqrt(k * d);
      const out = matrix(gates.rows, outputs);
      for (let c = 0; c < outputs; c++) {
        const W = matrix(k, d, parameters.W.subarray(c * k * d, (c + 1) * k * d));
        rowInner(gates, linalg.gemm(inputs.X, W, { transB: true, alpha })).forEach((value, row) => {
          out.data[row * outputs + c] = value;
        });
      }
      return out;
    },
    apply: applyGalu,
    gradient(examples, precision, linalg) {
      sizesOf(examples.inputs);
      return galuProgram(examples, { precision, linalg, where });
    },
    inputWeights: 'W',
    conditionals: conditionals(sigma),
  };
}

/** The forward pass in tensor operations that all have gradients, P × C. */
function applyGalu(
  parameters: { readonly [name: string]: Tensor },
  inputs: { readonly X: Tensor; readonly gates: readonly Tensor[] },
): Tensor {
  const { W } = parameters;
  if (W === undefined) throw inputError(where, 'apply lacks the parameter W', 'Give all that shapes() names');
  requireOneLayer(inputs.gates);
  const [gates] = inputs.gates;
  const [rows, k] = gates.shape as [number, number];
  const d = inputs.X.shape[1] as number;
  return tidy(() => {
    const linear = matMul(inputs.X, reshape(W, [W.size / d, d]), false, true);
    const branches = mul(reshape(linear, [rows, W.size / (k * d), k]), expandDims(gates, 1));
    return mul(sum(branches, 2), 1 / Math.sqrt(k * d));
  });
}

/** All weights are one Gaussian block, in which the outputs are independent and share a P × P Gram matrix. */
function conditionals(sigma: number): ConditionallyGaussian {
  const blocks = ['W'];
  return {
    blocks,
    block(name, parameters, train, linalg) {
      if (!blocks.includes(name)) throw unknownNameError(where, 'block of weights', name, blocks);
      const { k, d, gates } = sizesOf(train);
      const alpha = 1 / Math.sqrt(k * d);
      const gram = () => multiplyInto(linalg.syrk(gates, { alpha: alpha * alpha }), linalg.syrk(train.X));
      const single = bilinearBlock({ delta: gates, inputs: train.X, alpha, gram }, linalg);
      return forEachOutput(single, outputsOf(parameters, k, d));
    },
    conditionalPredictor(parameters, problem, linalg, cache) {
      const { k, d } = sizesOf(problem.train);
      const outputs = outputsOf(parameters, k, d);
      sizesOf(problem.test);
      requireTargets(where, problem, outputs);
      const each = columns(problem.y, outputs).map((y) =>
        gaussianPredictor({ U1: identity(k), sigma, outputs: 1 }, { ...problem, y }, linalg, cache),
      );
      return {
        mean: interleave(each.map(({ mean }) => mean)),
        variance: interleave(each.map(({ variance }) => variance)),
      };
    },
  };
}

/** The block of all outputs from that of one: weights of output c stand together, rows are (μ, c). */
function forEachOutput(single: GaussianBlock, outputs: number): GaussianBlock {
  if (outputs === 1) return single;
  const { size } = single;
  return {
    size: size * outputs,
    gram: single.gram,
    forward: (weights) =>
      interleave(Array.from({ length: outputs }, (_, c) => single.forward(weights.subarray(c * size, (c + 1) * size)))),
    adjoint(residual) {
      const weights = new Float64Array(size * outputs);
      for (const [c, r] of columns(residual, outputs).entries()) weights.set(single.adjoint(r), c * size);
      return weights;
    },
  };
}

/** The columns of a P × C matrix given row by row. */
function columns(values: Float64Array, count: number): Float64Array[] {
  return Array.from({ length: count }, (_, c) => values.filter((_value, i) => i % count === c));
}

/** The rows of a P × C matrix one after the other, from its columns. */
function interleave(parts: readonly Float64Array[]): Float64Array {
  const count = parts.length;
  return Float64Array.from({ length: parts[0].length * count }, (_, i) => parts[i % count][Math.floor(i / count)]);
}

function sizesOf({ X, gates }: GatedInputs): Sizes {
  requireOneLayer(gates);
  requireMatrix(where, 'X (P × d)', X);
  requireMatrix(where, 'the gates (P × k)', gates[0], { rows: X.rows });
  return { k: gates[0].cols, d: X.cols, gates: gates[0] };
}

function outputsOf({ W }: Weights, k: number, d: number): number {
  const outputs = (W?.length ?? 0) / (k * d);
  if (!(W instanceof Float64Array) || !Number.isInteger(outputs) || outputs < 1) {
    throw inputError(
      where,
      `parameter W ${W instanceof Float64Array ? `has ${W.length} numbers` : 'is not a Float64Array'}`,
      `It should hold ${k} gates × ${d} inputs = ${k * d} numbers for each output`,
    );
  }
  return outputs;
}

/** @returns The only element. */
function requireOneLayer<Layer>(gates: readonly Layer[]): Layer {
  if (gates.length !== 1) {
    throw inputError(where, `gates are given for ${gates.length} layers`, 'Give those of one layer, P × k');
  }
  return gates[0];
}
