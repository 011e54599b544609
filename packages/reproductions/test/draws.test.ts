import { createTable } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { compareMeans, ofSeeds, overDraws, seedsFrom, theRow, valuesOf } from '../src/draws.ts';
import { fallsLikeInverseWidth, simulationNearTheory } from '../src/simulated.ts';

const rows = [1, 2].flatMap((seed) =>
  [50, 100].flatMap((width) => [
    { seed, width, source: 'ggdln', role: 'theory', metric: 'bias', value: seed, stderr: null },
    {
      seed,
      width,
      source: 'block-gibbs',
      role: 'exact-sampling',
      metric: 'bias',
      value: seed + 2 / width,
      stderr: 0.003,
    },
  ]),
);
const table = createTable(rows);

describe('means over draws', () => {
  it('keeps sampling noise apart from the scatter between draws', () => {
    const means = overDraws(table);
    const found = theRow(means, { width: 50, source: 'block-gibbs' });
    expect(found).toMatchObject({ value: expect.closeTo(1.54, 12), draws: 2 });
    expect(found.stderr).toBeCloseTo(0.003 / Math.SQRT2, 12);
    expect(found.scatter).toBeCloseTo(Math.SQRT1_2, 12);
    expect(theRow(means, { width: 50, source: 'ggdln' }).stderr).toBeNull();
  });

  it('refuses to pick one row of several', () => {
    expect(() => theRow(table, { width: 50 })).toThrow(/4 rows are {"width":50}.*exactly one/);
  });

  it('takes the draws that are asked for, and rows of no draw', () => {
    const limit = {
      seed: null,
      width: null,
      source: 'nngp',
      role: 'infinite-width',
      metric: 'bias',
      value: 3,
      stderr: null,
    };
    const kept = ofSeeds(createTable([...rows, limit]), seedsFrom(2, 1));
    expect(valuesOf(kept, { role: 'theory' })).toEqual([2, 2]);
    expect(valuesOf(kept, { role: 'infinite-width' })).toEqual([3]);
  });
});

describe('simulations beside theory', () => {
  const comparison = compareMeans(overDraws(table));

  it('finds the largest relative difference and fails beyond a few percent', () => {
    const [check] = simulationNearTheory(comparison, { axis: 'width' });
    expect(check).toMatchObject({ pass: true, found: expect.closeTo((100 * 0.04) / 1.5, 9) });
    expect(simulationNearTheory(comparison, { axis: 'width', percent: 1 })[0].pass).toBe(false);
    expect(simulationNearTheory(comparison, { axis: 'width', from: 80 })[0].found).toBeCloseTo((100 * 0.02) / 1.5, 9);
  });

  it('sees whether deviations fall like 1/N', () => {
    expect(fallsLikeInverseWidth(comparison, 'width', [50, 100], 'bias')).toMatchObject({
      pass: true,
      found: expect.closeTo(1, 9),
    });
    const constant = createTable(
      comparison.rows.map((row) => ({ ...row, difference: Number(row.width) === 50 ? 1 : 5, stderr: 0 })),
    );
    expect(fallsLikeInverseWidth(constant, 'width', [50, 100], 'bias').pass).toBe(false);
  });
});
