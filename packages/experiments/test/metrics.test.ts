import { createRandom, createTable, type Matrix, type Row, type TheoryAccuracy } from '@ggdln/core';
import { columnVector, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { agreementNotes, compareSources, jackknife, predictorMetrics } from '../src/index.ts';
import { failureOf } from './helpers.ts';

const rng = createRandom(5);
const values = (metrics: ReturnType<typeof predictorMetrics>) =>
  Object.fromEntries(metrics.map(({ metric, value }) => [metric, value]));

/** Batches of samples f ~ N(mean, variance), and what they give. */
function draw(mean: Float64Array, variance: number, batches: number, size: number, name: string) {
  const stream = rng.stream(name);
  const points = mean.length;
  const means = matrix(batches, points);
  const squares = matrix(batches, points);
  for (let b = 0; b < batches; b++) {
    for (let s = 0; s < size; s++) {
      for (let j = 0; j < points; j++) {
        const f = mean[j] + Math.sqrt(variance) * stream.gaussian();
        means.data[b * points + j] += f / size;
        squares.data[b * points + j] += (f * f) / size;
      }
    }
  }
  const column = (rows: Matrix) =>
    columnVector(
      Array.from({ length: points }, (_, j) =>
        average(Array.from({ length: batches }, (_, b) => rows.data[b * points + j])),
      ),
    );
  return { mean: column(means), variance: column(squares), batches: { mean: means, square: squares } };
}

const average = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;

describe('jackknife', () => {
  it('is mean and standard error of the mean for a mean', () => {
    const x = Array.from({ length: 12 }, () => rng.gaussian());
    const mean = average(x);
    const { value, stderr } = jackknife(x.length, (b) => average(x.filter((_, i) => i !== b)));
    expect(value).toBeCloseTo(mean, 13);
    const variance = x.reduce((sum, item) => sum + (item - mean) ** 2, 0) / (x.length - 1);
    expect(stderr).toBeCloseTo(Math.sqrt(variance / x.length), 13);
  });
});

describe('predictorMetrics', () => {
  const targets = columnVector([1, -1, 1, -1]);

  it('gives bias, variance, their sum and the error rate', () => {
    const mean = columnVector([0.5, 0.5, 0, -2]);
    const variance = columnVector([1, 2, 3, 4]);
    expect(predictorMetrics({ mean, variance }, targets)).toEqual([
      { metric: 'bias', value: (0.25 + 2.25 + 1 + 1) / 4, stderr: null },
      { metric: 'variance', value: 2.5, stderr: null },
      { metric: 'generalisation error', value: 4.5 / 4 + 2.5, stderr: null },
      { metric: 'error rate', value: 1.5 / 4, stderr: null },
    ]);
  });

  it('has an error rate for targets ±1 only', () => {
    const metrics = predictorMetrics({ mean: columnVector([1]), variance: columnVector([0]) }, columnVector([0.5]));
    expect(metrics.map(({ metric }) => metric)).toEqual(['bias', 'variance', 'generalisation error']);
  });

  it('removes the bias of finite sampling as the closed form says', () => {
    const y = Float64Array.from(targets.data);
    const sampled = draw(y, 0.7, 6, 3, 'closed form');
    const { mean: m, square: s } = sampled.batches;
    let bias = 0;
    let variance = 0;
    for (let j = 0; j < 4; j++) {
      const column = Array.from({ length: 6 }, (_, b) => m.data[b * 4 + j]);
      const mean = average(column);
      const v = column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (6 * 5);
      bias += ((mean - y[j]) ** 2 - v) / 4;
      variance += (average(Array.from({ length: 6 }, (_, b) => s.data[b * 4 + j])) - mean * mean + v) / 4;
    }
    const found = values(predictorMetrics(sampled, targets));
    expect(found.bias).toBeCloseTo(bias, 12);
    expect(found.variance).toBeCloseTo(variance, 12);
    expect(found['generalisation error']).toBeCloseTo(bias + variance, 12);
  });

  it('is unbiased and has honest error bars: repeated experiments with known truth', () => {
    const y = Float64Array.from(targets.data);
    const truth = { bias: 0.25, variance: 0.6 };
    const shifted = y.map((value) => value + 0.5);
    const runs = Array.from({ length: 400 }, (_, r) =>
      predictorMetrics(draw(shifted, 0.6, 10, 4, `run ${r}`), targets),
    );
    for (const [index, name] of (['bias', 'variance'] as const).entries()) {
      const found = runs.map((metrics) => metrics[index].value);
      const spread = Math.sqrt(average(found.map((value) => (value - average(found)) ** 2)));
      expect(Math.abs(average(found) - truth[name])).toBeLessThan((4 * spread) / Math.sqrt(400));
      const claimed = Math.sqrt(average(runs.map((metrics) => Number(metrics[index].stderr) ** 2)));
      expect(claimed / spread).toBeGreaterThan(0.85);
      expect(claimed / spread).toBeLessThan(1.2);
    }
    // The plug-in estimate of the bias would be off by 0.6/40 = 0.015, seen at many standard errors.
    const plain = average(
      Array.from({ length: 400 }, (_, r) => {
        const { mean, variance } = draw(shifted, 0.6, 10, 4, `run ${r}`);
        return values(predictorMetrics({ mean, variance }, targets)).bias;
      }),
    );
    expect(plain - truth.bias).toBeGreaterThan(0.008);
  });

  it('gives no error bars from a single batch', () => {
    const { batches, ...moments } = draw(Float64Array.of(1, 1, 1, 1), 1, 1, 5, 'single');
    expect(predictorMetrics({ ...moments, batches }, targets)).toEqual(predictorMetrics(moments, targets));
  });

  it('names shapes and values that are wrong', async () => {
    const good = columnVector([0, 0, 0, 0]);
    const short = await failureOf(() => predictorMetrics({ mean: columnVector([1]), variance: good }, targets));
    expect(short.message).toContain('the mean of the predictor (P_test × C) is 1 × 1. It should be 4 × 1');
    const nan = await failureOf(() =>
      predictorMetrics({ mean: good, variance: columnVector([0, Number.NaN, 0, 0]) }, targets),
    );
    expect(nan.message).toContain('the variance of the predictor (P_test × C) has NaN at row 1');
    const batches = { mean: matrix(3, 2), square: matrix(3, 4) };
    const uneven = await failureOf(() => predictorMetrics({ mean: good, variance: good, batches }, targets));
    expect(uneven.message).toContain('the batches of means (B × P_test·C) is 3 × 2. It should be 3 × 4');
    const none = await failureOf(() => predictorMetrics({ mean: matrix(0, 1), variance: matrix(0, 1) }, matrix(0, 1)));
    expect(none.message).toContain('there are 0 × 1 test targets');
  });
});

const theoryRow = (N: number, value: number, metric = 'variance'): Row => ({
  'architecture.width': N,
  source: 'ggdln',
  role: 'theory',
  metric,
  value,
  stderr: null,
});
const sampledRow = (N: number, value: number, stderr: number | null, metric = 'variance'): Row => ({
  ...theoryRow(N, value, metric),
  source: 'block-gibbs',
  role: 'exact-sampling',
  stderr,
});

describe('compareSources', () => {
  it('lays a learner beside every theory at the same place', () => {
    const rows = [
      theoryRow(10, 0.4),
      theoryRow(20, 9),
      { ...theoryRow(10, 0), source: 'infinite-width', role: 'infinite-width' },
      theoryRow(10, 7, 'bias'),
      sampledRow(10, 0.5, 0.05),
    ];
    const { rows: compared } = compareSources(createTable(rows));
    expect(compared).toHaveLength(2);
    expect(compared[0]).toMatchObject({ theory: 'ggdln', value: 0.5, theoryValue: 0.4, stderr: 0.05 });
    expect(compared[0].difference).toBeCloseTo(0.1, 12);
    expect(compared[0].relativePercent).toBeCloseTo(25, 9);
    expect(compared[0].z).toBeCloseTo(2, 9);
    expect(compared[1]).toMatchObject({ theory: 'infinite-width', relativePercent: null });
  });

  it('has no z without an error bar', () => {
    const { rows } = compareSources(createTable([theoryRow(10, 1), sampledRow(10, 2, null)]));
    expect(rows[0]).toMatchObject({ difference: 1, stderr: null, z: null });
  });

  it("takes a learner's own axis as fitting every theory", () => {
    const axis = 'learners.block-gibbs.sweeps';
    const rows = [
      { [axis]: null, ...theoryRow(10, 1) },
      { [axis]: 5, ...sampledRow(10, 2, 1) },
    ];
    expect(compareSources(createTable(rows)).rows[0]).toMatchObject({ [axis]: 5, difference: 1 });
  });
});

describe('agreementNotes', () => {
  const widths = [10, 30, 100, 300, 1000];
  const notesFor = (excess: (N: number) => number, stderr: number) =>
    agreementNotes(
      compareSources(createTable(widths.flatMap((N) => [theoryRow(N, 0.5), sampledRow(N, 0.5 + excess(N), stderr)]))),
    );

  it('explains a difference that falls like 1/N, with higher orders at small N', () => {
    const [note] = notesFor((N) => 0.9 / N - 3 / N ** 2, 0.003);
    expect(note).toContain('block-gibbs against ggdln, variance: z = +20 at N = 10');
    expect(note).toContain('a difference of +0.060 (+12 %)');
    expect(note).toContain('N × difference is +0.60 ± 0.03, +0.80 ± 0.09');
    expect(note).toContain('at N = 10, 30, 100, 300, 1000: the difference falls from +0.060 to +0.00090');
    expect(note).toContain('finite-width corrections, of order 1/N');
  });

  it('does not blame finite width for a difference that stays', () => {
    const [note] = notesFor(() => -0.05, 0.003);
    expect(note).toContain('z = −17');
    expect(note).toContain('N × difference is −0.50 ± 0.03');
    expect(note).toContain('it grows, so this is no plain 1/N correction');
    expect(note).toContain('R̂');
  });

  it('says when all is well', () => {
    expect(notesFor(() => 0.001, 0.001)).toEqual([
      'block-gibbs against ggdln, variance: agree within 3 standard errors at all 5 places (largest |z| = 1.0).',
    ]);
  });

  it('speaks of 1/N only where several widths were run', () => {
    const rows = createTable([theoryRow(10, 0.5), sampledRow(10, 0.6, 0.01)]);
    expect(agreementNotes(compareSources(rows))).toEqual([
      'block-gibbs against ggdln, variance: z = +10 at N = 10, a difference of +0.10 (+20 %).',
    ]);
  });

  it('does not excuse heuristics and exact theories with the width', () => {
    const rows = createTable([10, 100].flatMap((N) => [theoryRow(N, 0.5), sampledRow(N, 0.5 + 1 / N, 0.001)]));
    const noteOf = (accuracy: TheoryAccuracy) => agreementNotes(compareSources(rows), () => accuracy)[0];
    expect(noteOf('wide')).toContain('1/N');
    expect(noteOf('heuristic')).toMatch(
      /\(\+20 %\)\. The theory is a heuristic, whose own error no width takes away\.$/,
    );
    expect(noteOf('exact')).toMatch(/exact at every width, so the sampling is off .* look at R̂/);
    for (const accuracy of ['heuristic', 'exact'] as const) expect(noteOf(accuracy)).not.toMatch(/1\/N|N × /);
  });

  it('keeps metrics, sources and other axes apart, and leaves out what it says nothing of', () => {
    const at = (temperature: number, row: Row) => ({ temperature, ...row });
    const rows = [0.1, 1].flatMap((T) => [
      at(T, theoryRow(10, 0.5)),
      at(T, { ...theoryRow(10, 0.5), source: 'gp', role: 'infinite-width' }),
      at(T, sampledRow(10, 0.5, 0.01)),
      at(T, theoryRow(10, 0.5, 'error rate')),
      at(T, sampledRow(10, 0.9, 0.01, 'error rate')),
      at(T, { ...sampledRow(10, 0.9, 0.01), source: 'gd', role: 'gradient-descent' }),
    ]);
    expect(agreementNotes(compareSources(createTable(rows))).map((note) => note.split(':')[0])).toEqual([
      'block-gibbs against ggdln, variance, temperature = 0.1',
      'block-gibbs against ggdln, variance, temperature = 1',
    ]);
  });
});
