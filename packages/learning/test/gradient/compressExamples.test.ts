import { createGalu, createGgdln, createMlp, drawPrior } from '@ggdln/architectures';
import { createRandom, type Problem } from '@ggdln/core';
import { sampleProblem } from '@ggdln/plugin-testkit';
import { describe, expect, it } from 'vitest';
import { compressExamples } from '../../src/compressExamples.ts';
import { createLossNetwork } from '../../src/gradient/createLossNetwork.ts';
import { gradientDescent } from '../../src/gradient/gradientDescent.ts';
import { langevin } from '../../src/gradient/langevin.ts';
import { finish, linalg, makeContext } from './problems.ts';

const many = { examples: 60, testExamples: 3, inputs: 3 };
const ggdln = createGgdln({ depth: 2, width: 4, sigma: 1.1 });
const CASES: readonly (readonly [string, Problem])[] = [
  ['ggdln, two layers', sampleProblem(ggdln, { ...many, gates: [2, 2] })],
  [
    'ggdln, two outputs',
    sampleProblem(createGgdln({ depth: 1, width: 5, sigma: 1 }), { ...many, gates: [3], outputs: 2 }),
  ],
  ['galu', sampleProblem(createGalu({ sigma: 1 }), { ...many, gates: [3] })],
];
const dimensionsOf = ({ train }: Problem) => ({
  inputs: train.X.cols,
  gates: train.gates.map(({ cols }) => cols),
  outputs: train.Y.cols,
});
const compressed = ({ architecture, train }: Problem) => compressExamples(architecture, train, linalg);

describe.each(CASES)('compressExamples, %s', (_, problem) => {
  it('keeps the loss and its gradient, with at most N0 examples a gate pattern', async () => {
    const fewer = compressed(problem)!;
    expect(fewer.train.X.rows).toBeLessThan(60);
    const patterns = new Map<string, number>();
    for (let i = 0; i < fewer.train.X.rows; i++) {
      const key = fewer.train.gates.map(({ cols, data }) => data.slice(i * cols, (i + 1) * cols).join()).join(';');
      patterns.set(key, (patterns.get(key) ?? 0) + 1);
    }
    expect(Math.max(...patterns.values())).toBe(3);
    const options = { gradient: 'analytic', precision: 'float64' } as const;
    const open = (compress: boolean) => createLossNetwork(problem, { ...options, compress }, makeContext(1), 'test');
    const [plain, short] = [await open(false), await open(true)];
    expect(short.energyScale).toBeCloseTo(plain.energyScale, 10);
    const theta = plain.flatten(drawPrior(problem.architecture, dimensionsOf(problem), createRandom(5)));
    const gradients = [plain, short].map(({ size }) => new Float64Array(size));
    const [energy, same] = [await plain.evaluate(theta, gradients[0]), await short.evaluate(theta, gradients[1])];
    expect(same / energy).toBeCloseTo(1, 12);
    gradients[0].forEach((slope, i) => {
      expect(gradients[1][i]).toBeCloseTo(slope, 9);
    });
  });

  it('descends to the same weights', async () => {
    const end = async (compress: boolean) => {
      const learner = gradientDescent({ steps: 60, precision: 'float64', compress, learningRate: 0.01 });
      return (await finish(learner, problem, makeContext(2))).result;
    };
    const [plain, short] = [await end(false), await end(true)];
    expect(short.diagnostics.compressedExamples.value).toBe(compressed(problem)!.train.X.rows);
    expect(plain.diagnostics.compressedExamples).toBeUndefined();
    expect(short.diagnostics.trainError.value).toBeCloseTo(plain.diagnostics.trainError.value, 9);
    for (const [name, weights] of Object.entries(plain.parameters[0])) {
      weights.forEach((w, i) => {
        expect(short.parameters[0][name][i]).toBeCloseTo(w, 8);
      });
    }
  });
});

describe('compressExamples', () => {
  it('is told of by Langevin sampling', async () => {
    const problem = sampleProblem(ggdln, { ...many, gates: [2, 2] });
    const { result } = await finish(langevin({ steps: 120, thin: 1 }), problem, makeContext(3));
    expect(result.diagnostics.compressedExamples.value).toBe(compressed(problem)!.train.X.rows);
    const plain = await finish(langevin({ steps: 120, thin: 1, compress: false }), problem, makeContext(3));
    expect(plain.result.diagnostics.compressedExamples).toBeUndefined();
  });

  it('leaves problems alone that have few examples a pattern, or units that are not linear', () => {
    expect(compressed(sampleProblem(ggdln, { ...many, examples: 6 }))).toBeUndefined();
    const relu = createMlp({ depth: 1, width: 5, sigma: 1, activation: 'relu' });
    expect(compressed(sampleProblem(relu, { ...many, gates: [1] }))).toBeUndefined();
    const linear = createMlp({ depth: 1, width: 5, sigma: 1, activation: 'linear' });
    expect(compressed(sampleProblem(linear, { ...many, gates: [1] }))?.train.X.rows).toBe(3);
  });

  it('counts what no weights explain', () => {
    const problem = sampleProblem(createMlp({ depth: 1, width: 5, sigma: 1, activation: 'linear' }), {
      ...many,
      gates: [1],
    });
    const { train, constant } = compressed(problem)!;
    const best = linalg.leastSquares(problem.train.X, problem.train.Y);
    const f = linalg.gemm(problem.train.X, best).data;
    const residual = f.reduce((sum, value, i) => sum + (value - problem.train.Y.data[i]) ** 2 / 2, 0);
    expect(constant).toBeCloseTo(residual, 10);
    expect(train.gates[0].rows).toBe(3);
  });
});
