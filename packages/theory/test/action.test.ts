import { createRandom, type LinalgBackend, type RandomStream } from '@ggdln/core';
import { add, createMlMatrixBackend, identity, inner, type Matrix, maxAbs, symmetrise } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { ggdlnActionAt } from '../src/index.ts';
import { gaussianMatrix, randomProblem } from './helpers.ts';

const linalg = createMlMatrixBackend();

/** A random positive-definite matrix of order one. */
function randomPositive(rng: RandomStream, size: number, backend: LinalgBackend): Matrix {
  return add(backend.syrk(gaussianMatrix(rng, size, size), { alpha: 1 / size }), identity(size, 0.3));
}

describe('the gradient of S', () => {
  it.each([
    { L: 1, gates: [3], outputs: 1, temperature: 0.05, P: 20 },
    { L: 1, gates: [3], outputs: 2, temperature: 0, P: 8 },
    // P above the rank 12 of the kernel: S on the range.
    { L: 1, gates: [2], outputs: 1, temperature: 0, P: 30 },
    { L: 1, gates: [2], outputs: 1, temperature: 1e-3, P: 30 },
    { L: 2, gates: [2, 3], outputs: 1, temperature: 0.05, P: 20 },
    { L: 2, gates: [2, 2], outputs: 2, temperature: 0.05, P: 10 },
    { L: 3, gates: [2, 3, 2], outputs: 1, temperature: 0.05, P: 20 },
  ])('is its directional derivative: gates $gates, $outputs outputs, T = $temperature, P = $P', async (given) => {
    const problem = randomProblem({ ...given, N0: 6, widths: given.gates.map((_, t) => 20 + 15 * t) });
    const rng = createRandom(2);
    const sizes = given.gates.map((_, t) => given.outputs * given.gates.slice(0, t + 1).reduce((a, b) => a * b, 1));
    const U = sizes.map((size, t) => randomPositive(rng.stream(`U/${t}`), size, linalg));
    const { gradients } = await ggdlnActionAt(problem, U, { linalg });
    for (const [t, size] of sizes.entries()) {
      const direction = symmetrise(gaussianMatrix(rng.stream(`direction/${t}`), size, size));
      const along = async (step: number) => {
        const moved = U.map((u, k) => (k === t ? add(u, direction, 1, step) : u));
        return (await ggdlnActionAt(problem, moved, { linalg })).action;
      };
      // Fourth-order central difference.
      const h = 1e-3;
      const [a, b, c, d] = await Promise.all([along(-2 * h), along(-h), along(h), along(2 * h)]);
      const numeric = (a - 8 * b + 8 * c - d) / (12 * h);
      const exact = inner(gradients[t], direction);
      expect(Math.abs(numeric - exact)).toBeLessThan(1e-6 * (1 + Math.abs(exact)));
    }
  });
});

describe('S with a singular kernel at T > 0', () => {
  it('is what its formula says, though the solver splits off the directions that the kernel lacks', async () => {
    // 30 targets, a kernel of rank 12.
    const problem = randomProblem({ P: 30, N0: 6, gates: [2], temperature: 0.01, widths: [20] });
    const U = randomPositive(createRandom(2), 2, linalg);
    const at = await ggdlnActionAt(problem, [U], { linalg });
    const factor = linalg.cholesky(add(at.kernel, identity(30, problem.temperature)));
    const diagonal = (a: Matrix) => Array.from({ length: a.rows }, (_, i) => a.data[i * (a.cols + 1)]);
    const logdet = (a: Matrix) => diagonal(linalg.cholesky(a)).reduce((sum, value) => sum + 2 * Math.log(value), 0);
    const y = problem.y as Matrix;
    const prior =
      diagonal(U).reduce((sum, value) => sum + value, 0) / problem.sigma ** 2 - logdet(U) + 4 * Math.log(1.1);
    expect(at.rank).toBe(12);
    expect(at.logdet).toBeCloseTo(logdet(add(at.kernel, identity(30, problem.temperature))), 8);
    expect(at.yKinvy / inner(y, linalg.choleskySolve(factor, y))).toBeCloseTo(1, 9);
    expect(at.action / (10 * prior + 0.5 * (at.logdet + at.yKinvy))).toBeCloseTo(1, 12);
  });
});

describe('the fixed-point step', () => {
  it.each([
    [20, 35],
    [7, 1e12],
    [1e12, 7],
  ])('puts the upper of two layers where S is stationary given the new lower one: N = %d, %d', async (...widths) => {
    const problem = randomProblem({ gates: [3, 2], widths });
    const U = [randomPositive(createRandom(5), 3, linalg), randomPositive(createRandom(6), 6, linalg)];
    const before = await ggdlnActionAt(problem, U, { linalg });
    const after = await ggdlnActionAt(problem, before.nextU, { linalg });
    expect(maxAbs(before.gradients[0])).toBeGreaterThan(1);
    expect(maxAbs(after.gradients[0])).toBeLessThan(1e-10 * Math.max(...widths));
    expect(maxAbs(after.gradients[1])).toBeGreaterThan(0.1);
  });
});
