import { createGalu } from '@ggdln/architectures';
import { createRandom, type Parameters, type Problem } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { sampleProblem } from '@ggdln/plugin-testkit';
import { describe, expect, it } from 'vitest';
import { inputCoordinates } from '../src/gibbs/inputCoordinates.ts';
import { createGibbsSampler, drawGaussianBlock } from '../src/index.ts';
import { linalg, randomProblem, sample } from './problems.ts';

const few = { P: 5, N0: 14, tests: 4 };

/** Inputs of N0 dimensions, of which training inputs leave out three and test inputs two. */
function unusedDimensions(P: number, N0: number): Problem {
  const problem = randomProblem({ widths: [4], gates: [3], P, N0, tests: 4 });
  const clear = (part: Problem['train'], unused: readonly number[]) => ({
    ...part,
    X: { ...part.X, data: part.X.data.map((x, i) => (unused.includes(i % N0) ? 0 : x)) },
  });
  return { ...problem, train: clear(problem.train, [0, 3, 5]), test: clear(problem.test, [0, 3]) };
}

const CASES: readonly (readonly [string, Problem, number])[] = [
  ['one layer', randomProblem({ widths: [4], gates: [3], ...few }), 6],
  ['two layers, two outputs', randomProblem({ widths: [3, 5], gates: [2, 3], outputs: 2, sigma: 0.9, ...few }), 6],
  ['unused dimensions', unusedDimensions(8, 7), 5],
  ['more inputs than many dimensions', randomProblem({ widths: [4], gates: [3], P: 135, N0: 130, tests: 4 }), 130],
  ['nearly as many inputs as many dimensions', randomProblem({ widths: [4], gates: [3], P: 129, N0: 130 }), 130],
  ['more inputs than dimensions, of which some are unused', unusedDimensions(135, 130), 128],
  [
    'gated linear units, two outputs',
    sampleProblem(createGalu({ sigma: 1.2 }), { examples: 5, testExamples: 4, inputs: 14, outputs: 2, gates: [4] }),
    6,
  ],
];

function closeTo(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-11): void {
  expect(found.length).toBe(expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs));
  Array.from(found, (value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(tolerance * largest));
}

describe.each(CASES)('sampling in fewer coordinates, %s', (title, problem, dimensions) => {
  const { architecture, train, test, temperature } = problem;
  const { sigma } = architecture;
  const name = architecture.inputWeights!;
  const conditionals = architecture.conditionals!;
  const y = train.Y.data;
  const sampler = createGibbsSampler({ architecture, train, y, temperature }, linalg);
  const { state } = sampler.sweep(sampler.init(createRandom(5)));

  it('keeps the outputs on training inputs, and draws the same weights every time', () => {
    expect(sampler.train.X.cols).toBe(dimensions);
    const weights = sampler.weights(state);
    expect(sampler.weights(state)).toEqual(weights);
    closeTo(
      architecture.predict(state.parameters, sampler.train, linalg).data,
      architecture.predict(weights, train, linalg).data,
    );
  });

  it('turns inputs until they are triangular, unless it only leaves a few dimensions out', () => {
    const { rows, cols, data } = sampler.train.X;
    const above = Array.from(data).filter((_, at) => at % cols > Math.floor(at / cols));
    expect(rows).toBeGreaterThan(1);
    expect(above.every((x) => x === 0)).toBe(title !== 'unused dimensions');
  });

  it('draws what the plain sampler draws from the same noise, turned', () => {
    const coordinates = inputCoordinates(architecture, train, linalg)!;
    const rng = createRandom(2);
    const reduced = conditionals.block(name, state.parameters, coordinates.train, linalg);
    const prior = rng.fillGaussian(new Float64Array(reduced.size), sigma);
    const noise = rng.fillGaussian(new Float64Array(y.length));
    // The same draw from the prior in all dimensions: what no training input sees is added.
    const whole = (weights: Float64Array): Parameters =>
      coordinates.weights({ ...state.parameters, [name]: weights }, createRandom('unseen'));
    const plain = conditionals.block(name, whole(prior), train, linalg);
    closeTo(plain.gram().data, reduced.gram().data);
    const given = { y, sigma, temperature, noise, name };
    const there = drawGaussianBlock(plain, { ...given, prior: whole(prior)[name] }, linalg).weights;
    const here = drawGaussianBlock(reduced, { ...given, prior }, linalg).weights;
    closeTo(whole(here)[name], there);
  });

  it('leaves the conditional predictor as it is, with or without the factor of the draw', () => {
    const { state: next, factor } = sampler.sweep(state);
    const expected = conditionals.conditionalPredictor(sampler.weights(next), { train, test, y, temperature }, linalg);
    const placed = { train: sampler.train, test: sampler.place(test), y, temperature };
    for (const given of [placed, { ...placed, factor: factor! }]) {
      const found = conditionals.conditionalPredictor(next.parameters, given, linalg);
      closeTo(found.mean, expected.mean);
      closeTo(found.variance, expected.variance);
    }
    const inside = conditionals.conditionalPredictor(next.parameters, { ...placed, test: sampler.train }, linalg);
    const again = conditionals.conditionalPredictor(next.parameters, { ...placed, test: sampler.place(train) }, linalg);
    closeTo(again.mean, inside.mean);
  });
});

describe('sampling in fewer coordinates', () => {
  it('gives sampled weights the law of the conditional predictor, and their prior where no input is', async () => {
    const problem = randomProblem({ widths: [4], gates: [3], ...few });
    const [sampled, conditional] = await Promise.all(
      (['sampled', 'conditional'] as const).map((estimator) => sample(problem, { sweeps: 8000, estimator })),
    );
    for (const kind of ['mean', 'variance'] as const) {
      const [a, b] = [sampled.result.predictor[kind], conditional.result.predictor[kind]];
      a.value.data.forEach((value, i) => {
        const error = Math.hypot(a.stderr!.data[i], b.stderr!.data[i]);
        expect(Math.abs(value - b.value.data[i]) / error, kind).toBeLessThan(5);
      });
    }
    expect(sampled.result.parameters[0].W1).toHaveLength(4 * 14);
  });

  it('draws unseen directions from the prior', () => {
    const { architecture, train } = randomProblem({ widths: [4], gates: [3], ...few, sigma: 1.3 });
    const coordinates = inputCoordinates(architecture, train, linalg)!;
    const parameters = { a: new Float64Array(12), W1: new Float64Array(4 * 6) };
    const [draws, unseen] = [400, 14 - 5];
    let square = 0;
    for (let i = 0; i < draws; i++) {
      const { W1 } = coordinates.weights(parameters, createRandom(i));
      closeTo(
        linalg.gemm(matrix(4, 14, W1), train.X, { transB: true }).data.map((h) => 1 + h),
        new Float64Array(20).fill(1),
      );
      square += W1.reduce((sum, w) => sum + w * w, 0);
    }
    const count = draws * 4 * unseen;
    expect(Math.abs(square / (1.3 ** 2 * count) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
  });

  it('does nothing where nothing is gained', () => {
    const { architecture, train } = randomProblem({ widths: [4], gates: [3], P: 6, N0: 7 });
    expect(inputCoordinates(architecture, train, linalg)).toBeUndefined();
    const { inputWeights: _, ...silent } = architecture;
    expect(inputCoordinates(silent, train, linalg)).toBeUndefined();
    const zero = { ...train, X: matrix(6, 30) };
    expect(inputCoordinates(architecture, zero, linalg)).toBeUndefined();
  });
});
