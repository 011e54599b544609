import { createMlp } from '@ggdln/architectures';
import { createPacer, type LinalgBackend, type RandomStream, throwIfCancelled } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { createAdam } from './adam.ts';

/** A ReLU network of k units and m random labels on the unit sphere of d dimensions. */
interface ReluMemory {
  readonly inputs: number;
  readonly dimension: number;
  readonly units: number;
  /** Steps of Adam, its rate falling from 0.03 to 0 as a cosine. */
  readonly steps: number;
  readonly rng: RandomStream;
  readonly linalg: LinalgBackend;
  readonly signal?: AbortSignal;
}

/** Mean squared error on m labels ±1 of Σ_j a_j [w_j · x]₊, both layers trained from w ~ N(0, I), a = ±k^(−1/2). */
export async function reluMemory(options: ReluMemory): Promise<{ readonly mse: number; readonly signErrors: number }> {
  const { inputs: m, dimension: d, units: k, steps, rng, linalg, signal } = options;
  const X = matrix(m, d, rng.stream('inputs').fillGaussian(new Float64Array(m * d)));
  // The network divides by √d, so that inputs of norm √d are the unit sphere's.
  for (let row = 0; row < m; row++) {
    const x = X.data.subarray(row * d, (row + 1) * d);
    const norm = Math.hypot(...x);
    for (let i = 0; i < d; i++) x[i] *= Math.sqrt(d) / norm;
  }
  const signs = (count: number, name: string) => {
    const stream = rng.stream(name);
    return Float64Array.from({ length: count }, () => (stream.uniform() < 0.5 ? -1 : 1));
  };
  const Y = matrix(m, 1, signs(m, 'labels'));
  const network = createMlp({ depth: 1, width: k, sigma: 1, activation: 'relu' });
  const ones = matrix(m, 1, new Float64Array(m).fill(1));
  const program = network.gradient({ inputs: { X, gates: [ones] }, targets: Y }, Float64Array, linalg);
  const theta = new Float64Array(program.size);
  theta.set(signs(k, 'readout'));
  theta.set(rng.stream('weights').fillGaussian(new Float64Array(k * d)), k);
  const gradient = new Float64Array(program.size);
  // The readout is kept √k times larger than a, and moves as much faster.
  const [readout, weights] = [createAdam(k), createAdam(k * d)];
  const pause = createPacer();
  for (let step = 0; step < steps; step++) {
    throwIfCancelled(signal, '@ggdln/reproductions');
    program.evaluate(theta, gradient);
    const rate = 0.015 * (1 + Math.cos((Math.PI * step) / steps));
    readout(theta.subarray(0, k), gradient.subarray(0, k), rate * Math.sqrt(k));
    weights(theta.subarray(k), gradient.subarray(k), rate);
    await pause();
  }
  const f = program.outputs(theta);
  const mse = Y.data.reduce((sum, y, i) => sum + (f[i] - y) ** 2, 0) / m;
  return { mse, signErrors: Y.data.filter((y, i) => y * f[i] <= 0).length };
}
