import { createGalu, createGgdln, createMlp } from '@ggdln/architectures';
import type { Architecture, Problem } from '@ggdln/core';
import { sampleProblem } from '@ggdln/plugin-testkit';
import { describe, expect, it } from 'vitest';
import { gradientDescent } from '../../src/gradient/gradientDescent.ts';
import { langevin } from '../../src/gradient/langevin.ts';
import { blockGibbs } from '../../src/index.ts';
import { finish, makeContext } from './problems.ts';

type Change = (value: number, row: number, column: number) => number;

/** With a gate that is off everywhere, and with one input at which all are. */
function closedGates(name: string, problem: Problem) {
  return [
    [`${name}: a gate that is never open`, changed(problem, same, (value, _, m) => (m === 1 ? 0 : value))],
    [`${name}: an input without gates`, changed(problem, same, (value, row) => (row === 7 ? 0 : value))],
  ] as const;
}

/** The problem with other training inputs or gates. */
function changed(problem: Problem, X: Change, gates: Change = (value) => value): Problem {
  const map = <M extends { cols: number; data: Float64Array }>(a: M, change: Change): M => ({
    ...a,
    data: a.data.map((value, at) => change(value, Math.floor(at / a.cols), at % a.cols)),
  });
  const { train } = problem;
  return { ...problem, train: { ...train, X: map(train.X, X), gates: train.gates.map((each) => map(each, gates)) } };
}

const same: Change = (value) => value;
const networks: readonly (readonly [string, Architecture, readonly number[]])[] = [
  ['ggdln', createGgdln({ depth: 2, width: 4, sigma: 1 }), [3, 2]],
  ['galu', createGalu({ sigma: 1 }), [3]],
  ['relu', createMlp({ depth: 1, width: 5, sigma: 1, activation: 'relu' }), [1]],
];

const CASES = networks.flatMap(([name, architecture, gates]) => {
  const make = (examples: number, testExamples: number, inputs: number) =>
    sampleProblem(architecture, { examples, testExamples, inputs, gates });
  const zeros: Change = () => 0;
  const repeat = (problem: Problem, period: number) =>
    changed(problem, (_, row, j) => problem.train.X.data[(row % period) * problem.train.X.cols + j]);
  const zeroTests = (problem: Problem): Problem => ({
    ...problem,
    test: { ...problem.test, X: { ...problem.test.X, data: problem.test.X.data.map(() => 0) } },
  });
  const flat = (problem: Problem): Problem =>
    changed(problem, (_, row, j) => problem.train.X.data[row * problem.train.X.cols + (j % 2)]);
  return [
    [`${name}: one input fewer than dimensions`, make(5, 3, 9)],
    [`${name}: as many inputs as dimensions`, make(5, 3, 8)],
    [`${name}: one input more than dimensions`, make(5, 3, 7)],
    [`${name}: inputs given several times`, repeat(make(12, 3, 6), 4)],
    [`${name}: more inputs than dimensions, given several times`, repeat(make(40, 3, 3), 20)],
    [`${name}: zero training inputs`, changed(make(5, 3, 10), zeros)],
    [`${name}: no input but zeros`, zeroTests(changed(make(5, 3, 10), zeros))],
    [`${name}: one input of zeros`, changed(make(6, 3, 12), (value, row) => (row === 2 ? 0 : value))],
    [`${name}: inputs of two dimensions`, flat(make(6, 3, 12))],
    [`${name}: one training input`, make(1, 1, 10)],
    ...(name === 'relu' ? [] : closedGates(name, make(40, 3, 3))),
  ] as const;
});

const closeTo = (found: ArrayLike<number>, expected: ArrayLike<number>) => {
  expect(found.length).toBe(expected.length);
  Array.from(expected, (value, i) => expect(Math.abs(found[i] - value)).toBeLessThan(1e-9 * (1 + Math.abs(value))));
};

describe.each(CASES)('reductions, %s', (_, problem) => {
  it('give gradient descent the same weights and outputs', async () => {
    const options = { steps: 30, learningRate: 0.01, tolerance: 0, precision: 'float64' } as const;
    const [plain, reduced] = await Promise.all(
      [false, true].map(async (compress) => {
        return (await finish(gradientDescent({ ...options, compress }), problem, makeContext(4))).result;
      }),
    );
    closeTo(reduced.predictor.mean.value.data, plain.predictor.mean.value.data);
    closeTo([reduced.diagnostics.trainError.value], [plain.diagnostics.trainError.value]);
    for (const [name, weights] of Object.entries(plain.parameters[0])) closeTo(reduced.parameters[0][name], weights);
  });

  it('leave Langevin and block Gibbs sampling finite', async () => {
    const short = await finish(langevin({ steps: 120, thin: 1 }), problem, makeContext(5));
    const exact = problem.architecture.conditionals
      ? [await finish(blockGibbs({ sweeps: 40 }), problem, makeContext(6))]
      : [];
    for (const { result } of [short, ...exact]) {
      expect(result.predictor.mean.value.data.every(Number.isFinite)).toBe(true);
      expect(result.predictor.variance.value.data.every((value) => value >= 0)).toBe(true);
      for (const weights of Object.values(result.parameters[0])) expect(weights.every(Number.isFinite)).toBe(true);
    }
  });
});
