import { inputError, type LinalgBackend } from '@ggdln/core';
import { chooseLinalg, type Matrix, matrix, requireMatrix } from '@ggdln/linalg';
import { type NdkProblem, ndkPoints } from './problem.ts';
import { twoTimeKernel } from './twoTime.ts';

/**
 * Output of an infinitely wide network under the simulated scheme Θ ← g(Θ − h∇E) + σ√(1−g²) ξ, g = e^{−hT/σ²}, given
 * its output without data: f_n = f_free,n + h Σ_{k<n} K^d(t_n, t_k)[y − f_k]. Exact at any step h, so that a simulation
 * is compared without an error of the step (theory page ndk, section 8 G).
 * @param free Output without data (zeros for the mean): steps × points, training inputs first, then test inputs.
 * @returns The output, steps × points; row n is for time n·h.
 * @throws GGDLN_INPUT for parts that don't fit.
 */
export async function ndkEulerScheme(
  problem: NdkProblem,
  step: number,
  free: Matrix,
  options: { readonly linalg?: LinalgBackend } = {},
): Promise<Matrix> {
  const where = '@ggdln/theory ndkEulerScheme';
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  const points = ndkPoints(where, problem, linalg);
  if (!(step > 0 && Number.isFinite(step))) throw inputError(where, `step is ${step}`, 'Give a finite number > 0');
  const [P, count] = [problem.y.length, points.all.gram.rows];
  requireMatrix(where, 'free (steps × points)', free, { cols: count });
  const fill = twoTimeKernel(problem.network, points.all);
  const kernel = new Float64Array(count * P);
  const out = matrix(free.rows, count, free.data.slice());
  for (let n = 1; n < free.rows; n++) {
    for (let k = 0; k < n; k++) {
      fill('dynamical', n * step, k * step, kernel);
      for (let i = 0; i < count; i++) {
        let sum = 0;
        for (let mu = 0; mu < P; mu++) sum += kernel[i * P + mu] * (problem.y[mu] - out.data[k * count + mu]);
        out.data[n * count + i] += step * sum;
      }
    }
  }
  return out;
}
