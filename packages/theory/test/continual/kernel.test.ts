import { createRandom } from '@ggdln/core';
import { type Matrix, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { continualKernel, continualLimit } from '../../src/continual/index.ts';
import { linearActivation } from '../../src/kernels/index.ts';
import { backends, distance, gaussianMatrix } from '../helpers.ts';

const linalg = (await backends()).at(-1)!;
const rng = createRandom('continual kernel');
const tasks = [0, 1, 2].map((t) => ({
  X: gaussianMatrix(rng.stream(`X${t}`), 3, 8),
  y: rng.stream(`y${t}`).fillGaussian(new Float64Array(3)),
}));
const inner = (X: Matrix, Z: Matrix) => linalg.gemm(X, Z, { transB: true });

describe('continualKernel', () => {
  it('with the tangent kernel is continualLimit, whatever the kernel’s factor', async () => {
    const network = { activation: linearActivation, depth: 1 };
    const limit = await continualLimit({ network, tasks }, { sigma2: 1, mode: 'gradient' }, { linalg });
    const found = await continualKernel({ tasks }, inner, { linalg });
    found.mean.forEach((f, s) => {
      expect(distance(f.data, limit.mean[s].data)).toBeLessThan(1e-10);
      expect(distance(found.variance[s].data, new Float64Array(9))).toBe(0);
    });
  });

  it('with gates that no two tasks share forgets nothing and transfers nothing', async () => {
    const apart = (X: Matrix, Z: Matrix) => (X === Z ? inner(X, Z) : matrix(X.rows, Z.rows));
    const { mean } = await continualKernel({ tasks }, apart, { linalg });
    mean.forEach((f, s) => {
      for (let t = 0; t < 3; t++) {
        const row = f.data.slice(3 * t, 3 * t + 3);
        expect(distance(row, t < s ? new Float64Array(3) : tasks[s].y)).toBeLessThan(1e-10);
      }
    });
  });

  it('names a task whose kernel is singular', async () => {
    const flat = (X: Matrix, Z: Matrix) => matrix(X.rows, Z.rows, new Float64Array(X.rows * Z.rows).fill(1));
    await expect(continualKernel({ tasks }, flat, { linalg })).rejects.toThrow(
      /the kernel of task 1 \(3 inputs\) is singular.*Give a jitter/,
    );
  });
});
