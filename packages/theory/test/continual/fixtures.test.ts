import { createRandom, type Json, type JsonObject } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { theoryPlugin } from '../../src/index.ts';
import { backends } from '../helpers.ts';
import { differences, type StoredCase, storedCases } from '../stored.ts';

const conformance = theoryPlugin.conformance!;
const cases = storedCases('continual.json');

/**
 * The reference took one diagonal entry of these tangent kernels from an angle of 1e-8 that rounding had opened between
 * an input and itself: |x|²/N0 and x·x/N0 were summed in different orders. Its angle is 0 (theory page bpkr, section 6).
 */
const roundedDiagonal = /^branch-kernel-relu-/;

describe.each(await backends())('reference numbers on $name', (linalg) => {
  const compute = ({ compute: name, params, inputs }: StoredCase) =>
    conformance[name]({ params, inputs }, { rng: createRandom(1), linalg });

  it.each(cases.filter(({ name }) => !roundedDiagonal.test(name)))('$name', async (fixture) => {
    const computed: Json = { ...(await compute(fixture)) };
    expect(differences(computed, fixture.expected, fixture.tolerance)).toEqual([]);
  });

  it.each(cases.filter(({ name }) => roundedDiagonal.test(name)))('$name, but one diagonal entry', async (fixture) => {
    const { ntkXX, ...computed } = await compute(fixture);
    const { ntkXX: expected, ...others } = fixture.expected;
    expect(differences(computed, others as JsonObject, fixture.tolerance)).toEqual([]);
    expect(differences(ntkXX, expected, fixture.tolerance).map((text) => text.split(':')[0])).toEqual(['.2.2']);
    expect(differences(ntkXX, expected, { rtol: 2e-8, atol: 0 })).toEqual([]);
  });
});

it('covers every case', () => {
  expect(cases).toHaveLength(15);
  expect(cases.filter(({ compute }) => !Object.hasOwn(conformance, compute))).toEqual([]);
});
