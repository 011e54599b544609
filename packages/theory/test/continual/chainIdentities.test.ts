import { createRandom } from '@ggdln/core';
import { add, type Matrix, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  branchKernel,
  type ContinualNetwork,
  type ContinualTask,
  continualGibbs,
  continualKernel,
  continualLimit,
  inputGram,
  weightVariances,
} from '../../src/continual/index.ts';
import { chainInnovations } from '../../src/continual/innovations.ts';
import { erfActivation, kernelMatrix, linearActivation, reluActivation } from '../../src/kernels/index.ts';
import { backends, distance, gaussianMatrix, scaled } from '../helpers.ts';

const linalg = (await backends()).at(-1)!;
const N0 = 6;
const rng = createRandom('chain identities');
const X = gaussianMatrix(rng.stream('X'), 4, N0);
const others = gaussianMatrix(rng.stream('others'), 5, N0);
const tasks: readonly ContinualTask[] = [0, 1, 2].map((t) => ({
  X: gaussianMatrix(rng.stream(`X${t}`), 4, N0),
  y: rng.stream(`y${t}`).fillGaussian(new Float64Array(4)),
}));

describe('weights without data', () => {
  const chain = { lambda: 3, sigma2: 1.4 };
  const precision = chain.lambda + 1 / chain.sigma2;

  it('have variances that fall from σ² to σ²λ̂/(λ̂ + λ)', () => {
    const found = weightVariances(chain, 200);
    for (let t = 1; t < 20; t++) expect(found[t]).toBeLessThan(found[t - 1]);
    expect(found[0]).toBe(chain.sigma2);
    expect(found[199]).toBeCloseTo((chain.sigma2 * precision) / (precision + chain.lambda), 12);
  });

  it('keep σ² for far fewer than λσ² tasks, and come to σ²/2 after many more', () => {
    const stiff = weightVariances({ lambda: 1e4, sigma2: 1.4 }, 100_000);
    expect(stiff[20] / 1.4).toBeGreaterThan(0.99);
    expect(stiff[99_999] / 1.4).toBeCloseTo(0.5, 4);
  });

  it('are those of the Markov chain: normal around λ̃θ with variance 1/λ̂', () => {
    const draws = 40_000;
    const stream = rng.stream('weights');
    const square = [0, 0, 0];
    for (let k = 0; k < draws; k++) {
      let theta = Math.sqrt(chain.sigma2) * stream.gaussian();
      for (let t = 0; t < 3; t++) {
        if (t > 0) theta = (chain.lambda / precision) * theta + stream.gaussian() / Math.sqrt(precision);
        square[t] += (theta * theta) / draws;
      }
    }
    const found = weightVariances(chain, 3);
    // Four standard errors of a mean of squares.
    for (let t = 0; t < 3; t++) expect(Math.abs(square[t] / found[t] - 1)).toBeLessThan(4 * Math.sqrt(2 / draws));
  });
});

describe.each(
  [linearActivation, reluActivation, erfActivation].flatMap((activation) =>
    [1, 3].map((depth) => ({ activation, depth })),
  ),
)('branch kernels, $activation.name, L = $depth', (network) => {
  const gram = inputGram(X, others, linalg);

  it('of one network are its NNGP kernel, and their slope its tangent kernel', async () => {
    const sigma2 = 1.7;
    const { outputs, slope } = branchKernel(network, { variances: [sigma2, sigma2], covariance: sigma2 }, gram);
    const still = { ...network, sigmas: new Array<number>(network.depth + 1).fill(Math.sqrt(sigma2)) };
    for (const [kind, found] of [
      ['nngp', outputs],
      ['ntk', slope],
    ] as const)
      expect(distance(found.data, (await kernelMatrix(still, kind, X, others, { linalg })).data)).toBeLessThan(1e-12);
  });

  it('slope is the derivative by the covariance, variances held', () => {
    const at = (covariance: number) => branchKernel(network, { variances: [1.4, 0.9], covariance }, gram);
    const h = 1e-5;
    const [after, before] = [at(0.6 + h).outputs, at(0.6 - h).outputs];
    const found = at(0.6).slope.data;
    expect(distance(scaled(add(after, before, 1, -1), 1 / (2 * h)).data, found)).toBeLessThan(1e-8);
  });
});

