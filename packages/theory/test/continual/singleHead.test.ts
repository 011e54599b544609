import { createRandom } from '@ggdln/core';
import { type Matrix, matrix, selectMatrixRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  branchKernel,
  type ContinualNetwork,
  type ContinualTask,
  continualGibbs,
  continualLimit,
  forgettingMatrix,
  inputGram,
  type WeightChain,
  weightVariances,
} from '../../src/continual/index.ts';
import { chainInnovations, keptShare } from '../../src/continual/innovations.ts';
import { linearActivation, reluActivation } from '../../src/kernels/index.ts';
import { backends, distance, gaussianMatrix, scaled } from '../helpers.ts';

const linalg = (await backends()).at(-1)!;
const N0 = 6;

function tasks(count: number, P: number, seed = 'tasks'): ContinualTask[] {
  return Array.from({ length: count }, (_, t) => {
    const rng = createRandom(seed).stream(t);
    return { X: gaussianMatrix(rng, P, N0), y: rng.fillGaussian(new Float64Array(P)) };
  });
}

const queries = gaussianMatrix(createRandom('queries'), 5, N0);
const networks: [string, ContinualNetwork][] = [
  ['linear, one layer', { activation: linearActivation, depth: 1 }],
  ['ReLU, one layer', { activation: reluActivation, depth: 1 }],
  ['ReLU, two layers', { activation: reluActivation, depth: 2 }],
];
const chain: WeightChain = { lambda: 3, sigma2: 1.4 };

/** Regression with one kernel and noise. */
function regression(network: ContinualNetwork, sigma2: number, { X, y }: ContinualTask, noise = 0) {
  const law = { variances: [sigma2, sigma2], covariance: sigma2 } as const;
  const own = branchKernel(network, law, inputGram(X, X, linalg)).outputs;
  for (let i = 0; i < X.rows; i++) own.data[i * (X.rows + 1)] += noise;
  const across = branchKernel(network, law, inputGram(queries, X, linalg)).outputs;
  return linalg.gemm(across, linalg.choleskySolve(linalg.cholesky(own), matrix(y.length, 1, y))).data;
}

const lastRow = (a: Matrix) => a.data.slice(-a.cols);

describe.each(networks)('%s', (_name, network) => {
  it('innovations telescope to the covariance of the outputs and are symmetric', () => {
    const innovations = chainInnovations(network, chain, 4, linalg);
    const [{ X }] = tasks(1, 4);
    const variances = weightVariances(chain, 4);
    const [t, other] = [3, 2];
    const sum = matrix(4, 5);
    for (let s = 0; s <= other; s++) {
      const block = innovations.block(s, t, other, X, queries);
      for (let k = 0; k < 20; k++) sum.data[k] += block.data[k];
      const back = innovations.block(s, other, t, queries, X);
      for (let i = 0; i < 4; i++)
        for (let j = 0; j < 5; j++) expect(back.data[j * 4 + i]).toBeCloseTo(block.data[i * 5 + j], 12);
    }
    const law = {
      variances: [variances[t], variances[other]],
      covariance: keptShare(chain) ** (t - other) * variances[other],
    } as const;
    const whole = branchKernel(network, law, inputGram(X, queries, linalg)).outputs;
    expect(distance(sum.data, whole.data)).toBeLessThan(1e-12);
  });

  it('innovations are positive semidefinite at equal times', () => {
    const innovations = chainInnovations(network, chain, 3, linalg);
    for (const s of [0, 1, 2])
      expect(linalg.symmetricEigen(innovations.block(s, 2, 2, queries, queries)).values[0]).toBeGreaterThan(-1e-12);
  });

  it('interpolated tasks have no error and no variance on their own inputs', async () => {
    const some = tasks(3, 4);
    const { mean, variance } = await continualGibbs({ network, tasks: some }, chain, { linalg });
    some.forEach(({ y }, t) => {
      expect(distance(mean[t].data.slice(4 * t, 4 * t + 4), y)).toBeLessThan(1e-10);
      expect(Math.max(...variance[t].data.slice(4 * t, 4 * t + 4))).toBeLessThan(1e-10);
    });
  });

  it('λ = 0 learns every task from scratch', async () => {
    const some = tasks(3, 4);
    const problem = { network, tasks: some, points: [queries] };
    const { mean } = await continualGibbs(problem, { lambda: 0, sigma2: 1.4, beta: 20 }, { linalg });
    some.forEach((task, t) => {
      const alone = regression(network, 1.4, task, 1 / 20);
      expect(distance(mean[0].data.slice(5 * t, 5 * t + 5), alone)).toBeLessThan(1e-12);
    });
  });

  it('one task is NNGP regression whatever λ', async () => {
    const [task] = tasks(1, 4);
    const problem = { network, tasks: [task], points: [queries] };
    const { mean } = await continualGibbs(problem, { lambda: 17, sigma2: 0.8 }, { linalg });
    expect(distance(mean[0].data, regression(network, 0.8, task))).toBeLessThan(1e-10);
  });

  it('large λ tends to the limit, mean and variance; the faster for linear networks', async () => {
    const some = tasks(3, 4);
    const problem = { network, tasks: some, points: [queries] };
    const limit = await continualLimit(problem, { sigma2: 1.2, mode: 'gibbs' }, { linalg });
    const distanceAt = async (lambda: number) => {
      const { mean, variance } = await continualGibbs(problem, { lambda, sigma2: 1.2 }, { linalg });
      return [distance(mean[0].data, limit.mean[0].data), distance(variance[0].data, limit.variance[0].data)];
    };
    const [near, nearer] = [await distanceAt(1e4), await distanceAt(1e6)];
    const order = network.activation === linearActivation ? 1 : 0.5;
    for (const k of [0, 1]) {
      const rate = Math.log(near[k] / nearer[k]) / Math.log(100);
      expect(rate).toBeGreaterThan(order - 0.1);
      expect(rate).toBeLessThan(order + 0.1);
    }
  });

  it('means scale with the targets and variances do not', async () => {
    const some = tasks(3, 4);
    const twice = some.map(({ X, y }) => ({ X, y: y.map((value) => 2 * value) }));
    const solve = (given: ContinualTask[]) =>
      continualGibbs({ network, tasks: given, points: [queries] }, { ...chain, beta: 5 }, { linalg });
    const [one, two] = [await solve(some), await solve(twice)];
    expect(distance(two.mean[0].data, scaled(one.mean[0], 2).data)).toBeLessThan(1e-12);
    expect(distance(two.variance[0].data, one.variance[0].data)).toBe(0);
  });

  it.each(['gibbs', 'gradient'] as const)('in the limit, mode %s, repeating a task changes nothing', async (mode) => {
    const [task, other] = tasks(2, 4);
    const problem = { network, tasks: [other, task, task], points: [queries] };
    const { mean } = await continualLimit(problem, { sigma2: 1, mode }, { linalg });
    expect(distance(mean[0].data.slice(5, 10), lastRow(mean[0]))).toBeLessThan(1e-12);
  });
});

