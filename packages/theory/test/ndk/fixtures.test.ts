import { createRandom } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { ndkConformance } from '../../src/ndk/conformance.ts';
import { backends } from '../helpers.ts';
import { differences, storedCases } from '../stored.ts';

const cases = storedCases('ndk.json').filter(({ compute }) => Object.hasOwn(ndkConformance, compute));

/** Minutes of integral equations: on the fastest backend alone. */
const long = new Set(['ndk.traj', 'ndk.variance', 'ndk.diffusive', 'ndk.drift']);

const all = await backends();
describe.each(all)('reference numbers on $name', (linalg) => {
  const here = cases.filter(({ compute }) => linalg === all.at(-1) || !long.has(compute));
  it.each(here)('$name', { timeout: 120_000 }, async ({ compute, params, inputs, expected, tolerance }) => {
    const computed = await ndkConformance[compute]({ params, inputs }, { rng: createRandom(1), linalg });
    expect(differences({ ...computed }, expected, tolerance)).toEqual([]);
  });
});
