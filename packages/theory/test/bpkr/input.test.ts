import { GgdlnError } from '@ggdln/core';
import { type Matrix, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  type BpkrProblem,
  createExactSampler,
  exactBpkr,
  exactLayerGrams,
  layerGrams,
  predictorErrors,
  prepareBpkr,
  solveBpkr,
  solvePreparedBpkr,
} from '../../src/bpkr/index.ts';
import { prepareWithKernel } from '../../src/bpkr/prepare.ts';
import { linalg, problemOf } from './problems.ts';

const good = problemOf({ temperature: 0.1 });
const options = { linalg };

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => expect.unreachable('this should have failed'),
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(GgdlnError);
  return error.message;
}

describe('bad problems are refused with what is wrong and what would be right', () => {
  const cases: [string, Partial<BpkrProblem>, RegExp][] = [
    ['no examples', { X: matrix(0, 3) }, /X is 0 × 3\. Give at least one example with one input/],
    ['X as nested lists', { X: [[1]] as unknown as Matrix }, /X \(P × N0\) is not a matrix/],
    ['y of another length', { y: new Float64Array(7) }, /y \(P × C\) is 7 × 1\. It should be 12 × 1/],
    ['y without columns', { y: matrix(12, 0) }, /y is 12 × 0: no outputs/],
    ['y with NaN', { y: new Float64Array(12).fill(Number.NaN) }, /y \(P × C\) has NaN at row 0, column 0/],
    [
      'test inputs of another size',
      { test: { X: matrix(2, 3) } },
      /test\.X \(P_test × N0\) is 2 × 3\. It should be 2 × 16/,
    ],
    ['no layers', { widths: [] }, /widths is empty\. Give one width a hidden layer, top first/],
    ['half a unit', { widths: [10, 0.5] }, /widths\[1\] is 0\.5\. A width is a whole number of units ≥ 1/],
    ['σ = 0', { sigma: 0 }, /sigma is 0\. The prior standard deviation of a weight is a finite number > 0/],
    ['T < 0', { temperature: -1 }, /temperature is -1\. Give a finite number ≥ 0/],
    ['T = NaN', { temperature: Number.NaN }, /temperature is NaN/],
  ];
  it.each(cases)('%s', async (_, change, message) => {
    expect(await messageOf(solveBpkr({ ...good, ...change }, options))).toMatch(message);
    expect(await messageOf(exactBpkr({ ...good, ...change }, options))).toMatch(message);
  });

  it('a step of the grid that is no fine step', async () => {
    expect(await messageOf(exactBpkr(good, { linalg, step: 1 }))).toMatch(
      /step is 1\. Give a number between 0 and 0\.1/,
    );
  });

  it('errors on targets of another shape, or on no test inputs', async () => {
    const { predictor } = await solveBpkr(good, options);
    expect(() => predictorErrors(predictor, matrix(3, 1))).toThrow(/the test targets .* is 3 × 1\. It should be 4 × 1/);
    const none = matrix(0, 1);
    expect(() => predictorErrors({ mean: none, variance: none }, none)).toThrow(/there are no test inputs/);
  });
});

describe('what has no answer is refused', () => {
  it('the exact law of several outputs', async () => {
    const problem = problemOf({ outputs: 2 });
    expect(await messageOf(exactBpkr(problem, options))).toMatch(
      /there are 2 outputs\. The exact law is .* one output/,
    );
  });

  it('a posterior that cannot be normalised', async () => {
    const problem = { ...problemOf({ widths: [30, 12] }), y: new Float64Array(12) };
    expect(await messageOf(exactBpkr(problem, options))).toMatch(
      /the targets are zero, T = 0 and the narrowest layer has 12 units: the posterior sits at f = 0\. Take T > 0/,
    );
    const wider = await exactBpkr({ ...problem, widths: [30, 13] }, options);
    expect(wider.U[1]).toBeCloseTo((1.21 * 1) / 13, 10);
  });

  it('two maxima that no grid holds', async () => {
    const far = { X: matrix(1, 1, Float64Array.of(1)), y: Float64Array.of(5637.24), sigma: 1, temperature: 300 };
    expect(await messageOf(exactBpkr({ ...far, widths: [2000, 2000] }, options))).toMatch(
      /the posterior has maxima at log s = 5\.2 and 0\.5, too far apart for one grid\. Sample the network instead/,
    );
  });

  it('layers, exact averages and samples of the ReLU heuristic', async () => {
    const prepared = await prepareWithKernel(good, 2, options);
    const solution = await solvePreparedBpkr(prepared, good);
    expect(() => layerGrams(prepared, good, solution)).toThrow(/says nothing of single layers and has no exact law/);
    for (const work of [exactLayerGrams(prepared, good), createExactSampler(prepared, good)]) {
      expect(await messageOf(work)).toMatch(
        /the network is not linear\. The exact law is that of deep linear networks/,
      );
    }
  });

  it('Gram matrices where an output has collapsed', async () => {
    const problem = { ...problemOf({ widths: [5] }), y: new Float64Array(12) };
    const prepared = await prepareBpkr(problem, options);
    const solution = await solvePreparedBpkr(prepared, problem);
    expect(() => layerGrams(prepared, problem, solution)).toThrow(
      /has collapsed to 0, where F G⁻¹ Fᵀ is 0\/0\. Take T > 0/,
    );
  });
});

it.each([1, 2])('stops when cancelled, C = %i', async (outputs) => {
  const problem = problemOf({ outputs, temperature: 0.1 });
  const prepared = await prepareBpkr(problem, options);
  const cancelled = { linalg, signal: AbortSignal.abort() };
  await expect(prepareBpkr(problem, cancelled)).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
  await expect(solvePreparedBpkr(prepared, problem, cancelled)).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
});
