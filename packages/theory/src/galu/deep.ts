import { inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { columnVector, hadamard, matrix, requireMatrix, scaleRows } from '@ggdln/linalg';
import { galuGates, halfMeanSquare, subtract } from './network.ts';

const where = '@ggdln/theory deepGalu';

/** One hidden layer of n neurons: gates 1[Ux ≥ 0] on the input, weights on the layer below. */
export interface DeepGaluLayer {
  /** Gate vectors, n × d: every layer's gates read the input. */
  readonly U: Matrix;
  /** Weights, n × (neurons of the layer below, d for the lowest). */
  readonly W: Matrix;
}

/** A deep GaLU network of one output. */
export interface DeepGaluNetwork {
  /** Top (readout side) first. */
  readonly layers: readonly DeepGaluLayer[];
  /** Readout weights, one for each neuron of the top layer. */
  readonly a: Float64Array;
}

export interface DeepGaluPass {
  /** f(x), length m. */
  readonly output: Float64Array;
  /** Gated activities h of each layer, m × n, top first. */
  readonly hidden: readonly Matrix[];
  /** The linear map that the network is at each input: f(x_μ) is row μ (of m × d) times x_μ. */
  readonly linearMap: Matrix;
}

export interface DeepGaluGradients {
  /** L = ‖f − y‖²/2m. */
  readonly loss: number;
  /** ∂L/∂a. */
  readonly a: Float64Array;
  /** ∂L/∂W of each layer, top first. */
  readonly W: readonly Matrix[];
}

/**
 * A deep GaLU network at inputs X (m × d): h^l = g^l(x) ∘ (W^l h^(l−1))/√n_{l−1} with h^0 = x and n_0 = d, and
 * f = a·h^L/√n_L (theory page galu, section 1).
 * @throws GGDLN_INPUT for shapes that don't fit.
 */
export function deepGalu(X: Matrix, network: DeepGaluNetwork, linalg: LinalgBackend): DeepGaluPass {
  const { gates, hidden } = ascend(X, network, linalg);
  const { layers, a } = network;
  const sensitivities = descend(network, gates, linalg);
  const lowest = layers[layers.length - 1].W;
  return {
    output: linalg.gemm(hidden[0], columnVector(a), { alpha: 1 / Math.sqrt(a.length) }).data,
    hidden,
    linearMap: linalg.gemm(sensitivities[layers.length - 1], lowest, { alpha: 1 / Math.sqrt(lowest.cols) }),
  };
}

/**
 * Gradients of L = ‖f − y‖²/2m by the weights, the gates being fixed.
 * @param problem Inputs X (m × d) and targets y (length m).
 * @throws GGDLN_INPUT for shapes that don't fit.
 */
export function deepGaluGradients(
  problem: { readonly X: Matrix; readonly y: Float64Array },
  network: DeepGaluNetwork,
  linalg: LinalgBackend,
): DeepGaluGradients {
  const { X, y } = problem;
  const { layers, a } = network;
  requireMatrix(where, 'y (m)', columnVector(y), { rows: X.rows });
  const { gates, hidden } = ascend(X, network, linalg);
  const output = linalg.gemm(hidden[0], columnVector(a), { alpha: 1 / Math.sqrt(a.length) });
  const residual = subtract(output, columnVector(y));
  const sensitivities = descend(network, gates, linalg);
  return {
    loss: halfMeanSquare(residual),
    a: linalg.gemm(hidden[0], residual, { transA: true, alpha: 1 / (X.rows * Math.sqrt(a.length)) }).data,
    W: layers.map(({ W }, t) => {
      const below = hidden[t + 1] ?? X;
      const errors = scaleRows(sensitivities[t], residual.data);
      return linalg.gemm(errors, below, { transA: true, alpha: 1 / (X.rows * Math.sqrt(W.cols)) });
    }),
  };
}

/** Gates and gated activities of every layer, top first. */
function ascend(X: Matrix, network: DeepGaluNetwork, linalg: LinalgBackend): { gates: Matrix[]; hidden: Matrix[] } {
  checkShapes(X, network);
  const gates = network.layers.map(({ U }) => galuGates(X, U));
  const hidden: Matrix[] = [];
  for (let t = network.layers.length - 1; t >= 0; t--) {
    const { W } = network.layers[t];
    const below = hidden[0] ?? X;
    hidden.unshift(hadamard(gates[t], linalg.gemm(below, W, { transB: true, alpha: 1 / Math.sqrt(W.cols) })));
  }
  return { gates, hidden };
}

/** ∂f/∂(activity before its gate) of every layer, m × n, top first. */
function descend({ layers, a }: DeepGaluNetwork, gates: readonly Matrix[], linalg: LinalgBackend): Matrix[] {
  const top = gates[0];
  const readout = matrix(
    top.rows,
    top.cols,
    top.data.map((_, at) => a[at % a.length] / Math.sqrt(a.length)),
  );
  const out = [hadamard(top, readout)];
  for (let t = 1; t < layers.length; t++) {
    const { W } = layers[t - 1];
    out.push(hadamard(gates[t], linalg.gemm(out[t - 1], W, { alpha: 1 / Math.sqrt(W.cols) })));
  }
  return out;
}

function checkShapes(X: Matrix, { layers, a }: DeepGaluNetwork): void {
  requireMatrix(where, 'X (m × d)', X);
  if (layers.length === 0)
    throw inputError(where, 'there are no layers', 'Give one { U, W } a hidden layer, top first');
  layers.forEach(({ U, W }, t) => {
    const below = layers[t + 1]?.U.rows ?? X.cols;
    requireMatrix(where, `layers[${t}].U (n × d)`, U, { cols: X.cols });
    requireMatrix(where, `layers[${t}].W (n × neurons below)`, W, { rows: U.rows, cols: below });
  });
  requireMatrix(where, 'a (neurons of the top layer)', columnVector(a), { rows: layers[0].U.rows });
}
