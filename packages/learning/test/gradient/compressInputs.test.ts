import { createGalu, createGgdln, createMlp, drawPrior } from '@ggdln/architectures';
import { type Architecture, createRandom, type Problem } from '@ggdln/core';
import { sampleProblem } from '@ggdln/plugin-testkit';
import { describe, expect, it } from 'vitest';
import { blockGibbs } from '../../src/gibbs/blockGibbs.ts';
import { compressInputs } from '../../src/gradient/compressInputs.ts';
import { gradientDescent } from '../../src/gradient/gradientDescent.ts';
import { langevin } from '../../src/gradient/langevin.ts';
import { finish, linalg, linearProblem, makeContext } from './problems.ts';

const few = { examples: 5, testExamples: 3, inputs: 14 };

/** Twenty inputs of six dimensions, of which only four are ever used. */
function unusedDimensions(architecture: Architecture): Problem {
  const problem = sampleProblem(architecture, { examples: 14, testExamples: 6, inputs: 6 });
  const clear = (part: Problem['train']) => ({
    ...part,
    X: { ...part.X, data: part.X.data.map((x, i) => (i % 6 === 0 || i % 6 === 4 ? 0 : x)) },
  });
  return { ...problem, train: clear(problem.train), test: clear(problem.test) };
}

const ggdln = createGgdln({ depth: 2, width: 4, sigma: 1.1 });
const CASES: readonly (readonly [string, Problem, number])[] = [
  ['ggdln with few inputs', sampleProblem(ggdln, few), 8],
  ['ggdln, two outputs', sampleProblem(ggdln, { ...few, outputs: 2 }), 8],
  ['ggdln with unused dimensions', unusedDimensions(ggdln), 4],
  ['galu', sampleProblem(createGalu({ sigma: 1 }), { ...few, gates: [4] }), 8],
  ['mlp', sampleProblem(createMlp({ depth: 1, width: 5, sigma: 1, activation: 'relu' }), { ...few, gates: [1] }), 8],
];

const dimensionsOf = ({ train }: Problem) => ({
  inputs: train.X.cols,
  gates: train.gates.map(({ cols }) => cols),
  outputs: train.Y.cols,
});

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i])));
}

describe.each(CASES)('compressInputs, %s', (_, problem, rank) => {
  it('keeps outputs, splits weights and puts them together again', () => {
    const compression = compressInputs(problem, linalg)!;
    expect(compression.rank).toBe(rank);
    const { architecture, train, test } = problem;
    const weights = drawPrior(architecture, dimensionsOf(problem), createRandom(3));
    const { parameters, unseen } = compression.split(weights);
    for (const [part, compressed] of [
      [train, compression.problem.train],
      [test, compression.problem.test],
    ] as const) {
      const expected = architecture.predict(weights, part, linalg).data;
      expect(largestDifference(architecture.predict(parameters, compressed, linalg).data, expected)).toBeLessThan(
        1e-12,
      );
    }
    const name = architecture.inputWeights!;
    expect(largestDifference(compression.join(parameters, unseen)[name], weights[name])).toBeLessThan(1e-12);
    const noise = compression.drawUnseen(createRandom(1), 2);
    expect(compression.split({ ...weights, [name]: noise }).parameters[name].every((w) => Math.abs(w) < 1e-12)).toBe(
      true,
    );
    const squares = noise.reduce((sum, w) => sum + w * w, 0);
    const count = (noise.length / train.X.cols) * (train.X.cols - rank);
    expect(Math.abs(squares / (4 * count) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
  });

  it('gives gradient descent the same numbers, every weight included', async () => {
    const options = { steps: 60, learningRate: 0.02, tolerance: 0, precision: 'float64' } as const;
    const [plain, compressed] = await Promise.all(
      [false, true].map(async (compress) => {
        return (await finish(gradientDescent({ ...options, compress }), problem, makeContext(4))).result;
      }),
    );
    expect(compressed.diagnostics.inputDimensions.value).toBe(rank);
    expect(plain.diagnostics.inputDimensions).toBeUndefined();
    expect(compressed.diagnostics.trainError.value / plain.diagnostics.trainError.value).toBeCloseTo(1, 9);
    expect(compressed.diagnostics.gradientNorm.value / plain.diagnostics.gradientNorm.value).toBeCloseTo(1, 9);
    expect(largestDifference(compressed.predictor.mean.value.data, plain.predictor.mean.value.data)).toBeLessThan(
      1e-10,
    );
    for (const [name, values] of Object.entries(plain.parameters[0])) {
      expect(largestDifference(compressed.parameters[0][name], values), name).toBeLessThan(1e-10);
    }
  });
});

describe('compression of inputs', () => {
  it('gives Langevin sampling the same law', async () => {
    const problem = sampleProblem(createGgdln({ depth: 1, width: 6, sigma: 1 }), few);
    const exact = (await finish(blockGibbs({ sweeps: 3000 }), problem, makeContext(1))).result;
    const { result } = await finish(langevin({ steps: 2500, thin: 5 }), problem, makeContext(2));
    expect(result.diagnostics.inputDimensions.value).toBe(8);
    for (const kind of ['mean', 'variance'] as const) {
      const [a, b] = [result.predictor[kind], exact.predictor[kind]];
      a.value.data.forEach((value, i) => {
        const error = Math.hypot(a.stderr!.data[i], b.stderr!.data[i]);
        expect(Math.abs(value - b.value.data[i]) / error, kind).toBeLessThan(5);
      });
    }
    expect(Math.abs(result.diagnostics.virial.value)).toBeLessThan(5 * result.diagnostics.virial.stderr!);
    expect(result.parameters[0].W1).toHaveLength(6 * 14);
  });

  it('does nothing where nothing is gained or the architecture does not say what reads the inputs', () => {
    expect(compressInputs(sampleProblem(ggdln, { examples: 20, inputs: 6 }), linalg)).toBeUndefined();
    const linear = linearProblem(0.1, 1);
    expect(compressInputs({ ...linear, test: linear.train }, linalg)).toBeUndefined();
  });
});
