import { readFileSync } from 'node:fs';
import { createRandom, type Json, type JsonObject } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { galuConformance } from '../../src/galu/conformance.ts';
import { backends } from '../helpers.ts';

interface Case {
  readonly name: string;
  readonly compute: string;
  readonly params: JsonObject;
  readonly inputs: JsonObject;
  readonly expected: JsonObject;
  readonly tolerance: { readonly rtol: number; readonly atol: number };
}

const { cases }: { cases: Case[] } = JSON.parse(
  readFileSync(new URL('../../../../fixtures/galu.json', import.meta.url), 'utf8'),
);

function flat(value: Json): (number | boolean)[] {
  if (Array.isArray(value)) return value.flatMap(flat);
  if (typeof value === 'number' || typeof value === 'boolean') return [value];
  throw new Error(`not numbers: ${JSON.stringify(value)}`);
}

function expectClose(computed: Json, expected: Json, { rtol, atol }: Case['tolerance'], key: string): void {
  const [a, b] = [flat(computed), flat(expected)];
  expect(a, key).toHaveLength(b.length);
  a.forEach((value, i) => {
    const other = b[i];
    if (typeof other === 'boolean') expect(value, key).toBe(other);
    else expect(Math.abs(Number(value) - other), key).toBeLessThanOrEqual(atol + rtol * Math.abs(other));
  });
}

describe.each(await backends())('reference numbers on $name', (linalg) => {
  it.each(cases)('$name', async ({ compute, params, inputs, expected, tolerance }) => {
    const computed = await galuConformance[compute]({ params, inputs }, { rng: createRandom(1), linalg });
    expect(Object.keys(computed).sort()).toEqual(Object.keys(expected).sort());
    for (const key of Object.keys(expected)) expectClose(computed[key], expected[key], tolerance, key);
  });
});

it('computes every case of the file', () => {
  expect(new Set(cases.map(({ compute }) => compute))).toEqual(new Set(Object.keys(galuConformance)));
});
