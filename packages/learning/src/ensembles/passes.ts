import { unitActivations } from '@ggdln/architectures';
import type { FlatArray, FlatArrayConstructor, LinalgBackend } from '@ggdln/core';
import type { EnsembleNetwork } from './network.ts';

/** Weights of some networks, one after the other in every array. */
export interface EnsembleWeights<Numbers extends FlatArray> {
  readonly count: number;
  /** count × N. */
  readonly a: Numbers;
  /** W^1, …, W^L; each count × N × (N0 or N). */
  readonly layers: readonly Numbers[];
}

export function emptyWeights<Numbers extends FlatArray>(
  { depth, width }: EnsembleNetwork,
  inputs: number,
  count: number,
  precision: FlatArrayConstructor<Numbers>,
): EnsembleWeights<Numbers> {
  const layers = Array.from({ length: depth }, (_, l) => new precision(count * width * (l === 0 ? inputs : width)));
  return { count, a: new precision(count * width), layers };
}

/**
 * Passes of many networks over the same examples. Activities are kept units × examples, network after network, so that
 * the first layer of all networks, where the work is at one hidden layer, is one matrix product each way.
 */
export class EnsemblePass<Numbers extends FlatArray> {
  readonly #network: EnsembleNetwork;
  readonly #rows: number;
  readonly #inputs: number;
  readonly #linalg: LinalgBackend;
  /** Inputs, rows × N0. */
  readonly #X: Numbers;
  readonly #values: readonly Numbers[];
  readonly #slopes: readonly Numbers[];
  readonly #delta: readonly Numbers[];
  /** count × rows. */
  readonly outputs: Numbers;

  constructor(
    network: EnsembleNetwork,
    X: { readonly rows: number; readonly cols: number; readonly data: Float64Array },
    count: number,
    precision: FlatArrayConstructor<Numbers>,
    linalg: LinalgBackend,
  ) {
    const { depth, width } = network;
    this.#network = network;
    this.#rows = X.rows;
    this.#inputs = X.cols;
    this.#linalg = linalg;
    this.#X = precision.from(X.data);
    const perLayer = () => Array.from({ length: depth }, () => new precision(count * width * X.rows));
    this.#values = perLayer();
    this.#slopes = perLayer();
    this.#delta = perLayer();
    this.outputs = new precision(count * X.rows);
  }

  /** φ(h^L), count × N × rows, as the last pass left it. */
  get features(): Numbers {
    return this.#values[this.#values.length - 1];
  }

  /** Outputs of all networks, count × rows. */
  forward({ count, a, layers }: EnsembleWeights<Numbers>): Numbers {
    const { activation, depth, width } = this.#network;
    const [rows, inputs] = [this.#rows, this.#inputs];
    const first = { m: count * width, n: rows, k: inputs, transB: true, alpha: 1 / Math.sqrt(inputs) };
    this.#linalg.multiplyInto(first, layers[0], this.#X, this.#values[0]);
    unitActivations[activation].apply(this.#values[0], this.#slopes[0]);
    for (let l = 1; l < depth; l++) {
      const product = { m: width, n: rows, k: width, alpha: 1 / Math.sqrt(width) };
      for (let s = 0; s < count; s++) {
        const offsets = { a: s * width * width, b: s * width * rows, c: s * width * rows };
        this.#linalg.multiplyInto({ ...product, offsets }, layers[l], this.#values[l - 1], this.#values[l]);
      }
      unitActivations[activation].apply(this.#values[l], this.#slopes[l]);
    }
    this.readOut(a, count, this.outputs);
    return this.outputs;
  }

  /** Σ_i a_i φ_i/√N of each network with given readouts, on the features of the last pass. */
  readOut(a: Numbers, count: number, out: FlatArray): void {
    const { width } = this.#network;
    const rows = this.#rows;
    const phi = this.features;
    const scale = 1 / Math.sqrt(width);
    for (let s = 0; s < count; s++) {
      for (let mu = 0; mu < rows; mu++) {
        let sum = 0;
        for (let i = 0, at = s * width * rows + mu; i < width; i++, at += rows) sum += a[s * width + i] * phi[at];
        out[s * rows + mu] = scale * sum;
      }
    }
  }

  /** ∇E into `gradient`, from what `forward` left at the same weights. @param residuals f − y, count × rows. */
  backward(weights: EnsembleWeights<Numbers>, residuals: Numbers, gradient: EnsembleWeights<Numbers>): void {
    const { activation, depth, width } = this.#network;
    const [rows, inputs] = [this.#rows, this.#inputs];
    const { count } = weights;
    const unit = unitActivations[activation];
    const slopes = (l: number) => (unit.slopesFromValues ? this.#values[l] : this.#slopes[l]);
    this.#top(weights.a, count, residuals, gradient.a);
    for (let l = depth - 1; l >= 0; l--) {
      const delta = this.#delta[l];
      unit.chain(slopes(l), delta);
      if (l === 0) {
        const product = { m: count * width, n: inputs, k: rows, alpha: 1 / Math.sqrt(inputs) };
        this.#linalg.multiplyInto(product, delta, this.#X, gradient.layers[0]);
        break;
      }
      const alpha = 1 / Math.sqrt(width);
      for (let s = 0; s < count; s++) {
        const [W, h] = [s * width * width, s * width * rows];
        const outer = { m: width, n: width, k: rows, transB: true, alpha, offsets: { a: h, b: h, c: W } };
        this.#linalg.multiplyInto(outer, delta, this.#values[l - 1], gradient.layers[l]);
        const back = { m: width, n: rows, k: width, transA: true, alpha, offsets: { a: W, b: h, c: h } };
        this.#linalg.multiplyInto(back, weights.layers[l], delta, this.#delta[l - 1]);
      }
    }
  }

  /** ∂E/∂a, and ∂E/∂φ of the top layer. */
  #top(a: Numbers, count: number, residuals: Numbers, into: Numbers): void {
    const { width } = this.#network;
    const rows = this.#rows;
    const phi = this.features;
    const delta = this.#delta[this.#delta.length - 1];
    const scale = 1 / Math.sqrt(width);
    for (let s = 0; s < count; s++) {
      for (let i = 0; i < width; i++) {
        const unit = s * width + i;
        const weight = scale * a[unit];
        let sum = 0;
        for (let mu = 0, at = unit * rows; mu < rows; mu++, at++) {
          const r = residuals[s * rows + mu];
          sum += r * phi[at];
          delta[at] = weight * r;
        }
        into[unit] = scale * sum;
      }
    }
  }
}
