import { createRandom } from '@ggdln/core';
import { type Matrix, matrix, trace } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { createExactSampler, exactLayerGrams, exactPreparedBpkr, prepareBpkr } from '../../src/bpkr/index.ts';
import { distance } from '../helpers.ts';
import { linalg, problemOf } from './problems.ts';

type Given = ReturnType<typeof problemOf>;

/** Activities X^L, …, X^1 and the output on some inputs, by the definition of the network. */
function pass({ widths }: Given, parameters: { readonly [name: string]: Float64Array }, X: Matrix) {
  const layers: Matrix[] = [];
  let below = X;
  for (let l = 1; l <= widths.length; l++) {
    const rows = widths[widths.length - l];
    const W = matrix(rows, below.cols, parameters[`W${l}`]);
    below = linalg.gemm(below, W, { transB: true, alpha: 1 / Math.sqrt(below.cols) });
    layers.unshift(below);
  }
  const f = linalg.gemm(below, matrix(widths[0], 1, parameters.a), { alpha: 1 / Math.sqrt(widths[0]) });
  return { layers, f };
}

/** Mean and standard error of each entry over independent samples: as many effective samples as samples. */
function moments(samples: readonly number[][]) {
  const n = samples.length;
  return samples[0].map((_, j) => {
    const mean = samples.reduce((sum, row) => sum + row[j], 0) / n;
    const square = samples.reduce((sum, row) => sum + (row[j] - mean) ** 2, 0) / (n - 1);
    return { mean, stderr: Math.sqrt(square / n) };
  });
}

const problems: [string, Given][] = [
  ['T = 0, narrower than P', problemOf({ P: 10, N0: 14, widths: [8, 6] })],
  ['T = 0, one layer', problemOf({ P: 10, N0: 14, widths: [12] })],
  ['T > 0, three unequal layers', problemOf({ P: 12, N0: 10, widths: [8, 12, 10], temperature: 0.3 })],
  ['T = 0, P > N0', problemOf({ P: 14, N0: 6, widths: [20, 9] })],
  ['T > 0, widths of one and two units', problemOf({ P: 6, N0: 5, widths: [2, 1], temperature: 0.5, sigma: 0.9 })],
];

describe.each(problems)('independent networks: %s', (_, problem) => {
  it('agree with the exact posterior within 4 standard errors', async () => {
    const prepared = await prepareBpkr(problem, { linalg });
    const exact = await exactPreparedBpkr(prepared, problem);
    const grams = await exactLayerGrams(prepared, problem, { withTest: true });
    const sampler = await createExactSampler(prepared, problem);
    const rng = createRandom('networks');
    const { mean, variance } = exact.predictor;
    const rows = Array.from({ length: 4000 }, () => {
      const { parameters, U } = sampler.sample(rng);
      const train = pass(problem, parameters, problem.X);
      const test = pass(problem, parameters, problem.test.X);
      const norms = Object.values(parameters).map(
        (w) => w.reduce((sum, v) => sum + v * v, 0) / problem.sigma ** 2 - w.length,
      );
      const squares = test.layers.map((layer) => layer.data.reduce((sum, v) => sum + v * v, 0) / layer.cols);
      const first = train.layers.map((layer) => linalg.syrk(layer, { alpha: 1 / layer.cols }).data[1]);
      const error = train.f.data.reduce((sum, f, mu) => sum + (f - problem.y.data[mu]) ** 2, 0) / problem.X.rows;
      return {
        f: Array.from(test.f.data, (value, x) => [value, (value - mean.data[x]) ** 2]).flat(),
        others: [...U, U.reduce((s, u) => s * u, 1), error, ...norms, ...squares, ...first],
      };
    });
    const P = problem.X.rows;
    const testTrace = (gram: Matrix) => trace(gram) - trace({ rows: P, cols: P, data: block(gram, P) });
    const expected = [
      ...Array.from(mean.data, (value, x) => [value, variance.data[x]]).flat(),
      ...exact.U,
      exact.G[exact.G.length - 1],
      exact.trainError,
      ...problem.widths.map(() => exact.layerNormExcess),
      exact.layerNormExcess,
      ...grams.map(testTrace),
      ...grams.map((gram) => gram.data[1]),
    ];
    const found = moments(rows.map(({ f, others }) => [...f, ...others]));
    expect(found).toHaveLength(expected.length);
    for (const [j, { mean: value, stderr }] of found.entries()) {
      expect(
        Math.abs(value - expected[j]),
        `quantity ${j} of ${expected.length}: ${value}, ${expected[j]}`,
      ).toBeLessThan(4 * stderr + 1e-10);
    }
  });
});

function block(a: Matrix, size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, at) => a.data[Math.floor(at / size) * a.cols + (at % size)]);
}

it('at T = 0 every network fits its targets', async () => {
  const problem = problemOf({ P: 10, N0: 14, widths: [3, 6, 4] });
  const sampler = await createExactSampler(await prepareBpkr(problem, { linalg }), problem);
  const rng = createRandom(3);
  for (let k = 0; k < 20; k++) {
    const { parameters, U } = sampler.sample(rng);
    expect(distance(pass(problem, parameters, problem.X).f.data, problem.y.data)).toBeLessThan(1e-9);
    const readout = parameters.a.reduce((sum, value) => sum + value * value, 0) / 3;
    expect(readout).toBeCloseTo(U[0], 10);
  }
});

it('the same stream gives the same network, another one another', async () => {
  const problem = problemOf({ temperature: 0.1 });
  const sampler = await createExactSampler(await prepareBpkr(problem, { linalg }), problem);
  const draw = (seed: number) => sampler.sample(createRandom(seed));
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1).parameters.W1).not.toEqual(draw(2).parameters.W1);
  expect(draw(1).parameters.W2).toHaveLength(18 * 24);
});
