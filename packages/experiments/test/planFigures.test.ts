import { createRegistry, createTable, type Row } from '@ggdln/core';
import { expect, test } from 'vitest';
import { type Drawable, describeAxis, planFigures, resolveSpec, roleNamesOf } from '../src/index.ts';
import { doubles } from './doubles.ts';
import { baseSpec, registry, resolved } from './helpers.ts';

const surroundings = { registry, version: '1.2.3', linalg: 'wasm' };
const columns = ['architecture.width', 'temperature', 'source', 'role', 'metric', 'value', 'stderr'];

const row = (width: number, temperature: number, role: string, metric: string): Row => ({
  'architecture.width': width,
  temperature,
  source: role,
  role,
  metric,
  value: width * temperature,
  stderr: null,
});

function swept(...temperatures: number[]): Drawable {
  const sweep = {
    'architecture.width': [10, 30, 100],
    ...(temperatures.length > 1 ? { temperature: temperatures } : {}),
  };
  const rows = [10, 30, 100].flatMap((width) =>
    temperatures.flatMap((temperature) =>
      ['bias', 'variance'].flatMap((metric) => [
        row(width, temperature, 'theory', metric),
        row(width, temperature, 'gradient-descent', metric),
      ]),
    ),
  );
  const used = temperatures.length > 1 ? columns : columns.filter((column) => column !== 'temperature');
  const cut = rows.map((cells) => Object.fromEntries(used.map((column) => [column, cells[column]])));
  return {
    spec: resolved({ sweep, figure: { x: 'architecture.width', metrics: ['bias', 'variance'] } }),
    table: createTable(cut, used),
  };
}

test('one axis is one figure, with every row but the spread of one trained network', () => {
  const drawable = swept(0.01);
  const [plan, ...others] = planFigures(drawable, surroundings);
  expect(others).toEqual([]);
  expect(plan).toMatchObject({ suffix: '', setting: '', title: 'Does width help?', width: 1040 });
  expect(plan.footer).toBe('width · seed 11 · ggdln 1.2.3 · wasm');
  const left = drawable.table.rows.filter(({ role, metric }) => role === 'theory' || metric === 'bias');
  expect(plan.table.rows).toEqual(left);
  expect(plan.subtitle).toContain('T\u00a0=\u00a00.01');
});

test('a second axis makes a figure for each of its values, that together draw every row once', () => {
  const plans = planFigures(swept(0.1, 1), surroundings);
  expect(plans.map(({ suffix, setting }) => [suffix, setting])).toEqual([
    ['-temperature=0.1', 'temperature = 0.1'],
    ['-temperature=1', 'temperature = 1'],
  ]);
  expect(plans.map(({ table }) => [...new Set(table.rows.map(({ temperature }) => temperature))])).toEqual([
    [0.1],
    [1],
  ]);
  expect(plans[0].subtitle.match(/T|temperature/g)).toEqual(['temperature']);
});

test('there is no figure without rows', () => {
  const { spec, table } = swept(0.1);
  expect(planFigures({ spec, table: createTable([], table.columns) }, surroundings)).toEqual([]);
});

test('an axis is logarithmic only over a decade', () => {
  const scaleOf = (widths: number[]) =>
    describeAxis('architecture.width', resolved({ sweep: { 'architecture.width': widths } }), registry).scale;
  expect(scaleOf([10, 30, 100])).toBe('log');
  expect(scaleOf([10, 30, 99])).toBe('linear');
});

test('an axis is logarithmic wherever its values are given', () => {
  const widths = [10, 30, 100];
  const together = { 'architecture.width': widths, temperature: [0.1, 0.2, 0.3] };
  const grouped = resolved({ sweep: { together } });
  expect(describeAxis('architecture.width', grouped, registry).scale).toBe('log');
  const { learners: [first, ...others] = [], ...rest } = resolved({});
  const at = { ...rest, learners: [{ ...first, at: { 'architecture.width': widths } }, ...others] };
  expect(describeAxis('architecture.width', at, registry).scale).toBe('log');
});

test('a role is called what its learners say, where all of them say the same', () => {
  const sampler = doubles.learner?.sampler;
  if (!sampler) throw new Error('the doubles have no sampler');
  const named = { ...sampler, roleName: 'HMC ± 1 s.e.' };
  const own = createRegistry([{ ...doubles, learner: { ...doubles.learner, moves: named, others: named } }]);
  const namesOf = (...uses: string[]) =>
    roleNamesOf(resolveSpec({ ...baseSpec, learners: uses.map((use) => ({ use })) }, own), own);
  expect(namesOf('moves')).toEqual({ [sampler.role]: 'HMC ± 1 s.e.' });
  expect(namesOf('moves', 'others')).toEqual({ [sampler.role]: 'HMC ± 1 s.e.' });
  expect(namesOf('moves', 'sampler')).toEqual({});
  expect(namesOf('sampler')).toEqual({});
  expect(planFigures(swept(0.01), surroundings)[0].names).toEqual({});
});