describe.each<[string, ContinualNetwork]>([
  ['linear', { activation: linearActivation, depth: 1 }],
  ['ReLU, two layers', { activation: reluActivation, depth: 2 }],
])('%s', (_name, network) => {
  it('innovations tend to the NNGP kernel of the first task, and λ̂C_s to the tangent kernel of the others', () => {
    const sigma2 = 1.2;
    const one = branchKernel(
      network,
      { variances: [sigma2, sigma2], covariance: sigma2 },
      inputGram(X, others, linalg),
    );
    const off = (lambda: number, s: number) => {
      const block = chainInnovations(network, { lambda, sigma2 }, 3, linalg).block(s, 2, s, X, others);
      return s === 0
        ? distance(block.data, one.outputs.data)
        : distance(scaled(block, lambda + 1 / sigma2).data, one.slope.data);
    };
    for (const s of [0, 1, 2]) {
      expect(off(1e6, s)).toBeLessThan(2e-3);
      expect(off(1e6, s)).toBeLessThan(0.2 * off(1e4, s));
    }
  });

  it('later tasks do not act back on earlier outputs, in mean or variance', async () => {
    const law = { lambda: 3, sigma2: 1.4, beta: 6 };
    const solve = (some: readonly ContinualTask[]) =>
      continualGibbs({ network, tasks: [...some], points: [others] }, law, { linalg });
    const [two, three] = [await solve(tasks.slice(0, 2)), await solve(tasks)];
    for (const part of ['mean', 'variance'] as const) {
      expect(three[part][0].data.slice(0, 10)).toEqual(two[part][0].data);
    }
  });

  it('in the limit fluctuates by the first task’s draw alone, and not on the inputs of the last', async () => {
    const solve = (mode: 'gibbs' | 'gradient') => continualLimit({ network, tasks }, { sigma2: 1.2, mode }, { linalg });
    const { variance } = await solve('gibbs');
    for (const t of [0, 1, 2]) expect(Math.max(...variance[t].data.slice(4 * t, 4 * t + 4))).toBeLessThan(1e-10);
    expect(Math.max(...variance[0].data.slice(8))).toBeGreaterThan(1e-3);
    for (const { data } of (await solve('gradient')).variance) expect(Math.max(...data)).toBe(0);
  });
});

it('linear networks cannot interpolate more inputs than N0, but learn them at finite β', async () => {
  const crowd = { X: gaussianMatrix(rng.stream('crowd'), N0 + 1, N0), y: new Float64Array(N0 + 1).fill(1) };
  const problem = { network: { activation: linearActivation, depth: 1 }, tasks: [crowd], points: [others] };
  await expect(continualGibbs(problem, { lambda: 1, sigma2: 1 }, { linalg })).rejects.toThrow(
    /task 1 \(7 inputs\) is singular.*more than N0 of them under a linear network\? Give a jitter.*or a finite beta/,
  );
  const { mean } = await continualGibbs(problem, { lambda: 1, sigma2: 1, beta: 50 }, { linalg });
  expect(mean[0].data.every(Number.isFinite)).toBe(true);
});

it('sequential updates of minimum norm on explicit features are the kernel recursion', async () => {
  const F = 15;
  const features = new Map<Matrix, Matrix>(
    [...tasks.map((task) => task.X), others].map((inputs, k) => [
      inputs,
      gaussianMatrix(rng.stream(`features ${k}`), inputs.rows, F),
    ]),
  );
  const of = (inputs: Matrix) => features.get(inputs) ?? inputs;
  const kernel = (A: Matrix, B: Matrix) => linalg.gemm(of(A), of(B), { transB: true });
  const { mean } = await continualKernel({ tasks, points: [others] }, kernel, { linalg });
  let theta = matrix(F, 1);
  tasks.forEach((task, t) => {
    const Phi = of(task.X);
    const missing = add(matrix(4, 1, task.y), linalg.gemm(Phi, theta), 1, -1);
    theta = add(theta, linalg.leastSquares(Phi, missing));
    const f = linalg.gemm(of(others), theta).data;
    expect(distance(mean[0].data.slice(5 * t, 5 * t + 5), f)).toBeLessThan(1e-10);
  });
});
