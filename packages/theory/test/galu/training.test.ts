import { createRandom } from '@ggdln/core';
import { add, identity, type Matrix, matrix, matrixFromRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  type GaluProblem,
  galuDynamics,
  galuLogistic,
  galuMap,
  galuMinimumNorm,
  galuRidge,
} from '../../src/galu/index.ts';
import { distance, gaussianMatrix } from '../helpers.ts';
import { linalg, randomGalu } from './helpers.ts';

/** kd > m and kd < m, two outputs. */
const problems = [
  ['more weights than inputs', randomGalu({ seed: 2, m: 15, d: 4, k: 9, outputs: 2 })],
  ['fewer weights than inputs', randomGalu({ seed: 3, m: 40, d: 3, k: 5, outputs: 2 })],
] as const;

const mapOf = ({ X, network }: GaluProblem) => galuMap(X, network, linalg);
const normOf = (a: Matrix) => Math.sqrt(a.data.reduce((sum, value) => sum + value * value, 0));

describe.each(problems)('with %s', (_, problem) => {
  const map = mapOf(problem);
  const minimum = galuMinimumNorm(problem, linalg);

  it('the minimum norm solves the normal equations, in the row space of Φ', () => {
    const residual = add(map.forward(minimum.weights), problem.y, 1, -1);
    expect(normOf(map.adjoint(residual))).toBeLessThan(1e-10);
    const features = map.features();
    const rowSpace = linalg.svd(features).v;
    const projected = linalg.gemm(linalg.gemm(minimum.weights, rowSpace), rowSpace, { transB: true });
    expect(distance(projected.data, minimum.weights.data)).toBeLessThan(1e-10);
    expect(distance(minimum.predict(problem.X).data, minimum.outputs.data)).toBeLessThan(1e-10);
    expect(minimum.trainMse).toBeCloseTo(normOf(residual) ** 2 / problem.X.rows, 12);
  });

  it('ridge regression makes its own gradient vanish, and ends in the minimum norm', () => {
    const lambda = 0.3;
    const { weights } = galuRidge(problem, lambda, linalg);
    const residual = add(map.forward(weights), problem.y, 1, -1);
    expect(normOf(add(map.adjoint(residual), weights, 1, lambda))).toBeLessThan(1e-12);
    const weak = galuRidge(problem, 1e-9, linalg);
    expect(distance(weak.outputs.data, minimum.outputs.data)).toBeLessThan(1e-4);
    expect(galuRidge(problem, 3, linalg).trainMse).toBeGreaterThan(galuRidge(problem, lambda, linalg).trainMse);
  });

  it('gradient descent in closed form is gradient descent', () => {
    const initial = gaussianMatrix(createRandom(4), 2, map.adjoint(problem.y).cols);
    const dynamics = galuDynamics(problem, linalg, { initial });
    const m = problem.X.rows;
    const eta = 0.9 * dynamics.stableBelow;
    let weights = initial;
    for (let step = 0; step < 30; step++) {
      const residual = add(map.forward(weights), problem.y, 1, -1);
      weights = add(weights, map.adjoint(residual), 1, -eta / m);
    }
    const state = dynamics.afterSteps(eta, 30);
    expect(distance(state.weights().data, weights.data)).toBeLessThan(1e-11);
    expect(distance(state.outputs.data, map.forward(weights).data)).toBeLessThan(1e-11);
    expect(state.loss).toBeCloseTo(normOf(add(map.forward(weights), problem.y, 1, -1)) ** 2 / (2 * m), 12);
    expect(distance(state.predict(problem.X).data, state.outputs.data)).toBeLessThan(1e-11);
  });

  it('the flow is the limit of small steps', () => {
    const dynamics = galuDynamics(problem, linalg);
    const flow = dynamics.atTime(2).outputs.data;
    const errors = [1000, 2000].map((steps) => distance(dynamics.afterSteps(2 / steps, steps).outputs.data, flow));
    expect(errors[0]).toBeLessThan(1e-2);
    expect(errors[0] / errors[1]).toBeCloseTo(2, 1);
  });

  it('training from 0 ends in the minimum norm; from elsewhere what Φ does not see stays', () => {
    expect(distance(galuDynamics(problem, linalg).atTime(Infinity).outputs.data, minimum.outputs.data)).toBeLessThan(
      1e-9,
    );
    const fromZero = galuDynamics(problem, linalg).atTime(Infinity).weights();
    expect(normOf(add(fromZero, minimum.weights, 1, -1)) / normOf(minimum.weights)).toBeLessThan(1e-7);
    const initial = gaussianMatrix(createRandom(6), 2, minimum.weights.cols);
    const end = galuDynamics(problem, linalg, { initial }).atTime(Infinity).weights();
    const { s, v } = linalg.svd(map.features());
    const seen = s.findIndex((value) => value < 1e-10 * s[0]);
    expect(seen).toBe(-1);
    const displacement = add(end, initial, 1, -1);
    const inRowSpace = linalg.gemm(linalg.gemm(displacement, v), v, { transB: true });
    expect(distance(inRowSpace.data, displacement.data)).toBeLessThan(1e-9);
    expect(distance(map.forward(end).data, minimum.outputs.data)).toBeLessThan(1e-9);
  });

  it('outputs are trained independently of each other', () => {
    const first = {
      ...problem,
      y: matrix(
        problem.X.rows,
        1,
        problem.y.data.filter((_, i) => i % 2 === 0),
      ),
    };
    const one = galuRidge(first, 0.1, linalg).weights.data;
    expect(distance(galuRidge(problem, 0.1, linalg).weights.data.slice(0, one.length), one)).toBeLessThan(1e-12);
    expect(galuMinimumNorm(first, linalg).trainMse).toBeLessThanOrEqual(minimum.trainMse);
  });
});

