import { architecturesPlugin } from '@ggdln/architectures';
import { createRandom, type Json, type JsonObject } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import fixtures from '../../../../fixtures/gln.json' with { type: 'json' };
import { learningPlugin } from '../../src/index.ts';
import { linalg } from '../problems.ts';

interface FixtureCase {
  readonly name: string;
  readonly compute: string;
  readonly params: JsonObject;
  readonly inputs: JsonObject;
  readonly expected: JsonObject;
  readonly tolerance: { readonly rtol: number; readonly atol: number };
}

const cases = fixtures.cases as unknown as readonly FixtureCase[];
const conformance = { ...architecturesPlugin.conformance, ...learningPlugin.conformance };

/** Same nesting, and every number within the tolerance of the case. */
function expectNear(found: Json, expected: Json, at: string, { rtol, atol }: FixtureCase['tolerance']): void {
  if (Array.isArray(expected)) {
    expect(Array.isArray(found) && found.length, at).toBe(expected.length);
    for (const [i, item] of expected.entries())
      expectNear((found as readonly Json[])[i], item, `${at}[${i}]`, { rtol, atol });
    return;
  }
  const exact = expected as number;
  expect(Math.abs((found as number) - exact), at).toBeLessThanOrEqual(atol + rtol * Math.abs(exact));
}

describe.each(cases)('$name', ({ compute, params, inputs, expected, tolerance }) => {
  it('gives the reference numbers', async () => {
    const found = await conformance[compute]({ params, inputs }, { rng: createRandom(1), linalg });
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    for (const [key, value] of Object.entries(expected)) expectNear(found[key], value, key, tolerance);
  });
});

it('is logistic regression however large its inputs are: nothing is clipped', async () => {
  const [x, eta] = [9, 0.1];
  const stored = {
    inputs: { X: [[x]], targets: [0], initialWeights: [0.1, 0.3] },
    params: { eta, epsilon: 0.001, biasLogit: 1 },
  };
  const found = await conformance['gln.logistic-equivalence'](stored, { rng: createRandom(1), linalg });
  const p = 1 / (1 + Math.exp(-(0.1 + 0.3 * x)));
  expectNear(found.predictions, [p], 'predictions', { rtol: 1e-10, atol: 0 });
  expectNear(found.weightTrajectory, [[0.1 - eta * p, 0.3 - eta * p * x]], 'weights', { rtol: 1e-10, atol: 0 });
});
