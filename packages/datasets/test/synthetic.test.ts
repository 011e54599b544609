import { createRegistry, type Dataset, resolveOptions } from '@ggdln/core';
import { chooseLinalg } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { datasetsPlugin, noisyTeacher, oneHotContexts } from '../src/index.ts';
import { failure, rng } from './support.ts';

const moments = (values: Float64Array) => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, square: values.reduce((a, b) => a + b * b, 0) / values.length };
};
/** First rows of a data array. */
const rows = (data: Float64Array, count: number) => data.slice(0, count);

describe('noisyTeacher', () => {
  it('a linear teacher without noise is recovered exactly from P = N0 examples', async () => {
    const { train, test } = noisyTeacher({ noise: 0, inputs: 12, trainSize: 12, testSize: 5 }, rng());
    const { backend } = await chooseLinalg();
    const w = backend.leastSquares(train.X, train.Y);
    const answers = backend.gemm(test.X, w);
    for (const [i, value] of answers.data.entries()) expect(value).toBeCloseTo(test.Y.data[i], 9);
  });

  it('noise has the stated size and is on training targets only', () => {
    const options = { inputs: 10, trainSize: 5000, testSize: 3 };
    const noisy = noisyTeacher({ ...options, noise: 0.5 }, rng());
    const clean = noisyTeacher({ ...options, noise: 0 }, rng());
    const noise = noisy.train.Y.data.map((y, i) => y - clean.train.Y.data[i]);
    const { mean, square } = moments(noise);
    // Five standard errors of the mean and of the mean square of 5000 normals.
    expect(Math.abs(mean)).toBeLessThan(5 * 0.5 * Math.sqrt(1 / 5000));
    expect(Math.abs(square - 0.25)).toBeLessThan(5 * 0.25 * Math.sqrt(2 / 5000));
    expect(noisy.test).toEqual(clean.test);
  });

  it.each(['linear', 'relu'] as const)('%s teachers have E[y²] = 1', (teacher) => {
    const squares = Array.from({ length: 400 }, (_, seed) => {
      const { test } = noisyTeacher({ teacher, inputs: 30, testSize: 10, trainSize: 1 }, rng(seed));
      return moments(test.Y.data).square;
    });
    const { mean, square } = moments(Float64Array.from(squares));
    const stderr = Math.sqrt((square - mean * mean) / squares.length);
    expect(stderr).toBeLessThan(0.1);
    expect(Math.abs(mean - 1)).toBeLessThan(5 * stderr);
  });

  it('a ReLU teacher is homogeneous of degree one but not linear', () => {
    const { test } = noisyTeacher({ teacher: 'relu', inputs: 1, teacherUnits: 3, testSize: 200, trainSize: 1 }, rng(3));
    // With one input y = c₊x for x > 0 and y = c₋x for x < 0.
    const slopes = (sign: number) =>
      Array.from(test.X.data).flatMap((x, i) => (Math.sign(x) === sign ? [test.Y.data[i] / x] : []));
    for (const sign of [1, -1]) for (const slope of slopes(sign)) expect(slope).toBeCloseTo(slopes(sign)[0], 12);
    expect(Math.abs(slopes(1)[0] - slopes(-1)[0])).toBeGreaterThan(1e-3);
  });

  it('smaller sets are part of larger ones, test sets stay, seeds differ', () => {
    const [few, many] = [10, 40].map((trainSize) => noisyTeacher({ trainSize }, rng()));
    expect(rows(many.train.X.data, few.train.X.data.length)).toEqual(few.train.X.data);
    expect(rows(many.train.Y.data, 10)).toEqual(few.train.Y.data);
    expect(many.test).toEqual(few.test);
    expect(noisyTeacher({}, rng(2)).train.X.data).not.toEqual(noisyTeacher({}, rng(1)).train.X.data);
  });

  it.each([
    [{ trainSize: 0 }, 'trainSize] 0 is not allowed'],
    [{ noise: -1 }, 'noise] -1 is not allowed. Give a finite number ≥ 0'],
    [{ noise: Number.NaN }, 'is not allowed. Give a finite number ≥ 0'],
    [{ inputs: 1e6, trainSize: 1e6 }, '1000000 + 200 examples of 1000000 inputs are 1000200000000 numbers'],
  ])('refuses %j', async (options, words) => {
    expect(await failure('GGDLN_INPUT', () => noisyTeacher(options, rng()))).toContain(words);
  });
});