describe('interpolation', () => {
  const [, problem] = problems[0];

  it('costs ‖w‖² = yᵀK⁻¹y', () => {
    const { normSquared, rank } = galuMinimumNorm(problem, linalg);
    expect(rank).toBe(15);
    const factor = linalg.cholesky(mapOf(problem).kernel());
    const whitened = linalg.triangularSolve(factor, problem.y);
    expect(normSquared / normOf(whitened) ** 2).toBeCloseTo(1, 9);
  });

  it('is not for inputs with no open gate', () => {
    const X = matrixFromRows([[1], [-2], [3]]);
    const dead: GaluProblem = { X, y: Float64Array.of(1, 1, 3), network: { U: matrixFromRows([[1]]) } };
    for (const fit of [galuMinimumNorm(dead, linalg), galuRidge(dead, 1e-9, linalg)]) {
      expect(fit.deadInputs).toEqual([1]);
      expect(fit.outputs.data[1]).toBe(0);
      expect(fit.trainMse).toBeCloseTo(1 / 3, 7);
    }
    expect(galuDynamics(dead, linalg).atTime(Infinity).loss).toBeCloseTo(1 / 6, 12);
  });

  it('begins along the gradient, to all digits', () => {
    const eta = 1e-12;
    const weights = galuDynamics(problem, linalg).afterSteps(eta, 1).weights();
    const step = mapOf(problem)
      .adjoint(problem.y)
      .data.map((value) => (eta * value) / 15);
    expect(distance(weights.data, step) / eta).toBeLessThan(1e-11);
  });

  it('stays put when nothing can be learned', () => {
    const nothing: GaluProblem = { X: matrixFromRows([[-1]]), y: Float64Array.of(2), network: { U: identity(1) } };
    const dynamics = galuDynamics(nothing, linalg);
    expect(dynamics.stableBelow).toBe(Number.POSITIVE_INFINITY);
    expect(dynamics.afterSteps(5, 100).loss).toBe(2);
    expect(galuMinimumNorm(nothing, linalg)).toMatchObject({ rank: 0, trainMse: 4, normSquared: 0 });
  });
});

