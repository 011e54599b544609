import type { Problem } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import {
  createCostEstimator,
  type ExperimentEvent,
  estimateBytes,
  type PlannedPoint,
  planPoints,
  runExperiment,
} from '../src/index.ts';
import { noLinalg } from './doubles.ts';
import { registry, resolved } from './helpers.ts';

const widths = [10, 30, 100, 300, 1000];
const sweep = { 'architecture.width': widths };

/** Tells an estimator of a run whose points take the given seconds, in some order, until `stop` points are done. */
async function after(
  stop: number,
  seconds: (point: PlannedPoint) => number,
  slots = 1,
  order = (points: PlannedPoint[]) => points,
) {
  const estimator = createCostEstimator(slots);
  const points = await planPoints(resolved({ sweep }));
  estimator.observe({ type: 'planned', points } as unknown as ExperimentEvent);
  for (const point of order(points).slice(0, stop)) {
    const work = { seconds: seconds(point), bytes: 1000 * Number(point.axes['architecture.width']) };
    estimator.observe({ type: 'point-finished', point, work } as unknown as ExperimentEvent);
  }
  return estimator.estimate();
}

/** First and last of each source, then the others. */
const pilots = (points: PlannedPoint[]) => [0, 4, 5, 9, 1, 2, 3, 6, 7, 8].map((i) => points[i]);

describe('createCostEstimator', () => {
  it('knows nothing until two points of every source were measured', async () => {
    expect(await after(3, () => 1, 1, pilots)).toBeUndefined();
    expect(await after(4, () => 1, 1, pilots)).toMatchObject({ measured: 4, left: 6 });
  });

  it('is exact where all points of a source cost the same, and divides by what runs at a time', async () => {
    const cost = ({ source }: PlannedPoint) => (source === 'sampler' ? 3 : 0.5);
    const one = await after(4, cost, 1, pilots);
    expect(one?.seconds).toBeCloseTo(3 * 3 + 3 * 0.5, 9);
    expect((await after(4, cost, 2, pilots))?.seconds).toBeCloseTo((one?.seconds ?? 0) / 2, 9);
    expect(one?.work.map(({ source, points }) => [source, points])).toEqual([
      ['closed-form', 3],
      ['sampler', 3],
    ]);
  });

  it('lies between the measured costs, and near the truth for powers of an axis', async () => {
    const cost = ({ axes }: PlannedPoint) => (Number(axes['architecture.width']) / 100) ** 2;
    const truth = 2 * [30, 100, 300].reduce((sum, width) => sum + (width / 100) ** 2, 0);
    const estimate = (await after(4, cost, 1, pilots))?.seconds ?? 0;
    // The axis is spaced nearly evenly in the logarithm: interpolation is good to a tenth.
    expect(Math.abs(estimate / truth - 1)).toBeLessThan(0.15);
  });

  it('has nothing left at the end, and no time where the number of slots is not known', async () => {
    expect(await after(10, () => 1)).toMatchObject({ left: 0, seconds: 0, work: [], bytes: 1e6 });
    expect((await after(4, () => 1, Number.POSITIVE_INFINITY, pilots))?.seconds).toBeUndefined();
  });

  it('counts reused and failed points as done', async () => {
    const estimator = createCostEstimator(1);
    const points = await planPoints(resolved({ sweep }));
    estimator.observe({ type: 'planned', points } as unknown as ExperimentEvent);
    for (const [i, point] of points.entries()) {
      estimator.observe({ type: i % 2 ? 'point-failed' : 'point-reused', point } as unknown as ExperimentEvent);
    }
    expect(estimator.estimate()?.left).toBe(0);
  });
});

describe('pilots', () => {
  it('are the first and last point of each source; the numbers do not depend on the order', async () => {
    const order: string[] = [];
    const onEvent = (event: ExperimentEvent) => {
      if (event.type !== 'point-finished') return;
      order.push(`${event.point.source} ${event.point.axes['architecture.width']}`);
      expect(event.work.seconds).toBeGreaterThan(0);
    };
    const spec = resolved({ sweep });
    const result = await runExperiment(spec, { registry, linalg: noLinalg, pilots: true, onEvent });
    expect(order.slice(0, 5)).toEqual([
      'closed-form 10',
      'closed-form 1000',
      'sampler 10',
      'sampler 1000',
      'closed-form 30',
    ]);
    expect(result.table).toEqual((await runExperiment(spec, { registry, linalg: noLinalg })).table);
  });
});

describe('estimateBytes', () => {
  it('grows with the square of examples and counts weights of every gate', () => {
    const problem = (examples: number, width: number) => {
      const part = {
        X: { rows: examples, cols: 5 },
        Y: { rows: examples, cols: 1 },
        gates: [{ rows: examples, cols: 3 }],
      };
      return { train: part, test: part, architecture: { widths: [width] } } as unknown as Problem;
    };
    // Data 2·4·6, gates 2·4·3, three kernels of 8 × 8, weights 7·5·3.
    expect(estimateBytes(problem(4, 7))).toBe(8 * (48 + 24 + 3 * 64 + 105));
    expect(estimateBytes(problem(4000, 7)) / estimateBytes(problem(400, 7))).toBeGreaterThan(90);
  });
});