describe('forgettingMatrix', () => {
  it('is 0 on the diagonal for interpolated tasks, and adds the variance where given', async () => {
    const some = tasks(3, 4);
    const network = { activation: reluActivation, depth: 1 };
    const solution = await continualGibbs({ network, tasks: some }, chain, { linalg });
    const targets = some.map(({ y }) => y);
    const F = forgettingMatrix({ mean: solution.mean }, targets);
    const whole = forgettingMatrix(solution, targets);
    for (const t of [0, 1, 2]) expect(whole.data[4 * t]).toBeLessThan(1e-10);
    expect(F.data[3]).toBeGreaterThan(1e-3);
    const added = solution.variance[0].data.slice(4, 8).reduce((sum, value) => sum + value / 4, 0);
    expect(whole.data[3] - F.data[3]).toBeCloseTo(added, 12);
  });

  it('refuses targets that do not fit', () => {
    const mean = [matrix(2, 3), matrix(2, 3)];
    expect(() => forgettingMatrix({ mean }, [new Float64Array(3)])).toThrow(/1 sets of targets for 2 of outputs/);
    expect(() => forgettingMatrix({ mean }, [new Float64Array(3), new Float64Array(2)])).toThrow(/targets\[1\] has 2/);
  });
});

describe('bad input', () => {
  const network = { activation: reluActivation, depth: 1 };
  const good = tasks(2, 4);
  const gibbs = (given: Partial<Parameters<typeof continualGibbs>[0]>, law: WeightChain & { beta?: number } = chain) =>
    continualGibbs({ network, tasks: good, ...given }, law, { linalg });

  it('is named', async () => {
    await expect(gibbs({ tasks: [] })).rejects.toThrow(/there are no tasks/);
    await expect(gibbs({ tasks: [good[0], { ...good[1], X: matrix(4, 3) }] })).rejects.toThrow(/tasks\[1\]\.X/);
    await expect(gibbs({ tasks: [{ ...good[0], y: new Float64Array(3) }] })).rejects.toThrow(/tasks\[0\]\.y/);
    await expect(gibbs({ points: [matrix(2, 9)] })).rejects.toThrow(/points\[0\]/);
    await expect(gibbs({ network: { ...network, depth: 0 } })).rejects.toThrow(/depth is 0/);
    await expect(gibbs({}, { lambda: -1, sigma2: 1 })).rejects.toThrow(/lambda is -1.*continualLimit/);
    await expect(gibbs({}, { lambda: 1e9, sigma2: 1 })).rejects.toThrow(/1e8.*continualLimit/);
    await expect(gibbs({}, { lambda: 1, sigma2: 0 })).rejects.toThrow(/sigma2 is 0/);
    await expect(gibbs({}, { ...chain, beta: 0 })).rejects.toThrow(/beta is 0/);
  });

  it('a singular task is an error that says which, and a jitter helps', async () => {
    const repeated = { X: selectMatrixRows(good[0].X, [0, 0, 1]), y: Float64Array.of(1, 1, 2) };
    const problem = { network, tasks: [good[1], repeated], points: [queries] };
    await expect(continualLimit(problem, { sigma2: 1, mode: 'gradient' }, { linalg })).rejects.toThrow(
      /task 2 \(3 inputs\) is singular.*jitter/,
    );
    const { mean } = await continualLimit(problem, { sigma2: 1, mode: 'gradient' }, { linalg, jitter: 1e-10 });
    expect(lastRow(mean[0]).every(Number.isFinite)).toBe(true);
  });

  it('stops when cancelled', async () => {
    const cancelled = AbortSignal.abort();
    await expect(continualGibbs({ network, tasks: good }, chain, { linalg, signal: cancelled })).rejects.toThrow(
      /cancel/i,
    );
  });
});
