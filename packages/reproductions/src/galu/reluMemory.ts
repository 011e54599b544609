import { createPacer, type LinalgBackend, type RandomStream, throwIfCancelled } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { createAdam } from './adam.ts';
import { unitVectors } from './unitVectors.ts';

/** A ReLU network of k units and m random labels on the unit sphere of d dimensions. */
interface ReluMemory {
  readonly inputs: number;
  readonly dimension: number;
  readonly units: number;
  /** What is made small: mean squared error, or the mean of ln(1 + exp(−y f)). */
  readonly loss: 'squared' | 'logistic';
  /** Steps of Adam, its rate falling from 0.03 to 0 as a cosine. */
  readonly steps: number;
  readonly rng: RandomStream;
  readonly linalg: LinalgBackend;
  readonly signal?: AbortSignal;
}

/** Mean squared error and wrong signs of Σ_j a_j [w_j · x]₊ on m labels ±1, both layers trained from w ~ N(0, I), a = ±k^(−1/2). */
export async function reluMemory(options: ReluMemory): Promise<{ readonly mse: number; readonly signErrors: number }> {
  const { inputs: m, dimension: d, units: k, loss, steps, rng, linalg, signal } = options;
  const X = unitVectors(m, d, rng.stream('inputs'));
  const y = signs(m, rng.stream('labels'));
  const W = matrix(k, d, rng.stream('weights').fillGaussian(new Float64Array(k * d)));
  const a = signs(k, rng.stream('readout')).map((sign) => sign / Math.sqrt(k));
  const [readout, weights] = [createAdam(k), createAdam(k * d)];
  const pause = createPacer();
  const forward = () => {
    const hidden = linalg.gemm(X, W, { transB: true });
    hidden.data.forEach((drive, i) => {
      hidden.data[i] = Math.max(0, drive);
    });
    return { hidden, f: linalg.gemm(hidden, matrix(k, 1, a)).data };
  };
  for (let step = 0; step < steps; step++) {
    throwIfCancelled(signal, '@ggdln/reproductions');
    const { hidden, f } = forward();
    const error = f.map((value, i) => (loss === 'squared' ? value - y[i] : -y[i] / (1 + Math.exp(y[i] * value))) / m);
    const up = linalg.gemm(hidden, matrix(m, 1, error), { transA: true }).data;
    const back = matrix(
      m,
      k,
      hidden.data.map((h, i) => (h > 0 ? error[Math.floor(i / k)] * a[i % k] : 0)),
    );
    const down = linalg.gemm(back, X, { transA: true }).data;
    const rate = 0.015 * (1 + Math.cos((Math.PI * step) / steps));
    readout(a, up, rate);
    weights(W.data, down, rate);
    await pause();
  }
  const { f } = forward();
  const mse = y.reduce((sum, label, i) => sum + (f[i] - label) ** 2, 0) / m;
  return { mse, signErrors: y.filter((label, i) => label * f[i] <= 0).length };
}

const signs = (count: number, rng: RandomStream): Float64Array =>
  Float64Array.from({ length: count }, () => (rng.uniform() < 0.5 ? -1 : 1));
