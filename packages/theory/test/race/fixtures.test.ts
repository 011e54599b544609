import { createRandom, type Json } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { raceConformance } from '../../src/race/conformance.ts';
import { backends } from '../helpers.ts';
import { differences, storedCases } from '../stored.ts';

const all = storedCases('gdln.json');
const cases = all.filter(({ compute }) => Object.hasOwn(raceConformance, compute));

describe.each(await backends())('reference numbers on $name', (linalg) => {
  it.each(cases)('$name', async ({ compute, params, inputs, expected, tolerance }) => {
    const computed = await raceConformance[compute]({ params, inputs }, { rng: createRandom(1), linalg });
    expect(differences({ ...computed }, expected, tolerance)).toEqual([]);
  });
});

it('computes XOR from examples in any order, unit k with example k', async () => {
  const [{ params, inputs, expected }] = cases.filter(({ compute }) => compute === 'gdln.xor');
  const order = [2, 0, 3, 1];
  const reorder = (name: string) => order.map((k) => (inputs[name] as Json[])[k]);
  const [linalg] = await backends();
  const moved = { params, inputs: { ...inputs, X: reorder('X'), y: reorder('y') } };
  const computed = await raceConformance['gdln.xor'](moved, { rng: createRandom(1), linalg });
  expect(differences({ ...computed }, expected, { rtol: 1e-9, atol: 1e-13 })).toEqual([]);
});

it('computes every case of the file but those of graphs, of gates and of classification', () => {
  const others = all.filter(({ compute }) => !Object.hasOwn(raceConformance, compute));
  expect(new Set(others.map(({ compute }) => compute))).toEqual(new Set(['gdln.graph', 'gdln.kpath', 'gdln.gates']));
  expect(cases).toHaveLength(12);
});
