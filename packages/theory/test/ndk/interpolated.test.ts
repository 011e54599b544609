import { createRandom } from '@ggdln/core';
import { type Matrix, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { linearActivation, reluActivation } from '../../src/kernels/index.ts';
import { type NdkProblem, ndkEulerScheme, scaledErfActivation } from '../../src/ndk/index.ts';
import { interpolatedHistory } from '../../src/ndk/interpolated.ts';
import { ndkPoints } from '../../src/ndk/problem.ts';
import { largest } from '../../src/ndk/refine.ts';
import { backends, distance, gaussianMatrix } from '../helpers.ts';

const linalg = (await backends()).at(-1)!;
const rng = createRandom('interpolated');
const [STEPS, STEP] = [40, 0.02];
const X = gaussianMatrix(rng.stream('X'), 8, 5);
const y = gaussianMatrix(rng.stream('y'), 8, 1).data;
const network = { activation: reluActivation, depth: 2, sigma: 1.1, sigma0: 1.5, temperature: 0.3 };
const good: NdkProblem = { network, X, y, test: { X: gaussianMatrix(rng.stream('test'), 3, 5) } };

const scheme = async (problem: NdkProblem): Promise<Matrix> =>
  ndkEulerScheme(problem, STEP, matrix(STEPS, 11), { linalg });
const isInterpolated = (problem: NdkProblem, steps = STEPS, step = STEP) =>
  interpolatedHistory(problem.network, ndkPoints('test', problem, linalg).all, step, steps, linalg) !== undefined;
/** The second-last input is the first one, but for so much. */
const withTwins = (difference: number): NdkProblem => {
  const twins = { ...good, X: matrix(8, 5, X.data.slice()) };
  for (let k = 0; k < 5; k++) twins.X.data[30 + k] = X.data[k] + difference * y[k];
  return twins;
};
/** The same numbers by activations that don't say that they are homogeneous: every kernel on its own. */
const pairByPair = (problem: NdkProblem): NdkProblem => {
  const activation = { ...problem.network.activation, homogeneous: false };
  return { ...problem, network: { ...problem.network, activation } };
};

describe('the simulated scheme of homogeneous activations', () => {
  it.each([
    ['three layers', { depth: 3 }],
    ['a narrow start', { sigma0: 0.2 }],
    ['linear', { activation: linearActivation }],
    ['slow weights', { temperature: 1e-3 }],
    ['fast weights', { temperature: 20 }],
  ])('%s: interpolated kernels give what every kernel on its own gives', async (_name, change) => {
    const problem = { ...good, network: { ...network, ...change } };
    expect(isInterpolated(problem)).toBe(true);
    expect(isInterpolated(pairByPair(problem))).toBe(false);
    const [ours, each] = [await scheme(problem), await scheme(pairByPair(problem))];
    expect(distance(ours.data, each.data)).toBeLessThan(1e-12 * largest(each.data));
  });

  it.each([0, 1e-9, 1e-4])('takes two inputs that differ by %s', async (difference) => {
    const twice = withTwins(difference);
    expect(isInterpolated(twice)).toBe(true);
    expect(distance((await scheme(twice)).data, (await scheme(pairByPair(twice))).data)).toBeLessThan(1e-12);
  });

  it('takes every kernel on its own where that is less, where few nodes do not do, or at any other activation', () => {
    expect(isInterpolated(good, 5)).toBe(false);
    // The angle between these inputs matters at some times and not at others.
    expect(isInterpolated(withTwins(1e-2), 1e6, 1e-6)).toBe(false);
    expect(isInterpolated({ ...good, network: { ...network, activation: scaledErfActivation() } })).toBe(false);
  });

  it('takes weights that never change', async () => {
    // Rounding opens angles of 1e-8 between an input and itself; here one kernel serves for all times.
    const still = { ...good, network: { ...network, temperature: 0 } };
    expect(distance((await scheme(still)).data, (await scheme(pairByPair(still))).data)).toBeLessThan(1e-7);
  });
});