describe('oneHotContexts', () => {
  /** The teachers of all contexts, recovered from noiseless answers. */
  async function teachers({ train }: Dataset, contexts: number): Promise<Float64Array[]> {
    const { backend } = await chooseLinalg();
    return Array.from({ length: contexts }, (_, context) => {
      const mine = Array.from(train.tasks!).flatMap((task, i) => (task === context ? [i] : []));
      const X = {
        rows: mine.length,
        cols: train.X.cols,
        data: Float64Array.from(
          mine.flatMap((i) => Array.from(train.X.data.subarray(i * train.X.cols, (i + 1) * train.X.cols))),
        ),
      };
      const Y = { rows: mine.length, cols: 1, data: Float64Array.from(mine, (i) => train.Y.data[i]) };
      return backend.leastSquares(X, Y).data.map((w) => w * Math.sqrt(train.X.cols));
    });
  }
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0) / a.length;

  it('teachers have unit size and overlap 1/(1 + d²)', async () => {
    const inputs = 60;
    const dataset = oneHotContexts(
      { contexts: 3, inputs, trainSize: 3 * inputs + 60, testSize: 3, difference: 0.5 },
      rng(),
    );
    const found = await teachers(dataset, 3);
    const overlap = 1 / 1.25;
    for (const [i, a] of found.entries()) {
      for (const [j, b] of found.entries()) {
        // Standard error of a mean of 60 products of correlated normals; five are allowed.
        const expected = i === j ? 1 : overlap;
        const stderr = Math.sqrt((1 + expected ** 2) / inputs);
        expect(Math.abs(dot(a, b) - expected)).toBeLessThan(5 * stderr);
      }
    }
    expect(dot(found[0], found[0]) + dot(found[1], found[1]) - 2 * dot(found[0], found[1])).toBeGreaterThan(0.1);
  });

  it('without difference every context has the same teacher', async () => {
    const dataset = oneHotContexts({ contexts: 2, inputs: 5, trainSize: 10, testSize: 2, difference: 0 }, rng());
    const [a, b] = await teachers(dataset, 2);
    for (const [i, w] of a.entries()) expect(w).toBeCloseTo(b[i], 9);
  });

  it('goes through the contexts in turn and says which each example belongs to', () => {
    const { train, test, provenance } = oneHotContexts({ trainSize: 10, testSize: 4 }, rng());
    expect(train.tasks).toEqual(Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3, 0, 1));
    expect(test.tasks).toEqual(Int32Array.of(0, 1, 2, 3));
    expect(provenance).toMatchObject({ dataset: 'one-hot-contexts', contexts: 4, difference: 0.3, inputs: 20 });
    const { train: square } = provenance.meanSquareTarget as { train: number };
    expect(square).toBeCloseTo(moments(train.Y.data).square, 12);
  });

  it('refuses sets that leave a context out', async () => {
    const message = await failure('GGDLN_INPUT', () => oneHotContexts({ trainSize: 3 }, rng()));
    expect(message).toContain('3 train examples leave 1 of 4 contexts without any. Ask for at least 4');
  });
});

describe('the synthetic entries', () => {
  it.each([
    ['noisy-teacher', noisyTeacher],
    ['one-hot-contexts', oneHotContexts],
  ] as const)('%s gives what the plain function gives', async (name, make) => {
    const entry = createRegistry([datasetsPlugin]).get('dataset', name);
    const options = resolveOptions(entry.options, {}, name);
    expect(await entry.create(options, { rng: rng(), linalg: undefined as never })).toEqual(make({}, rng()));
  });
});
