import { createRandom } from '@ggdln/core';
import { createMlMatrixBackend, type Matrix, matrix, toRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { type GgdlnProblem, ggdlnActionAt, infiniteWidthPredictor, solveGgdln } from '../src/index.ts';
import { distance, gaussianMatrix, orthogonalMatrix, randomProblem, rotate } from './helpers.ts';

const linalg = createMlMatrixBackend();
const options = { linalg, tolerance: 1e-11 };
const solve = (problem: GgdlnProblem) => solveGgdln(problem, options);

describe('several outputs (section 4)', () => {
  it('turning the targets turns means and U', async () => {
    const problem = randomProblem({ outputs: 3, gates: [2, 2], P: 10 });
    const R = orthogonalMatrix(createRandom(9), 3, linalg);
    const turned = { ...problem, y: linalg.gemm(problem.y as Matrix, R) };
    const [a, b] = await Promise.all([solve(problem), solve(turned)]);
    expect(distance(b.predictor.mean.data, linalg.gemm(a.predictor.mean, R).data)).toBeLessThan(1e-8);
    // U_2 has index (m, c): block (m, n) turns by R.
    const turn = matrix(6, 6);
    for (let i = 0; i < 36; i++) {
      const [row, col] = [Math.floor(i / 6), i % 6];
      if (Math.floor(row / 3) === Math.floor(col / 3)) turn.data[i] = R.data[(row % 3) * 3 + (col % 3)];
    }
    expect(distance(b.U[0].data, rotate(a.U[0], turn, linalg).data)).toBeLessThan(1e-8);
  });

  it('outputs are independent at infinite width', async () => {
    const problem = randomProblem({ outputs: 2 });
    const both = await infiniteWidthPredictor(problem, { linalg });
    const second = await infiniteWidthPredictor(
      { ...problem, y: (problem.y as Matrix).data.filter((_, i) => i % 2 === 1) },
      { linalg },
    );
    expect(
      distance(
        both.predictor.mean.data.filter((_, i) => i % 2 === 1),
        second.predictor.mean.data,
      ),
    ).toBeLessThan(1e-10);
  });

  it('the kernel is the one that section 4 writes, at two layers', async () => {
    const problem = randomProblem({ outputs: 2, gates: [2, 3], P: 5 });
    const U2 = linalg.syrk(gaussianMatrix(createRandom(3), 4, 8));
    const U1 = linalg.syrk(gaussianMatrix(createRandom(4), 12, 24));
    const { kernel, kernelPrefactor } = await ggdlnActionAt(problem, [U2, U1], { linalg });
    const [g2, g1, x, u] = [problem.gates[0], problem.gates[1], problem.X, U1].map(toRows);
    const entry = (mu: number, c: number, nu: number, d: number) => {
      let sum = 0;
      for (let m = 0; m < 6; m++) {
        for (let n = 0; n < 6; n++) {
          const [m2, m1, n2, n1] = [Math.floor(m / 3), m % 3, Math.floor(n / 3), n % 3];
          sum += u[(m2 * 2 + c) * 3 + m1][(n2 * 2 + d) * 3 + n1] * g2[mu][m2] * g1[mu][m1] * g2[nu][n2] * g1[nu][n1];
        }
      }
      return (kernelPrefactor * sum * x[mu].reduce((total, value, i) => total + value * x[nu][i], 0)) / 8;
    };
    expect(kernelPrefactor).toBeCloseTo(1.21 / 6, 12);
    const rows = toRows(kernel);
    expect(rows[2 * 2 + 1][4 * 2]).toBeCloseTo(entry(2, 1, 4, 0), 10);
    expect(rows[3 * 2][3 * 2 + 1]).toBeCloseTo(entry(3, 0, 3, 1), 10);
  });
});
