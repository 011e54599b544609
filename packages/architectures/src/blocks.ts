import type { GaussianBlock, GramOptions, LinalgBackend, Matrix } from '@ggdln/core';
import { matrix, rowKronecker, scaleRows } from '@ggdln/linalg';
import { cached } from './cache.ts';
import { featureGram, gateGram, hadamardGram } from './grams.ts';
import { widthOf } from './layers.ts';
import { compositeGates } from './network.ts';
import { backward, features, gatesOf, hidden, type Pass, sumOverGates } from './passes.ts';
import { pathWeights } from './pathWeights.ts';

/**
 * The readout given the rest: f_μc = Σ_im h_μi Φ_μm a_imc / √(N M) (theory page ggdln, section 8, first rows). Outputs
 * are independent and share one P × P Gram matrix.
 */
export function readoutBlock(pass: Pass, outputs: number): GaussianBlock {
  const { linalg } = pass;
  const { depth } = pass.layers;
  const h = hidden(pass, depth);
  const gates = gatesOf(pass, depth);
  const alpha = 1 / Math.sqrt(h.cols * gates.cols);
  const columns = gates.cols * outputs;
  return {
    size: h.cols * columns,
    gram: (options) =>
      hadamardGram(
        pass,
        {
          rows: h.rows,
          own: (out) => linalg.syrk(h, { alpha: alpha * alpha, lowerOnly: true, out }),
          other: (memory) => gateGram(pass, depth, memory),
        },
        options,
      ),
    forward: (a) => sumOverGates(gates, linalg.gemm(h, matrix(h.cols, columns, a), { alpha }), outputs).data,
    ...productAdjoint((r) => [h, rowKronecker(gates, matrix(h.rows, outputs, r))], alpha, linalg),
  };
}

/**
 * The weights W_l given the rest: f_μc = Σ_i δ^(l)_(μc)i (W_l G_μ)_i / √(columns of G), G the features of the layer
 * below. All outputs share these weights, so that 𝒜𝒜ᵀ is PC × PC.
 * With the gate index inside W's columns, products with 𝒜 and 𝒜ᵀ are one matrix product each.
 */
export function hiddenBlock(pass: Pass, layer: number, outputs: number): GaussianBlock {
  const { linalg } = pass;
  if (outputs === 1 && composites(pass, layer) < widthOf(pass.layers, layer)) return lowRankBlock(pass, layer);
  const delta = backward(pass, layer);
  const inputs = features(pass, layer - 1);
  const alpha = 1 / Math.sqrt(inputs.cols);
  const gram = (options?: GramOptions) =>
    hadamardGram(
      pass,
      {
        rows: delta.rows,
        own: (out) => linalg.syrk(delta, { alpha: alpha * alpha, lowerOnly: true, out }),
        other: (memory) => featureGram(pass, layer - 1, memory),
      },
      options,
    );
  return bilinearBlock({ delta, inputs, alpha, gram }, linalg);
}

/** D_l, the number of composite gates from the readout down to layer l. */
function composites({ layers, inputs }: Pass, layer: number): number {
  return inputs.gates.slice(0, layers.depth - layer + 1).reduce((product, gates) => product * gates.cols, 1);
}

/**
 * The same block where there are fewer composite gates than units: δ = F u / √(N_l D_l), F the composite gates
 * (P × D_l) and u the path weights (D_l × N_l), has rank D_l, and no product is larger than D_l wide.
 */
function lowRankBlock(pass: Pass, layer: number): GaussianBlock {
  const { cache, label, layers, linalg, parameters } = pass;
  const above = pass.inputs.gates.slice(0, layers.depth - layer + 1);
  const F = cached(cache, `${label} composite gates ${layer}`, above, () => compositeGates(above));
  const u = pathWeights(layers, parameters, layer, linalg, cache);
  const inputs = features(pass, layer - 1);
  const alpha = 1 / Math.sqrt(u.cols * F.cols * inputs.cols);
  return {
    size: u.cols * inputs.cols,
    gram(options) {
      const FU = linalg.gemm(F, linalg.syrk(u, { alpha: alpha * alpha }));
      const own = (out: Matrix) => linalg.gemm(FU, F, { transB: true, out });
      return hadamardGram(
        pass,
        { rows: F.rows, own, other: (memory) => featureGram(pass, layer - 1, memory) },
        options,
      );
    },
    forward: (w) => {
      const branches = linalg.gemm(u, matrix(u.cols, inputs.cols, w), { alpha });
      return rowInner(F, linalg.gemm(inputs, branches, { transB: true }));
    },
    ...productAdjoint((r) => [u, linalg.gemm(scaleRows(F, r), inputs, { transA: true })], alpha, linalg),
  };
}

