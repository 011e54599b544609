import { type ConformanceCase, createRandom, type Json, type JsonObject } from '@ggdln/core';
import { createWasmBackend } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import fixtures from '../../../fixtures/ggdln.json' with { type: 'json' };
import { learningPlugin } from '../src/index.ts';
import { linalg } from './problems.ts';

interface FixtureCase {
  readonly name: string;
  readonly compute: string;
  readonly params: JsonObject;
  readonly inputs: JsonObject;
  readonly expected: JsonObject;
  readonly tolerance: { readonly rtol?: number; readonly atol?: number; readonly sigmas?: number };
}

const cases = fixtures.cases as unknown as readonly FixtureCase[];
const numbersOf = (json: Json): number[] =>
  Array.isArray(json) ? json.flatMap((item: Json) => numbersOf(item)) : [json as number];
const compute = (fixture: FixtureCase) => learningPlugin.conformance?.[fixture.compute] as ConformanceCase;

describe.each(cases.filter(({ compute: name }) => name.startsWith('ggdln.gibbs-conditional')))('$name', (fixture) => {
  it('gives the weights that the fixture has for its noise', async () => {
    const found = await compute(fixture)(fixture, { rng: createRandom(1), linalg });
    const { rtol = 0, atol = 0 } = fixture.tolerance;
    expect(Object.keys(found).sort()).toEqual(Object.keys(fixture.expected).sort());
    for (const [name, expected] of Object.entries(fixture.expected)) {
      const values = numbersOf(found[name]);
      for (const [k, exact] of numbersOf(expected).entries()) {
        expect(Math.abs(values[k] - exact), `${name}[${k}]`).toBeLessThan(atol + rtol * Math.abs(exact));
      }
    }
  });
});

describe.each(cases.filter(({ compute: name }) => name === 'ggdln.posterior-statistics'))('$name', (fixture) => {
  it('agrees with independent sampling within combined standard errors, sharply', async () => {
    const found = await compute(fixture)(fixture, { rng: createRandom(1), linalg: await createWasmBackend() });
    const { expected, tolerance } = fixture;
    for (const name of ['meanF', 'varF', 'U', 'virial']) {
      const errors = numbersOf(found[`${name}_se`]);
      // The fixture has no errors of its variances; ours is the larger part of theirs.
      const theirs = numbersOf(expected[`${name}_se`] ?? found[`${name}_se`]);
      for (const [k, value] of numbersOf(found[name]).entries()) {
        const bound = (tolerance.sigmas ?? 0) * Math.hypot(errors[k], theirs[k]);
        expect(Math.abs(value - numbersOf(expected[name])[k]), `${name}[${k}]`).toBeLessThan(bound);
        // Errors not much above those of the fixture, which has 58 000 sweeps.
        expect(errors[k]).toBeLessThan(5 * theirs[k]);
      }
    }
  });
});
