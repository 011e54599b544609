import type { Matrix } from '@ggdln/core';
import type { PointRecord } from '@ggdln/experiments';
import { expect } from 'vitest';

/** Commands begin a saddle point at those for wider networks, the lab does not; both are right to about so much. */
const SADDLE = 1e-7;

/** The metrics of a command as the lab should have them. */
export function metricsLike(metrics: PointRecord['metrics']): unknown[] {
  return metrics.map(({ value, ...rest }) => ({
    ...rest,
    value: expect.toSatisfy((found: number) => Math.abs(found - value) <= SADDLE * Math.abs(value)),
  }));
}

/** The numbers of a command as the lab should have them, in units of the largest of them. */
export function matrixLike({ rows, cols, data }: Matrix): unknown {
  const size = Math.max(...data.map(Math.abs));
  const near = (found: Float64Array) => found.every((value, i) => Math.abs(value - data[i]) <= SADDLE * size);
  return { rows, cols, data: expect.toSatisfy(near) };
}
