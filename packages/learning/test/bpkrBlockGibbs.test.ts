import { createRandom, type Json, type JsonObject } from '@ggdln/core';
import { createWasmBackend } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import fixtures from '../../../fixtures/bpkr.json' with { type: 'json' };
import { learningPlugin } from '../src/index.ts';

interface FixtureCase {
  readonly name: string;
  readonly compute: string;
  readonly params: JsonObject;
  readonly inputs: JsonObject;
  readonly expected: JsonObject & { readonly exact: JsonObject };
  readonly tolerance: { readonly sigmas: number };
}

const cases = (fixtures.cases as unknown as readonly FixtureCase[]).filter(
  ({ compute }) => compute === 'bpkr.block-gibbs',
);
const numbersOf = (json: Json): number[] =>
  Array.isArray(json) ? json.flatMap((item: Json) => numbersOf(item)) : [json as number];

it('has cases of one output and of several', () => {
  expect(cases.map(({ params }) => params.C)).toEqual([1, 1, 1, 2]);
});

describe.each(cases)('$name', ({ compute, params, inputs, expected, tolerance }) => {
  it('agrees with independent sampling, and with exact values within 4 standard errors', async () => {
    const found = await learningPlugin.conformance![compute](
      { params, inputs },
      { rng: createRandom(1), linalg: await createWasmBackend() },
    );
    expect(Object.keys(found).sort()).toEqual(
      Object.keys(expected)
        .filter((key) => key !== 'exact')
        .sort(),
    );
    const compare = (key: string, values: number[], errors: number[], sigmas: number) => {
      const own = numbersOf(found[`${key}StdError`]);
      for (const [k, value] of numbersOf(found[key]).entries()) {
        const bound = sigmas * Math.hypot(own[k], errors[k]);
        expect(Math.abs(value - values[k]), `${key}[${k}]: ${value}, expected ${values[k]}`).toBeLessThan(bound);
        // Errors not much above those of the fixture, whose chains have 9 000 sweeps.
        expect(own[k], `error of ${key}[${k}]`).toBeLessThan(3 * numbersOf(expected[`${key}StdError`])[k]);
      }
    };
    for (const key of ['mean', 'var', 'layerNormExcess', 'G']) {
      compare(key, numbersOf(expected[key]), numbersOf(expected[`${key}StdError`]), tolerance.sigmas);
    }
    const { exact } = expected;
    if (params.C === 1) {
      const zeros = (values: number[]) => values.map(() => 0);
      for (const key of ['mean', 'var']) compare(key, numbersOf(exact[key]), zeros(numbersOf(exact[key])), 4);
      compare('G', [exact.Es as number], [0], 4);
      const excess = numbersOf(expected.layerNormExcess).map(() => exact.layerNormExcess as number);
      compare('layerNormExcess', excess, zeros(excess), 4);
    } else {
      compare('G', numbersOf(exact.G), numbersOf(exact.GStdError), 4);
    }
    expect(found.maxSplitRhat).toBeLessThan(1.01);
    expect(found.minEss).toBeGreaterThan(1000);
  });
});
