import { readFileSync } from 'node:fs';
import { createRandom, type Json, type JsonObject } from '@ggdln/core';
import { matrixFromRows, toRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { conformance } from '../src/conformance.ts';
import { solveGgdln } from '../src/index.ts';
import { backends } from './helpers.ts';

interface Case {
  readonly name: string;
  readonly compute: string;
  readonly params: JsonObject;
  readonly inputs: JsonObject;
  readonly expected: JsonObject;
  readonly tolerance: { readonly rtol: number; readonly atol: number };
}

const file = JSON.parse(readFileSync(new URL('../../../fixtures/ggdln.json', import.meta.url), 'utf8'));
const cases: Case[] = file.cases.filter(({ compute }: Case) => Object.hasOwn(conformance, compute));
/** Says how another implementation got there, not what the answer is. */
const informative = new Set(['mmIterationsTo1e8']);

function numbersOf(value: Json): number[] {
  if (typeof value === 'number') return [value];
  if (Array.isArray(value)) return value.flatMap(numbersOf);
  throw new Error(`not numbers: ${JSON.stringify(value)}`);
}

/** Largest |computed − expected| in units of atol + rtol |expected|. */
function worst(computed: Json, expected: Json, { rtol, atol }: Case['tolerance']): number {
  const [a, b] = [numbersOf(computed), numbersOf(expected)];
  expect(a).toHaveLength(b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]) / (atol + rtol * Math.abs(b[i]))));
}

describe.each(await backends())('reference numbers on $name', (linalg) => {
  it.each(cases)('$name', async ({ compute, params, inputs, expected, tolerance }) => {
    const computed = await conformance[compute]({ params, inputs }, { rng: createRandom(1), linalg });
    const keys = Object.keys(expected).filter((key) => !informative.has(key));
    expect(Object.keys(computed).sort()).toEqual(keys.sort());
    for (const key of keys) expect(worst(computed[key], expected[key], tolerance), key).toBeLessThan(1);
  });
});

it('covers all of the file but what is sampled', () => {
  const inFile = new Set(file.cases.map(({ compute }: Case) => compute));
  const others = [...inFile].filter((compute) => !Object.hasOwn(conformance, String(compute)));
  expect(others.sort()).toEqual([
    'ggdln.gibbs-conditional-l1',
    'ggdln.gibbs-conditional-l2',
    'ggdln.posterior-statistics',
  ]);
  expect(cases).toHaveLength(13);
});

it('gives the theory half of the sampled posterior statistics, which is near the sampled half', async () => {
  const { params, inputs, expected } = file.cases.find(({ compute }: Case) => compute === 'ggdln.posterior-statistics');
  const { U, predictor } = await solveGgdln({
    X: matrixFromRows(inputs.X),
    y: Float64Array.from(inputs.y),
    gates: [matrixFromRows(inputs.gates)],
    test: { X: matrixFromRows(inputs.Xtest), gates: [matrixFromRows(inputs.gatesTest)] },
    widths: [params.N],
    sigma: Math.sqrt(params.sigma2),
    temperature: params.T,
  });
  const { mean, variance } = predictor;
  const exact = { rtol: 1e-6, atol: 1e-8 };
  expect(worst(toRows(U[0]), expected.theoryU, exact)).toBeLessThan(1);
  expect(worst(Array.from(mean.data), expected.theoryMean, exact)).toBeLessThan(1);
  expect(worst(Array.from(variance.data), expected.theoryVar, exact)).toBeLessThan(1);
  // Corrections are O(1/N), and N = 40.
  expect(worst(toRows(U[0]), expected.U, { rtol: 0, atol: 0.03 })).toBeLessThan(1);
  expect(worst(Array.from(mean.data), expected.meanF, { rtol: 0, atol: 0.014 })).toBeLessThan(1);
});
