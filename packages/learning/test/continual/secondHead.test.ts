import { createRandom, type Matrix, type Progress } from '@ggdln/core';
import { columnVector, createWasmBackend, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { firstHeadReader } from '../../src/continual/headReaders.ts';
import { sampleSecondHead } from '../../src/index.ts';

const linalg = await createWasmBackend();
const root = createRandom('continual learners');
const gaussian = (name: string, rows: number, cols: number): Matrix =>
  matrix(rows, cols, root.stream(name).fillGaussian(new Float64Array(rows * cols)));

describe('sampleSecondHead', () => {
  const task = (name: string, P: number) => ({
    X: gaussian(name, P, 60),
    y: root.stream(`labels/${name}`).fillGaussian(new Float64Array(P)),
  });
  const options = { rng: root.stream('head'), linalg, samples: 150 };

  it('takes the old head again for the same task, and leaves it for another', async () => {
    const one = task('one', 40);
    const same = await sampleSecondHead({ tasks: [one, one], width: 20, sigma2: 1, lambda: 300, test: one }, options);
    expect(same.acceptance).toBeGreaterThan(0.5);
    expect(same.cosSquared).toBeGreaterThan(0.8);
    const other = await sampleSecondHead({ tasks: [one, task('two', 40)], width: 20, sigma2: 1, lambda: 300 }, options);
    expect(other.cosSquared).toBeLessThan(0.3);
    expect(other.u).toBeGreaterThan(2 * same.u);
    expect(other.testError).toBeNaN();
    // Task 1's own inputs are fitted exactly: all that is left is the variance given the head, none.
    expect(same.testError).toBeLessThan(1e-9);
  });

  it('of unrelated inputs changes the first head by what its weights lose and fluctuate alone', async () => {
    // Task 2 has its inputs where task 1 has zeros.
    const half = (X: Matrix, from: number) =>
      matrix(
        X.rows,
        60,
        X.data.map((x, k) => (k % 60 >= from && k % 60 < from + 30 ? x : 0)),
      );
    const [one, two] = [task('one', 10), task('two', 20)];
    const tasks = [
      { ...one, X: half(one.X, 0) },
      { ...two, X: half(two.X, 30) },
    ] as const;
    const [lambda, sigma2, width] = [2, 1.5, 8];
    const { firstHeadChange, forgetting } = await sampleSecondHead({ tasks, width, sigma2, lambda }, options);
    const precision = lambda + 1 / sigma2;
    const expected = one.y.map((y) => (lambda / precision - 1) * y);
    expected.forEach((value, i) => {
      expect(firstHeadChange[i]).toBeCloseTo(value, 12);
    });
    const K = linalg.gemm(tasks[0].X, tasks[0].X, { transB: true, alpha: 1 / 60 });
    const q = linalg.gemm(columnVector(one.y), linalg.choleskySolve(linalg.cholesky(K), columnVector(one.y)), {
      transA: true,
      alpha: 1 / width,
    }).data[0];
    // −log of the evidence of |a1|² = Nu over N: outputs are normal with variance σ²uK11.
    const action = (u: number) => u / sigma2 + (10 / width - 1) * Math.log(u) + q / (sigma2 * u);
    let [low, high] = [1e-6, 1e6];
    for (let k = 0; k < 200; k++) {
      const [a, b] = [low * (high / low) ** 0.4, low * (high / low) ** 0.6];
      if (action(a) < action(b)) high = b;
      else low = a;
    }
    const u = low;
    const size = Array.from({ length: 10 }, (_, i) => K.data[i * 11]).reduce((sum, k) => sum + k / 10, 0);
    const lost = expected.reduce((sum, value) => sum + value * value, 0) / 10;
    // A minimum is found to the root of the rounding.
    expect(forgetting).toBeCloseTo(lost + (u * size) / precision, 7);
  });

  it('with stiff weights leaves the first head as it was by the same task, and loses it without stiffness', async () => {
    const one = task('one', 40);
    const run = (lambda: number) => sampleSecondHead({ tasks: [one, one], width: 20, sigma2: 1, lambda }, options);
    const size = one.y.reduce((sum, y) => sum + y * y, 0) / one.y.length;
    const stiff = await run(1e5);
    expect(stiff.forgetting).toBeLessThan(0.01 * size);
    const loose = await run(1e-6);
    // A head drawn anew knows nothing of the old one, of which nothing is left.
    const left = loose.firstHeadChange.reduce((sum, change, i) => sum + (change + one.y[i]) ** 2, 0) / one.y.length;
    expect(left).toBeLessThan(0.2 * size);
  });

  it('says what does not fit', async () => {
    const one = task('one', 4);
    const run = (changes: object, more = {}) =>
      sampleSecondHead({ tasks: [one, one], width: 8, sigma2: 1, lambda: 1, ...changes }, { ...options, ...more });
    await expect(run({ lambda: 0 })).rejects.toThrow(/lambda is 0\. Give a finite number > 0/);
    await expect(run({ tasks: [one, { ...one, y: new Float64Array(3) }] })).rejects.toThrow(
      /tasks\[1\]\.y \(P\) is 3 × 1/,
    );
    await expect(run({}, { samples: 0 })).rejects.toThrow(/samples is 0\. Give a whole number ≥ 1/);
  });

  it('tells of every trajectory, and stops between two when it is cancelled', async () => {
    const one = task('one', 4);
    const problem = { tasks: [one, one], width: 8, sigma2: 1, lambda: 1 } as const;
    const told: Progress[] = [];
    await sampleSecondHead(problem, { ...options, samples: 3, onProgress: (progress) => told.push(progress) });
    expect(told.map(({ done, total }) => `${done}/${total}`)).toEqual(['1/6', '2/6', '3/6', '4/6', '5/6', '6/6']);
    const controller = new AbortController();
    let trajectories = 0;
    const work = sampleSecondHead(problem, {
      ...options,
      signal: controller.signal,
      onProgress: () => {
        trajectories++;
        if (trajectories === 2) controller.abort();
      },
    });
    await expect(work).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
    expect(trajectories).toBe(2);
  });
});

describe('firstHeadReader', () => {
  it('is Gaussian regression on the hidden weights, written out', () => {
    const [N, N0, P1, P2, kept, precision, u1] = [3, 8, 2, 4, 0.7, 5, 1.3];
    const task = (name: string, P: number) => ({ X: gaussian(name, P, N0), y: gaussian(`y/${name}`, P, 1).data });
    const tasks = [task('a', P1), task('b', P2)] as const;
    const [W, direction, a2] = [gaussian('W', N, N0), gaussian('c', N, 1), gaussian('head', N, 1)];
    const norm = Math.hypot(...direction.data);
    const a1 = direction.data.map((c) => (c * Math.sqrt(N * u1)) / norm);
    // f = A vec(W) with rows a ⊗ x/√(N N0).
    const rows = ({ X }: { readonly X: Matrix }, a: Float64Array) =>
      matrix(
        X.rows,
        N * N0,
        Float64Array.from({ length: X.rows * N * N0 }, (_, k) => {
          const [row, i, j] = [Math.floor(k / (N * N0)), Math.floor(k / N0) % N, k % N0];
          return (a[i] * X.data[row * N0 + j]) / Math.sqrt(N * N0);
        }),
      );
    // Task 1 is fitted: its targets are what the first head says.
    const [A1, A2] = [rows(tasks[0], a1), rows(tasks[1], a2.data)];
    const weights = columnVector(W.data);
    const first = linalg.gemm(A1, weights).data;
    const problem = { tasks: [{ X: tasks[0].X, y: first }, tasks[1]], width: N, sigma2: 1, lambda: 1 } as const;
    const factor = linalg.cholesky(linalg.gemm(A2, A2, { transB: true }));
    const cross = linalg.gemm(A1, A2, { transB: true });
    const now = linalg.gemm(A2, weights).data;
    const missing = columnVector(tasks[1].y.map((y, i) => y - kept * now[i]));
    const moved = linalg.gemm(cross, linalg.choleskySolve(factor, missing)).data;
    const expected = first.map((f, i) => (kept - 1) * f + moved[i]);
    const explained = linalg.triangularSolve(factor, linalg.gemm(A2, A1, { transB: true }));
    const square = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
    const variance = (square(A1.data) - square(explained.data)) / precision;

    const gram = (X: Matrix, Z: Matrix) => linalg.gemm(X, Z, { transB: true, alpha: 1 / N0 });
    const hidden = (X: Matrix) => linalg.gemm(X, W, { transB: true, alpha: 1 / Math.sqrt(N * N0) });
    const { vectors } = linalg.symmetricEigen(linalg.syrk(gaussian('any', 5, N), { trans: true }));
    const inBasis = (v: Float64Array) => linalg.gemm(vectors, columnVector(v), { transA: true }).data;
    const read = firstHeadReader(
      problem,
      {
        factor: linalg.cholesky(gram(tasks[1].X, tasks[1].X)),
        F: hidden(tasks[1].X),
        hidden,
        vectors,
        kept,
        precision,
        old: inBasis(direction.data.map((c) => c / norm)),
        u1,
      },
      linalg,
    );
    const { change, forgetting } = read(inBasis(a2.data));
    expected.forEach((value, i) => {
      expect(change[i]).toBeCloseTo(value, 12);
    });
    expect(forgetting).toBeCloseTo((square(expected) + variance) / P1, 12);
  });
});
