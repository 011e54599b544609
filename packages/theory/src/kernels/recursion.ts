import type { Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import type { Activation } from './activation.ts';

/** A bias-free network of infinite width: x^l = φ(h^l), h^l = W_l x^{l−1}/√N_{l−1}, f = aᵀx^L/√N_L. */
export interface KernelNetwork {
  readonly activation: Activation;
  /** Prior standard deviations of the weights, top (readout) first: [σ_{L+1}, σ_L, …, σ_1]; L + 1 numbers. */
  readonly sigmas: readonly number[];
}

/**
 * Which kernel. `nngp`: the prior covariance of f. `ntk`: Σ_θ ∂_θf(x) ∂_θf(x′) over the weights themselves, of standard
 * deviation σ_l. `ntk-unit-variance`: the same over weights of standard deviation 1 that are multiplied by σ_l in the
 * forward pass; for equal σ it is σ² times `ntk`.
 */
export type KernelKind = 'nngp' | 'ntk' | 'ntk-unit-variance';

/** Prior variances of the preactivations on some inputs: entry (l, i) is Σ_{l+1}(x_i, x_i). L × inputs. */
export type Variances = Matrix;

/** σ_1², …, σ_{L+1}²: from the bottom up, as the recursion runs. */
function weightVariances({ sigmas }: KernelNetwork): number[] {
  return sigmas.map((sigma) => sigma * sigma).reverse();
}

/** ‖x_i‖²/N0 of every row. */
export function squareNorms(X: Matrix): Float64Array {
  const out = new Float64Array(X.rows);
  for (let i = 0; i < X.rows; i++) {
    let sum = 0;
    for (let j = i * X.cols; j < (i + 1) * X.cols; j++) sum += X.data[j] * X.data[j];
    out[i] = sum / X.cols;
  }
  return out;
}

/** The variances of all layers, which the recursion of every pair of inputs needs. */
export function layerVariances(network: KernelNetwork, norms: Float64Array): Variances {
  const variances = weightVariances(network);
  const depth = variances.length - 1;
  const out = matrix(depth, norms.length);
  for (let i = 0; i < norms.length; i++) {
    let q = norms[i];
    for (let l = 0; l < depth; l++) {
      const k = variances[l] * q;
      out.data[l * norms.length + i] = k;
      q = network.activation.moment(k, k, k);
    }
  }
  return out;
}

/**
 * Replaces inner products by kernels, entry by entry and in place, so that no layer's kernel is ever stored.
 * @param q Holds x_i·x_j/N0 of rows i and columns j.
 * @param rows Variances of the rows' inputs. @param columns Variances of the columns' inputs.
 */
export function recurse(
  network: KernelNetwork,
  kind: KernelKind,
  q: Matrix,
  rows: Variances,
  columns: Variances,
): void {
  const pair = pairRecursion(network, kind, rows, columns);
  for (let i = 0, at = 0; i < q.rows; i++) {
    for (let j = 0; j < q.cols; j++, at++) q.data[at] = pair(q.data[at], i, j);
  }
}

/** The kernel of one pair from its x·x′/N0; section 6, equation 9. */
function pairRecursion(network: KernelNetwork, kind: KernelKind, rows: Variances, columns: Variances) {
  const { activation } = network;
  const variances = weightVariances(network);
  const depth = variances.length - 1;
  const unit = kind === 'ntk-unit-variance';
  return (inner: number, i: number, j: number): number => {
    let q = inner;
    let tangent = unit ? variances[0] * inner : inner;
    for (let l = 0; l < depth; l++) {
      const [k11, k12, k22] = [rows.data[l * rows.cols + i], variances[l] * q, columns.data[l * columns.cols + j]];
      q = activation.moment(k11, k12, k22);
      if (kind === 'nngp') continue;
      const lower = activation.derivativeMoment(k11, k12, k22) * tangent;
      tangent = unit ? variances[l + 1] * (q + lower) : q + variances[l + 1] * lower;
    }
    return kind === 'nngp' ? variances[depth] * q : tangent;
  };
}
