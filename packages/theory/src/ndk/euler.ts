import { createPacer, inputError, type LinalgBackend, throwIfCancelled } from '@ggdln/core';
import { chooseLinalg, type Matrix, matrix, requireMatrix } from '@ggdln/linalg';
import { type AddHistory, interpolatedHistory } from './interpolated.ts';
import type { NdkNetwork } from './network.ts';
import { type NdkPoints, type NdkProblem, ndkPoints } from './problem.ts';
import { type BaseKernel, twoTimeKernel } from './twoTime.ts';
import type { Watchers } from './volterra.ts';

/**
 * Output of an infinitely wide network under the simulated scheme Θ ← g(Θ − h∇E) + σ√(1−g²) ξ, g = e^{−hT/σ²}, given
 * its output without data: f_n = f_free,n + h Σ_{k<n} K^d(t_n, t_k)[y − f_k]. Exact at any step h, so that a simulation
 * is compared without an error of the step (theory page ndk, section 8 G).
 * @param free Output without data (zeros for the mean): steps × points, training inputs first, then test inputs.
 * @returns The output, steps × points; row n is for time n·h.
 * @throws GGDLN_INPUT for parts that don't fit; GGDLN_CANCELLED.
 */
export async function ndkEulerScheme(
  problem: NdkProblem,
  step: number,
  free: Matrix,
  options: { readonly linalg?: LinalgBackend } & Watchers = {},
): Promise<Matrix> {
  const where = '@ggdln/theory ndkEulerScheme';
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  const points = ndkPoints(where, problem, linalg);
  if (!(step > 0 && Number.isFinite(step))) throw inputError(where, `step is ${step}`, 'Give a finite number > 0');
  const [P, count] = [problem.y.length, points.all.gram.rows];
  requireMatrix(where, 'free (steps × points)', free, { cols: count });
  const out = matrix(free.rows, count, free.data.slice());
  const missing = matrix(free.rows, P);
  const row = (n: number) => out.data.subarray(n * count, (n + 1) * count);
  const addHistory =
    interpolatedHistory(problem.network, points.all, step, free.rows, linalg) ??
    pairByPair(problem.network, points, step);
  const pace = createPacer();
  for (let n = 1; n < free.rows; n++) {
    throwIfCancelled(options.signal, where);
    await pace();
    const past = row(n - 1);
    for (let mu = 0; mu < P; mu++) missing.data[(n - 1) * P + mu] = problem.y[mu] - past[mu];
    addHistory(n, missing.data, row(n));
    options.onProgress?.({ stage: 'simulated scheme', done: n, total: free.rows - 1, unit: 'steps' });
  }
  return out;
}

/** Every kernel on its own. */
function pairByPair(network: NdkNetwork, { train, test }: NdkPoints, step: number): AddHistory {
  const P = train.gram.cols;
  const [onTraining, onTests] = [blockOf(network, train), blockOf(network, test)];
  return (n, r, f) => {
    for (let k = 0; k < n; k++) {
      const past = r.subarray(k * P, (k + 1) * P);
      onTraining(n * step, k * step, step, past, f.subarray(0, P));
      onTests(n * step, k * step, step, past, f.subarray(P));
    }
  };
}

/** f += h K^d(t, t′) r on the rows of a base kernel. */
function blockOf(network: NdkNetwork, base: BaseKernel) {
  const fill = twoTimeKernel(network, base);
  const { rows, cols } = base.gram;
  const kernel = new Float64Array(rows * cols);
  return (t: number, other: number, step: number, r: Float64Array, f: Float64Array) => {
    if (rows === 0) return;
    fill('dynamical', t, other, kernel);
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let mu = 0; mu < cols; mu++) sum += kernel[i * cols + mu] * r[mu];
      f[i] += step * sum;
    }
  };
}
