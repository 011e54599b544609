import type { LinalgBackend, Matrix, RandomStream } from '@ggdln/core';

/** Changes some weights, in place, by their gradient. */
export type Update = (theta: Float64Array, gradient: Float64Array) => void;

interface ClassifierOptions {
  readonly inputs: number;
  readonly hidden: number;
  readonly classes: number;
  readonly batch: number;
  /** `relu`: units gate themselves; `fixed`: each by a half-space drawn like its weights, which stays (GaLU). */
  readonly gates: 'relu' | 'fixed';
  /** The rule for each of the arrays of weights, of which it gets the length. */
  update(length: number): Update;
}

/** A network with biases under softmax and cross-entropy. */
export interface Classifier {
  /** One pass over rows of X in order. */
  learn(X: Matrix, labels: Uint8Array): void;
  /** Share of rows whose label is predicted. */
  accuracy(X: Matrix, labels: Uint8Array): number;
}

/** Weights N(0, 2/inputs) and N(0, 1/hidden), biases 0, trained by back-propagation, batch by batch. */
export function createClassifier(options: ClassifierOptions, rng: RandomStream, linalg: LinalgBackend): Classifier {
  const { inputs, hidden, classes, batch } = options;
  const draw = (name: string) =>
    rng.stream(name).fillGaussian(new Float64Array(hidden * inputs), Math.sqrt(2 / inputs));
  const lower = layer(draw('hidden'), hidden, options, linalg);
  const readout = rng.stream('readout').fillGaussian(new Float64Array(classes * hidden), Math.sqrt(1 / hidden));
  const upper = layer(readout, classes, options, linalg);
  const halfSpaces = options.gates === 'fixed' ? layer(draw('gates'), hidden, options, linalg) : undefined;
  const forward = (x: Float64Array, rows: number) => {
    const linear = lower.forward(x, rows);
    const gates = (halfSpaces?.forward(x, rows) ?? linear).map((value) => (value >= 0 ? 1 : 0));
    const h = linear.map((value, i) => gates[i] * value);
    return { gates, h, f: upper.forward(h, rows) };
  };
  return {
    learn(X, labels) {
      for (let from = 0; from < X.rows; from += batch) {
        const rows = Math.min(batch, X.rows - from);
        const x = X.data.slice(from * inputs, (from + rows) * inputs);
        const { gates, h, f } = forward(x, rows);
        const error = softmaxError(f, labels.subarray(from, from + rows), classes);
        const back = upper.backward(error, rows).map((value, i) => gates[i] * value);
        upper.learn(error, h, rows);
        lower.learn(back, x, rows);
      }
    },
    accuracy: (X, labels) => shareRight(forward(X.data.slice(), X.rows).f, labels, classes),
  };
}

/** Softmax regression: no hidden layer, weights and biases from 0. */
export function createSoftmaxRegression(
  options: Pick<ClassifierOptions, 'inputs' | 'classes' | 'batch' | 'update'>,
  linalg: LinalgBackend,
): Classifier {
  const { inputs, classes, batch } = options;
  const only = layer(new Float64Array(classes * inputs), classes, options, linalg);
  return {
    learn(X, labels) {
      for (let from = 0; from < X.rows; from += batch) {
        const rows = Math.min(batch, X.rows - from);
        const x = X.data.slice(from * inputs, (from + rows) * inputs);
        only.learn(softmaxError(only.forward(x, rows), labels.subarray(from, from + rows), classes), x, rows);
      }
    },
    accuracy: (X, labels) => shareRight(only.forward(X.data.slice(), X.rows), labels, classes),
  };
}

/** Share of rows whose largest score is that of their label. */
export function shareRight(scores: Float64Array, labels: Uint8Array, classes: number): number {
  let right = 0;
  for (const [row, label] of labels.entries()) {
    const own = scores.subarray(row * classes, (row + 1) * classes);
    right += own.indexOf(Math.max(...own)) === label ? 1 : 0;
  }
  return right / labels.length;
}

/** An affine map with its learning rules. @param weights m × n, changed in place. */
function layer(weights: Float64Array, m: number, { update }: Pick<ClassifierOptions, 'update'>, linalg: LinalgBackend) {
  const n = weights.length / m;
  const bias = new Float64Array(m);
  const gradients = { weights: new Float64Array(weights.length), bias: new Float64Array(m) };
  const rules = { weights: update(weights.length), bias: update(m) };
  return {
    forward(x: Float64Array, rows: number): Float64Array {
      const out = new Float64Array(rows * m);
      for (let row = 0; row < rows; row++) out.set(bias, row * m);
      linalg.multiplyInto({ m: rows, n: m, k: n, transB: true, beta: 1 }, x, weights, out);
      return out;
    },
    /** Errors of outputs as errors of inputs. */
    backward(error: Float64Array, rows: number): Float64Array {
      const out = new Float64Array(rows * n);
      linalg.multiplyInto({ m: rows, n, k: m }, error, weights, out);
      return out;
    },
    learn(error: Float64Array, x: Float64Array, rows: number): void {
      linalg.multiplyInto({ m, n, k: rows, transA: true, alpha: 1 / rows }, error, x, gradients.weights);
      gradients.bias.fill(0);
      for (let i = 0; i < error.length; i++) gradients.bias[i % m] += error[i] / rows;
      rules.weights(weights, gradients.weights);
      rules.bias(bias, gradients.bias);
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
