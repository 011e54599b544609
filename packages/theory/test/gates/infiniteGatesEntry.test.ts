import { createRandom, type Problem, type RunContext } from '@ggdln/core';
import { createMlMatrixBackend, type Matrix, matrix } from '@ggdln/linalg';
import { testTheory } from '@ggdln/plugin-testkit';
import { describe, expect, it } from 'vitest';
import { infiniteGatesPredictor, theoryPlugin } from '../../src/index.ts';
import { distance, gaussianMatrix } from '../helpers.ts';

const linalg = createMlMatrixBackend();
const rng = createRandom(6);
const [X, Y, testX] = [gaussianMatrix(rng, 10, 6), gaussianMatrix(rng, 10, 2), gaussianMatrix(rng, 4, 6)];
const entry = theoryPlugin.theory!['infinite-gates'];
const context: RunContext = { rng, linalg };

const problemOf = (family: string): Problem => ({
  train: { X, Y, gates: [matrix(10, 2), matrix(10, 1)] },
  test: { X: testX, Y: matrix(4, 2), gates: [matrix(4, 2), matrix(4, 1)] },
  gateNames: [['a', 'b'], ['c']],
  architecture: { family, widths: [7, 9], sigma: 1.2, shapes: () => ({}), predict: () => expect.unreachable() },
  temperature: 0.1,
});

testTheory('infinite-gates', entry, { problem: problemOf('ggdln') });
testTheory('infinite-gates at T = 0', entry, {
  problem: { ...problemOf('ggdln'), temperature: 0 },
  options: { threshold: -0.3, centre: false },
});

describe('infinite-gates', () => {
  it('is the plain function at the depth of the network, centred on the training inputs or not', async () => {
    const setting = { X, y: Y, depth: 2, sigma: 1.2, temperature: 0.1, threshold: 0.2 };
    const found = (centre: boolean) => entry.create({ threshold: 0.2, centre }).solve(problemOf('ggdln'), context);
    const plain = await infiniteGatesPredictor({ ...setting, test: { X: testX } }, { linalg });
    expect((await found(false)).predictor).toEqual(plain.predictor);
    const mean = Array.from({ length: 6 }, (_, j) => {
      const column = Array.from({ length: 10 }, (_, i) => X.data[i * 6 + j]);
      return column.reduce((a, b) => a + b) / 10;
    });
    const minusMean = (a: Matrix) => ({ ...a, data: a.data.map((value, at) => value - mean[at % 6]) });
    const test = { X: testX, gateX: minusMean(testX) };
    const centred = await infiniteGatesPredictor({ ...setting, gateX: minusMean(X), test }, { linalg });
    const { predictor } = await found(true);
    expect(distance(predictor.mean.data, centred.predictor.mean.data)).toBeLessThan(1e-12);
    expect(distance(predictor.mean.data, plain.predictor.mean.data)).toBeGreaterThan(1e-3);
  });

  it('says that networks without half-spaces have no such limit', async () => {
    expect(entry.supports({ family: 'dln', depth: 1, outputs: 1, temperature: 0 })?.reason).toMatch(
      /half-space gates \(ggdln\), not of dln/,
    );
    await expect(entry.create({ threshold: 0, centre: true }).solve(problemOf('dln'), context)).rejects.toMatchObject({
      code: 'GGDLN_INCOMPATIBLE',
    });
  });
});
