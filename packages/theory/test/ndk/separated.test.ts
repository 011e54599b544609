import { createRandom } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { type Activation, linearActivation, reluActivation } from '../../src/kernels/index.ts';
import { type NdkProblem, ndkMean, ndkVariance, planNdk } from '../../src/ndk/index.ts';
import { ndkPoints } from '../../src/ndk/problem.ts';
import { separatedKernel } from '../../src/ndk/separated.ts';
import { backends, distance, gaussianMatrix } from '../helpers.ts';

const linalg = (await backends()).at(-1)!;
const rng = createRandom('separated');
const [P, TIMES] = [12, [0.5, 3]];
const X = gaussianMatrix(rng.stream('X'), P, 8);
const network = { activation: reluActivation, depth: 2, sigma: 1, sigma0: 1.3, temperature: 0.3 };
const problem: NdkProblem = {
  network,
  X,
  y: gaussianMatrix(rng.stream('y'), P, 1).data,
  test: { X: gaussianMatrix(rng.stream('test'), 2, 8) },
};
const how = { linalg, tolerance: 0.02 };
const withActivation = (activation: Activation): NdkProblem => ({ ...problem, network: { ...network, activation } });
/** The same numbers by an activation that doesn't say that it is homogeneous: a kernel for each pair of times. */
const pairByPair = (activation: Activation) => withActivation({ ...activation, homogeneous: false });

/** ReLU that counts the numbers of kernels that are asked of it. */
function counting(): { readonly activation: Activation; count: number } {
  const counter = { count: 0, activation: reluActivation };
  counter.activation = {
    ...reluActivation,
    rowMoments(k11, k12, k22, roots22, count, phi, slope) {
      counter.count += count;
      reluActivation.rowMoments?.(k11, k12, k22, roots22, count, phi, slope);
    },
  };
  return counter;
}

describe('integral equations of homogeneous activations', () => {
  it.each([reluActivation, linearActivation])(
    'mean and variance are those of every kernel on its own: $name',
    async (own) => {
      const [ours, each] = [withActivation(own), pairByPair(own)];
      const means = [await ndkMean(ours, TIMES, how), await ndkMean(each, TIMES, how)];
      expect(distance(means[0].test.data, means[1].test.data)).toBeLessThan(1e-11);
      expect(distance(means[0].train.data, means[1].train.data)).toBeLessThan(1e-11);
      const variances = [await ndkVariance(ours, TIMES, how), await ndkVariance(each, TIMES, how)];
      expect(distance(variances[0].mean.data, variances[1].mean.data)).toBeLessThan(1e-11);
      expect(distance(variances[0].variance.data, variances[1].variance.data)).toBeLessThan(1e-11);
    },
  );

  it.each([
    // Each mesh is laid out from a triangle of a kernel at both ends; and one more for the number of matrices.
    ['mean', ndkMean, 3 * 2],
    // One mesh a time and level; free variances of two tests at two times, in both layers.
    ['variance', ndkVariance, 2 * 2 * 2 + 2],
  ] as const)(
    'computes the kernels that are planned, a small part of those of every pair of times: %s',
    async (solve, run, triangles) => {
      const counter = counting();
      const planned = await planNdk(problem, TIMES, { linalg, meshes: 2, solve, tolerance: 0.02 });
      await run(withActivation(counter.activation), TIMES, how);
      const besides = (triangles * P * (P + 1)) / 2 + (solve === 'variance' ? 2 * 2 : 0);
      // Both layers are counted.
      expect(counter.count / 2 - besides).toBe(planned.kernelEvaluations);
      const all = await planNdk(pairByPair(reluActivation), TIMES, { linalg, meshes: 2, solve });
      expect(planned.kernelEvaluations).toBeLessThan(all.kernelEvaluations / 5);
      expect(planned.objects.map(({ name }) => name)).toContain('interpolated kernels');
    },
  );

  it('computes every kernel where that is less, where the digits asked for or the memory do not do', () => {
    const { train } = ndkPoints('test', problem, linalg);
    const wish = { kind: 'dynamical', end: 3, tolerance: 1e-5, matrices: 1000, bytes: 1e6 } as const;
    const found = (change: object, base = train) =>
      separatedKernel(network, base, { ...wish, ...change }) !== undefined;
    expect(found({})).toBe(true);
    expect(found({ matrices: 100 })).toBe(false);
    expect(found({ tolerance: 1e-12 })).toBe(false);
    expect(found({ bytes: 1000 })).toBe(false);
    const near = matrix(P, 8, X.data.slice());
    for (let k = 0; k < 8; k++) near.data[8 + k] = X.data[k] + 0.003 * problem.y[k];
    expect(found({}, ndkPoints('test', { ...problem, X: near }, linalg).train)).toBe(false);
  });
});
