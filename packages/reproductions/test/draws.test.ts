import { createTable } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { compareMeans, meansBy, ofSeeds, overDraws, seedsFrom, theRow, valuesOf } from '../src/draws.ts';
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

  it('puts draws of one thing into one row, whose bar is over them; one draw has none', () => {
    const means = meansBy(rows.slice(0, 5), ['width', 'source']);
    expect(means.map(({ width, source, value }) => [width, source, value])).toEqual([
      [50, 'ggdln', 1.5],
      [50, 'block-gibbs', 1.04],
      [100, 'ggdln', 1],
      [100, 'block-gibbs', 1.02],
    ]);
    // Standard deviation of 1 and 2 over √2.
    expect(means.map(({ stderr }) => stderr)).toEqual([expect.closeTo(0.5, 12), null, null, null]);
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
    const like = (power: number) =>
      createTable(comparison.rows.map((row) => ({ ...row, difference: Number(row.width) ** -power, stderr: 0 })));
    for (const power of [0, 0.45, 1.55, 2])
      expect(fallsLikeInverseWidth(like(power), 'width', [50, 100], 'bias').pass).toBe(false);
    for (const power of [0.55, 1, 1.45])
      expect(fallsLikeInverseWidth(like(power), 'width', [50, 100], 'bias').pass).toBe(true);
  });
});
