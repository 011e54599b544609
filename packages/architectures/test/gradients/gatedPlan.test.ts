import { describe, expect, it } from 'vitest';
import { planGated } from '../../src/gradients/gatedPlan.ts';
import { readLayers } from '../../src/layers.ts';

const plan = (depth: number, rows: number, gates: number, outputs = 1) =>
  planGated(readLayers({ depth, width: 500, sigma: 1 }, 'test'), {
    rows,
    inputs: 784,
    gates: new Array<number>(depth).fill(gates),
    outputs,
  });

describe('planGated', () => {
  it('contracts weights first where there are few composite gates, passes examples up where there are many', () => {
    expect(plan(1, 500, 10).meeting).toBe(0);
    expect(plan(2, 500, 10).meeting).toBe(0);
    expect(plan(1, 500, 600).meeting).toBe(1);
    expect(plan(1, 5, 10).meeting).toBe(1);
    expect(plan(3, 500, 10).meeting).toBe(1);
    expect(plan(3, 100, 40).meeting).toBe(2);
    expect(plan(3, 100, 400).meeting).toBe(3);
  });

  it('lays weights out as shapes() does: a, W_L, …, W_1', () => {
    const { offsetOf, size } = plan(2, 10, 3, 2);
    expect(offsetOf(2)).toBe(500 * 3 * 2);
    expect(offsetOf(1)).toBe(500 * 3 * 2 + 500 * 3 * 500);
    expect(size).toBe(500 * 3 * 2 + 500 * 3 * 500 + 500 * 784);
  });
});
