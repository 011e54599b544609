import type { GaussianBlock, LinalgBackend, Matrix } from '@ggdln/core';
import { matrix, scaleRows } from '@ggdln/linalg';
import { cached } from './cache.ts';
import { backward, features, gatesOf, hidden, type Pass } from './passes.ts';

/**
 * The readout given the rest: f_μ = Σ_im h_μi Φ_μm a_im / √(N M) (theory page ggdln, section 8, first rows).
 */
export function readoutBlock(pass: Pass): GaussianBlock {
  const { linalg } = pass;
  const { depth } = pass.layers;
  const h = hidden(pass, depth);
  const gates = gatesOf(pass, depth);
  const alpha = 1 / Math.sqrt(h.cols * gates.cols);
  return {
    size: h.cols * gates.cols,
    gram: () => multiplyInto(linalg.syrk(h, { alpha: alpha * alpha }), gateGram(pass, depth)),
    forward: (a) => rowInner(h, linalg.gemm(gates, matrix(h.cols, gates.cols, a), { transB: true, alpha })),
    adjoint: (r) => linalg.gemm(scaleRows(h, r), gates, { transA: true, alpha }).data,
  };
}

/**
 * The weights W_l given the rest: f_μ = Σ_i δ^(l)_μi (W_l G_μ)_i / √(columns of G), G the features of the layer below.
 * With the gate index inside W's columns, products with 𝒜 and 𝒜ᵀ are one matrix product each.
 */
export function hiddenBlock(pass: Pass, layer: number): GaussianBlock {
  const { linalg } = pass;
  const delta = backward(pass, layer);
  const inputs = features(pass, layer - 1);
  const alpha = 1 / Math.sqrt(inputs.cols);
  const gram = () => multiplyInto(linalg.syrk(delta, { alpha: alpha * alpha }), featureGram(pass, layer - 1));
  return bilinearBlock({ delta, inputs, alpha, gram }, linalg);
}

/** A block of weights W (n × N) on which f_μ = alpha Σ_ij δ_μi W_ij G_μj; `gram` computes its 𝒜𝒜ᵀ. */
export function bilinearBlock(
  parts: { readonly delta: Matrix; readonly inputs: Matrix; readonly alpha: number; readonly gram: () => Matrix },
  linalg: LinalgBackend,
): GaussianBlock {
  const { delta, inputs, alpha, gram } = parts;
  return {
    size: delta.cols * inputs.cols,
    gram,
    forward: (w) => rowInner(linalg.gemm(delta, matrix(delta.cols, inputs.cols, w), { alpha }), inputs),
    adjoint: (r) => linalg.gemm(scaleRows(delta, r), inputs, { transA: true, alpha }).data,
  };
}

/** G Gᵀ of the features of a layer, without building them: (ΦΦᵀ) ∘ (hhᵀ). */
function featureGram(pass: Pass, layer: number): Matrix {
  if (layer === 0) return constantGram(pass, 'X', pass.inputs.X);
  return multiplyInto(pass.linalg.syrk(hidden(pass, layer)), gateGram(pass, layer));
}

function gateGram(pass: Pass, layer: number): Matrix {
  return constantGram(pass, `gates${layer}`, gatesOf(pass, layer));
}

function constantGram(pass: Pass, name: string, a: Matrix): Matrix {
  return cached(pass.cache, `${pass.label} gram of ${name}`, [a], () => pass.linalg.syrk(a));
}

/** Σ_j A_μj B_μj for every row μ. */
export function rowInner(a: Matrix, b: Matrix): Float64Array {
  const { rows, cols, data } = a;
  const other = b.data;
  const out = new Float64Array(rows);
  for (let row = 0, at = 0; row < rows; row++) {
    let sum = 0;
    for (let j = 0; j < cols; j++, at++) sum += data[at] * other[at];
    out[row] = sum;
  }
  return out;
}

/** A ∘ B, written over A (a product that nobody else holds); returns A. */
export function multiplyInto(a: Matrix, b: Matrix): Matrix {
  const { data } = a;
  const other = b.data;
  for (let at = 0; at < data.length; at++) data[at] *= other[at];
  return a;
}
