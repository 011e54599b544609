import { readFileSync } from 'node:fs';
import { createRandom, type Json, type JsonObject } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { conformance } from '../src/conformance.ts';
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
const sampled = 'ggdln.posterior-statistics';
const cases: Case[] = file.cases.filter(
  ({ compute }: Case) => Object.hasOwn(conformance, compute) && compute !== sampled,
);
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
  expect(others.sort()).toEqual(['ggdln.gibbs-conditional-l1', 'ggdln.gibbs-conditional-l2']);
  expect(cases).toHaveLength(13);
});

it('gives the theory half of the sampled posterior statistics, which is near the sampled half', async () => {
  const { params, inputs, expected } = file.cases.find(({ compute }: Case) => compute === sampled);
  const linalg = (await backends())[0];
  const { theoryU, theoryMean, theoryVar } = await conformance[sampled](
    { params, inputs },
    { rng: createRandom(1), linalg },
  );
  const exact = { rtol: 1e-6, atol: 1e-8 };
  expect(worst(theoryU, expected.theoryU, exact)).toBeLessThan(1);
  expect(worst(theoryMean, expected.theoryMean, exact)).toBeLessThan(1);
  expect(worst(theoryVar, expected.theoryVar, exact)).toBeLessThan(1);
  // Corrections are O(1/N), and N = 40.
  expect(worst(theoryU, expected.U, { rtol: 0, atol: 0.03 })).toBeLessThan(1);
  expect(worst(theoryMean, expected.meanF, { rtol: 0, atol: 0.014 })).toBeLessThan(1);
});

describe('stored cases in other forms', () => {
  const named = (name: string) => file.cases.find((item: Case) => item.name === name) as Case;
  const context = async () => ({ rng: createRandom(1), linalg: (await backends())[0] });

  it('need no test inputs', async () => {
    const { compute, params, inputs, expected } = named('l1_basic');
    const { Xtest: _, gatesTestTopFirst: __, ...rest } = inputs;
    const computed = await conformance[compute]({ params, inputs: rest }, await context());
    expect(worst(computed.action, expected.action, { rtol: 1e-6, atol: 0 })).toBeLessThan(1);
    expect(computed.mean).toEqual([]);
  });

  it('give order parameters of any depth at which to evaluate', async () => {
    const { params, inputs, expected } = named('l2_distinct_gates_widths');
    const at = { params, inputs: { ...inputs, U_topFirst: expected.U_topFirst } };
    const computed = await conformance['ggdln.action-at'](at, await context());
    expect(worst(computed.action, expected.action, { rtol: 1e-6, atol: 0 })).toBeLessThan(1);
    // The stored saddle has a residual below 1e-10.
    expect(computed.residual).toBeLessThan(1e-6);
    expect(worst(computed.mmNextU, expected.U_topFirst, { rtol: 1e-5, atol: 1e-6 })).toBeLessThan(1);
  });

  it('are refused where the closed form or the prefactor does not apply', async () => {
    const { params, inputs } = named('deep_linear_limit_M1_T0');
    const warm = conformance['ggdln.one-gate-limit']({ params: { ...params, T: 0.5 }, inputs }, await context());
    await expect(warm).rejects.toThrow('params.T is 0.5. The closed form holds at T = 0');
    const { y: _, Y: __, ...none } = inputs;
    const without = conformance['ggdln.one-gate-limit']({ params, inputs: none }, await context());
    await expect(without).rejects.toThrow('inputs.y and inputs.Y are absent');
    const saddle = named('l1_basic');
    const other = { params: { ...saddle.params, kernelPrefactor: 1 }, inputs: saddle.inputs };
    await expect(conformance['ggdln.saddle'](other, await context())).rejects.toThrow('params.kernelPrefactor is 1');
  });
});
