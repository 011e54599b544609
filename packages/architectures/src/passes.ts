import type { GatedInputs, LinalgBackend, Matrix, Parameters, ProductCache } from '@ggdln/core';
import { matrix, rowKronecker, transpose } from '@ggdln/linalg';
import { cached } from './cache.ts';
import { type Layers, widthOf } from './layers.ts';
import { weightMatrix } from './network.ts';

/** A network at given weights and inputs; what passes through it is computed when asked for. */
export interface Pass {
  readonly layers: Layers;
  readonly parameters: Parameters;
  readonly inputs: GatedInputs;
  readonly linalg: LinalgBackend;
  /** Begins the names of kept products, e.g. `train`. */
  readonly label: string;
  readonly cache?: ProductCache;
}

/** Φ^(l). */
export function gatesOf(pass: Pass, layer: number): Matrix {
  return pass.inputs.gates[pass.layers.depth - layer];
}

/** h^(l), P × N_l, with its normalisation: hidden layer l before its gates. h^(0) is X. */
export function hidden(pass: Pass, layer: number): Matrix {
  if (layer === 0) return pass.inputs.X;
  const { layers, linalg, parameters } = pass;
  return cached(pass.cache, `${pass.label} h${layer}`, forwardSources(pass, layer), () => {
    const below = features(pass, layer - 1);
    const alpha = 1 / Math.sqrt(below.cols);
    // Samplers turn inputs so that they are triangular, which saves half of their largest product.
    const lowerA = layer === 1 && cached(pass.cache, `${pass.label} is lower`, [below], () => isLower(below));
    return linalg.gemm(below, weightMatrix(layers, parameters, `W${layer}`), { transB: true, alpha, lowerA });
  });
}

/**
 * What the units above layer l are linear in: the gated activities Φ^(l)_m h^(l)_j, P × M_l·N_l, gate index slowest;
 * X itself for l = 0. The normalisation 1/√(columns) is left to the caller.
 */
export function features(pass: Pass, layer: number): Matrix {
  if (layer === 0) return pass.inputs.X;
  return cached(pass.cache, `${pass.label} features${layer}`, forwardSources(pass, layer), () =>
    rowKronecker(gatesOf(pass, layer), hidden(pass, layer)),
  );
}

/** δ^(l) = ∂f_c/∂h^(l), PC × N_l, a row for each (μ, c). */
export function backward(pass: Pass, layer: number): Matrix {
  const { layers, linalg, parameters } = pass;
  const gates = gatesOf(pass, layer);
  const units = widthOf(layers, layer);
  const alpha = 1 / Math.sqrt(units * gates.cols);
  return cached(pass.cache, `${pass.label} delta${layer}`, backwardSources(pass, layer), () => {
    if (layer === layers.depth) {
      // a_imc with rows m and columns (c, i), so that the product already has a row for each (μ, c).
      const readout = transpose(weightMatrix(layers, parameters, 'a'));
      const product = linalg.gemm(gates, matrix(gates.cols, readout.data.length / gates.cols, readout.data), { alpha });
      return matrix(product.data.length / units, units, product.data);
    }
    const above = backward(pass, layer + 1);
    const weights = weightMatrix(layers, parameters, `W${layer + 1}`);
    return sumOverGates(gates, linalg.gemm(above, weights, { alpha }), units);
  });
}

/** Outputs, P × C. */
export function outputs(pass: Pass): Matrix {
  const { layers, linalg, parameters } = pass;
  const { depth } = layers;
  const gates = gatesOf(pass, depth);
  const alpha = 1 / Math.sqrt(widthOf(layers, depth) * gates.cols);
  const readout = weightMatrix(layers, parameters, 'a');
  return sumOverGates(gates, linalg.gemm(hidden(pass, depth), readout, { alpha }), readout.cols / gates.cols);
}

/** Σ_m Φ_μm B_(μc),(m,j) for B of PC × M·n: PC × n. */
export function sumOverGates(gates: Matrix, b: Matrix, n: number): Matrix {
  const out = matrix(b.rows, n);
  const copies = b.rows / gates.rows;
  for (let row = 0; row < b.rows; row++) {
    const sums = out.data.subarray(row * n, (row + 1) * n);
    const at = Math.floor(row / copies) * gates.cols;
    for (let m = 0; m < gates.cols; m++) {
      const gate = gates.data[at + m];
      if (gate === 0) continue;
      const branch = b.data.subarray(row * b.cols + m * n, row * b.cols + (m + 1) * n);
      for (let j = 0; j < n; j++) sums[j] += gate * branch[j];
    }
  }
  return out;
}

/** Whether all is 0 above the diagonal. */
function isLower({ rows, cols, data }: Matrix): boolean {
  for (let row = 0; row < rows; row++) {
    for (let at = row * cols + row + 1; at < (row + 1) * cols; at++) if (data[at] !== 0) return false;
  }
  return true;
}

function forwardSources(pass: Pass, layer: number): readonly unknown[] {
  const { depth } = pass.layers;
  const weights = Array.from({ length: layer }, (_, i) => pass.parameters[`W${i + 1}`]);
  return [pass.inputs.X, ...pass.inputs.gates.slice(depth - layer), ...weights];
}

function backwardSources(pass: Pass, layer: number): readonly unknown[] {
  const { depth } = pass.layers;
  const weights = Array.from({ length: depth - layer }, (_, i) => pass.parameters[`W${depth - i}`]);
  return [...pass.inputs.gates.slice(0, depth - layer + 1), pass.parameters.a, ...weights];
}
