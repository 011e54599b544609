import type { LinalgBackend, Matrix, RandomStream } from '@ggdln/core';

/** Sizes of a network 784-hidden-classes, its step size and batch. */
interface SgdOptions {
  readonly inputs: number;
  readonly hidden: number;
  readonly classes: number;
  readonly rate: number;
  readonly batch: number;
}

/** A ReLU network with biases under softmax and cross-entropy, trained by plain SGD: what forgetting is compared with. */
export interface SgdNetwork {
  /** One pass over rows of X in order. */
  learn(X: Matrix, labels: Uint8Array): void;
  /** The class of each row. */
  classify(X: Matrix): Uint8Array;
}

/** Weights N(0, 2/inputs) and N(0, 1/hidden), biases 0. */
export function sgdNetwork(options: SgdOptions, rng: RandomStream, linalg: LinalgBackend): SgdNetwork {
  const { inputs, hidden, classes, rate, batch } = options;
  const W = rng.stream('hidden').fillGaussian(new Float64Array(hidden * inputs), Math.sqrt(2 / inputs));
  const A = rng.stream('readout').fillGaussian(new Float64Array(classes * hidden), Math.sqrt(1 / hidden));
  const [b, c] = [new Float64Array(hidden), new Float64Array(classes)];
  const layer = (x: Float64Array, rows: number, weights: Float64Array, bias: Float64Array) => {
    const [n, k] = [bias.length, weights.length / bias.length];
    const out = new Float64Array(rows * n);
    for (let row = 0; row < rows; row++) out.set(bias, row * n);
    linalg.multiplyInto({ m: rows, n, k, transB: true, beta: 1 }, x, weights, out);
    return out;
  };
  const forward = (x: Float64Array, rows: number) => {
    const h = layer(x, rows, W, b).map((value) => Math.max(0, value));
    return { h, f: layer(h, rows, A, c) };
  };
  /** weights ← weights − rate/rows · errorᵀ input, and its bias. */
  const descend = (
    weights: Float64Array,
    bias: Float64Array,
    error: Float64Array,
    input: Float64Array,
    rows: number,
  ) => {
    const [m, n] = [bias.length, weights.length / bias.length];
    const alpha = -rate / rows;
    for (let i = 0; i < error.length; i++) bias[i % m] += alpha * error[i];
    linalg.multiplyInto({ m, n, k: rows, transA: true, alpha, beta: 1 }, error, input, weights);
  };
  return {
    learn(X, labels) {
      for (let from = 0; from < X.rows; from += batch) {
        const rows = Math.min(batch, X.rows - from);
        const x = X.data.slice(from * inputs, (from + rows) * inputs);
        const { h, f } = forward(x, rows);
        const error = softmaxError(f, labels.subarray(from, from + rows), classes);
        const back = new Float64Array(h.length);
        linalg.multiplyInto({ m: rows, n: hidden, k: classes }, error, A, back);
        for (let i = 0; i < h.length; i++) if (h[i] <= 0) back[i] = 0;
        descend(A, c, error, h, rows);
        descend(W, b, back, x, rows);
      }
    },
    classify(X) {
      const { f } = forward(X.data.slice(), X.rows);
      return Uint8Array.from({ length: X.rows }, (_, row) => {
        const scores = f.subarray(row * classes, (row + 1) * classes);
        return scores.indexOf(Math.max(...scores));
      });
    },
  };
}

/** ∂ cross-entropy/∂f = softmax(f) − one-hot, written over f. */
function softmaxError(f: Float64Array, labels: Uint8Array, classes: number): Float64Array {
  for (const [row, label] of labels.entries()) {
    const scores = f.subarray(row * classes, (row + 1) * classes);
    const highest = Math.max(...scores);
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      scores[k] = Math.exp(scores[k] - highest);
      sum += scores[k];
    }
    for (let k = 0; k < classes; k++) scores[k] = scores[k] / sum - (k === label ? 1 : 0);
  }
  return f;
}