describe('logistic regression', () => {
  const labelled = (problem: ReturnType<typeof randomGalu>) => ({ ...problem, y: problem.y.data.map(Math.sign) });

  it.each([
    ['more weights than inputs', labelled(randomGalu({ seed: 5, m: 15, d: 4, k: 9 })), 0.05],
    ['fewer weights than inputs', labelled(randomGalu({ seed: 6, m: 40, d: 3, k: 5 })), 0.05],
    ['hardly any ridge', labelled(randomGalu({ seed: 5, m: 15, d: 4, k: 9 })), 1e-5],
  ])('finds the one optimum with %s', (_, problem, lambda) => {
    const map = mapOf(problem);
    const fit = galuLogistic(problem, lambda, linalg);
    const m = problem.X.rows;
    const losses = problem.y.map((label, row) => Math.log1p(Math.exp(-label * fit.outputs.data[row])) / m);
    const penalty = (lambda / 2) * normOf(fit.weights) ** 2;
    expect(fit.loss).toBeCloseTo(
      losses.reduce((sum, loss) => sum + loss, penalty),
      12,
    );
    const slope = problem.y.map((label, row) => -label / (m * (1 + Math.exp(label * fit.outputs.data[row]))));
    const gradient = add(map.adjoint(matrix(m, 1, slope)), fit.weights, 1, lambda);
    expect(normOf(gradient)).toBeLessThan(1e-12);
    expect(distance(fit.predict(problem.X).data, fit.outputs.data)).toBe(0);
  });

  it('has outputs of least squares, over 4 (λ m), where the ridge is strong', () => {
    const problem = labelled(randomGalu({ seed: 5, m: 15, d: 4, k: 9 }));
    const lambda = 1e5;
    // The loss near f = 0 is ln 2 − yf/2 + f²/8: least squares to the targets 2y with the ridge 4mλ.
    const { weights } = galuLogistic(problem, lambda, linalg);
    const near = galuRidge({ ...problem, y: problem.y.map((label) => 2 * label) }, 4 * 15 * lambda, linalg).weights;
    expect(normOf(add(weights, near, 1, -1)) / normOf(near)).toBeLessThan(1e-9);
  });
});

describe('bad input', () => {
  const problem = randomGalu();
  const { stableBelow } = galuDynamics(problem, linalg);

  it.each([
    [() => galuMinimumNorm({ ...problem, y: matrix(3, 1) }, linalg), /y \(m × C\) is 3 × 1\. It should be 20 × 1/],
    [() => galuMinimumNorm({ ...problem, y: matrix(20, 0) }, linalg), /y is 20 × 0: nothing to fit/],
    [() => galuRidge(problem, 0, linalg), /lambda is 0\. Give a finite number > 0; galuMinimumNorm is λ → 0/],
    [() => galuDynamics(problem, linalg, { initial: matrix(1, 5) }), /initial \(C × kd\) is 1 × 5/],
    [() => galuDynamics(problem, linalg).afterSteps(1, 2.5), /the number of steps is 2\.5/],
    [() => galuDynamics(problem, linalg).afterSteps(0, 2), /the learning rate is 0/],
    [() => galuDynamics(problem, linalg).afterSteps(stableBelow, 2), /is not below [\d.]+ = 2m\/κ_max, so .* diverges/],
    [() => galuDynamics(problem, linalg).atTime(-1), /the time is -1\. Give a number ≥ 0/],
    [() => galuLogistic({ ...problem, y: new Float64Array(20) }, 1, linalg), /a label is 0\. Labels are 1 and −1/],
    [() => galuLogistic(problem, 0, linalg), /lambda is 0\. .*separable labels have no optimum/],
    [() => galuLogistic({ ...problem, y: matrix(20, 2) }, 1, linalg), /galuLogistic got 2 outputs/],
  ])('%# says what is wrong', (call, message) => {
    expect(call).toThrow(message);
  });
});