/** A block of weights W (n × N) on which f_μc = alpha Σ_ij δ_(μc)i W_ij G_μj; `gram` computes its 𝒜𝒜ᵀ. */
export function bilinearBlock(
  parts: {
    readonly delta: Matrix;
    readonly inputs: Matrix;
    readonly alpha: number;
    readonly gram: GaussianBlock['gram'];
  },
  linalg: LinalgBackend,
): GaussianBlock {
  const { delta, inputs, alpha, gram } = parts;
  return {
    size: delta.cols * inputs.cols,
    gram,
    forward: (w) => rowInner(delta, linalg.gemm(inputs, matrix(delta.cols, inputs.cols, w), { transB: true, alpha })),
    ...productAdjoint((r) => [sumCopies(scaleRows(delta, r), inputs.rows), inputs], alpha, linalg),
  };
}

/** 𝒜ᵀr = alpha · AᵀB, with A and B made from r. */
function productAdjoint(
  factors: (residual: Float64Array) => readonly [Matrix, Matrix],
  alpha: number,
  linalg: LinalgBackend,
): Required<Pick<GaussianBlock, 'adjoint' | 'addAdjoint'>> {
  return {
    adjoint: (r) => linalg.gemm(...factors(r), { transA: true, alpha }).data,
    addAdjoint(r, factor, weights) {
      const [a, b] = factors(r);
      const product = { m: a.cols, n: b.cols, k: a.rows, transA: true, alpha: alpha * factor, beta: 1 };
      linalg.multiplyInto(product, a.data, b.data, weights);
    },
  };
}

/** Σ_j A_(μc)j B_μj for every row (μ, c) of A; B has a row for each μ. */
export function rowInner(a: Matrix, b: Matrix): Float64Array {
  const { rows, cols, data } = a;
  const other = b.data;
  const copies = rows / b.rows;
  const out = new Float64Array(rows);
  for (let row = 0, at = 0; row < rows; row++) {
    let sum = 0;
    let from = Math.floor(row / copies) * cols;
    for (let j = 0; j < cols; j++) sum += data[at++] * other[from++];
    out[row] = sum;
  }
  return out;
}

/**
 * A ∘ (B ⊗ 1), written over A (a product that nobody else holds); returns A. Row (μ, c) and column (ν, d) of A meet
 * entry (μ, ν) of B; the numbers of copies are those that the shapes have.
 */
export function multiplyInto(a: Matrix, b: Matrix): Matrix {
  const { data } = a;
  const other = b.data;
  const [down, across] = [a.rows / b.rows, a.cols / b.cols];
  if (down === 1 && across === 1) {
    for (let at = 0; at < data.length; at++) data[at] *= other[at];
    return a;
  }
  for (let row = 0, at = 0; row < a.rows; row++) {
    let from = Math.floor(row / down) * b.cols;
    for (let col = 0; col < b.cols; col++, from++) {
      for (let copy = 0; copy < across; copy++) data[at++] *= other[from];
    }
  }
  return a;
}

/** Σ_c A_(μc)j: the sums of consecutive rows, so that `rows` of them are left. */
function sumCopies(a: Matrix, rows: number): Matrix {
  if (a.rows === rows) return a;
  const out = matrix(rows, a.cols);
  const copies = a.rows / rows;
  for (let row = 0, at = 0; row < a.rows; row++) {
    const to = Math.floor(row / copies) * a.cols;
    for (let j = 0; j < a.cols; j++) out.data[to + j] += a.data[at++];
  }
  return out;
}
