import { createTable } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { averageSeeds } from '../src/figure/averageSeeds.ts';
import { planFigures, planPoints } from '../src/index.ts';
import { registry, resolved } from './helpers.ts';

const surroundings = { registry, version: '1.2.3', linalg: 'wasm' };

describe('averageSeeds', () => {
  const row = (seed: number | null, value: number, stderr: number | null, source = 'a') => ({
    seed,
    source,
    value,
    stderr,
  });

  it('gives the mean over seeds with the error of that mean, one row a place', () => {
    const table = createTable([
      row(1, 1, 0.5),
      row(2, 2, 0.5),
      row(3, 6, 0.5),
      row(1, 7, null, 'b'),
      row(2, 9, null, 'b'),
    ]);
    const { columns, rows } = averageSeeds(table);
    expect(columns).toEqual(['source', 'value', 'stderr']);
    expect(rows).toEqual([
      // The variance of 1, 2, 6 is 7.
      { source: 'a', value: 3, stderr: Math.sqrt(7 / 3) },
      { source: 'b', value: 8, stderr: 1 },
    ]);
  });

  it('leaves a place with one seed as it is', () => {
    const rows = [row(1, 3, 0.5), row(null, 4, 0.1, 'b')];
    expect(averageSeeds(createTable(rows)).rows).toEqual(rows.map(({ seed: _seed, ...rest }) => rest));
  });
});

describe('figures of sweeps', () => {
  const drawable = async (sweep: object, x: string) => {
    const spec = resolved({ sweep: sweep as never, figure: { x, metrics: ['bias'] } });
    const points = await planPoints(spec);
    const axes = Object.keys(points.at(-1)?.axes ?? {});
    const rows = points.map(({ axes: place, source, role }) => ({
      ...place,
      source,
      role,
      metric: 'bias',
      value: 1,
      stderr: null,
    }));
    return { spec, table: createTable(rows, [...axes, 'source', 'role', 'metric', 'value', 'stderr']) };
  };
  const together = { 'dataset.trainSize': [4, 8], 'gating.gates': [1, 2] };

  it('average over seeds, and say of which', async () => {
    const [plan, ...others] = planFigures(
      await drawable({ 'architecture.width': [10, 30], replicates: 3 }, 'architecture.width'),
      surroundings,
    );
    expect(others).toEqual([]);
    expect(plan.table.columns).not.toContain('seed');
    expect(plan.table.rows).toHaveLength(2 * 2);
    expect(plan.footer).toContain('mean of seeds 11, 12, 13');
  });

  it('make no figures of axes that move together with x', async () => {
    const plans = planFigures(await drawable({ temperature: [0.1, 1], together }, 'dataset.trainSize'), surroundings);
    expect(plans.map(({ setting }) => setting)).toEqual(['temperature = 0.1', 'temperature = 1']);
    expect(plans.every(({ table }) => table.rows.length === 4)).toBe(true);
  });

  it('make one figure for each row of axes that move together besides x', async () => {
    const plans = planFigures(
      await drawable({ 'architecture.width': [10, 30], together }, 'architecture.width'),
      surroundings,
    );
    expect(plans.map(({ setting }) => setting)).toEqual(['trainSize = 4, gates = 1', 'trainSize = 8, gates = 2']);
    expect(plans.every(({ table }) => table.rows.length === 4)).toBe(true);
  });
});
