import { createGgdln } from '@ggdln/architectures';
import { createRandom, type Parameters } from '@ggdln/core';
import { createGibbsSampler, effectiveSampleSize } from '@ggdln/learning';
import { nativeLinalg } from '../backends.ts';
import { median } from '../contest.ts';
import type { BenchContext, Contest, Job } from '../job.ts';
import { benchProblem, stored, storedShape } from '../problems.ts';
import { pythonPeer } from '../python.ts';
import { timeRuns } from '../timing.ts';
import { gibbsFlops } from './gibbsSweep.ts';

const SIGMA = 1;
const TEMPERATURE = 0.05;
const TEST_INPUTS = 50;
const SWEEPS = 400;
const BURN_IN = 50;

/** Effective samples of the predictor a second: exact Gibbs sampling beside Langevin dynamics. */
export const essRate: Job = {
  name: 'ess-rate',
  title:
    'effective samples of the predictor (median over test inputs) a second, one hidden layer, T = 0.05, generated inputs with a mean and a spectrum like those of images (no file of images comes with the checkout); size P,N0,N,M. ' +
    'Ours: exact Gibbs in the dimensions that the training inputs span, with the conditional predictor. Peer: overdamped Langevin, started from a draw of the posterior, at ' +
    'the largest step whose stationary variance of f, linearised there, is within 2 % of the exact one; its chain is shorter ' +
    'than its slowest times, which flatters it.',
  bar: () => ({ least: 100 }),
  sizes: [{ size: '200,784,200,10', prepare: (context) => prepare(context, 200, 784, 200, 10) }],
};

async function prepare(context: BenchContext, P: number, N0: number, width: number, M: number): Promise<Contest> {
  const linalg = await nativeLinalg(context.threads);
  const { X, y, gates } = benchProblem(P, N0, M, { law: 'image-like' });
  const other = benchProblem(TEST_INPUTS, N0, M, { part: 'test', law: 'image-like' });
  const architecture = createGgdln({ depth: 1, width, sigma: SIGMA });
  const [train, test] = [
    { X, gates: [gates] },
    { X: other.X, gates: [other.gates] },
  ];
  const sampler = createGibbsSampler({ architecture, train, y, temperature: TEMPERATURE }, linalg);
  const problem = { train: sampler.train, test: sampler.place(test), y, temperature: TEMPERATURE };
  let state = sampler.init(createRandom('ess'));
  const sweep = () => {
    const { factor, ...next } = sampler.sweep(state);
    state = next.state;
    const given = factor ? { ...problem, factor } : problem;
    return architecture.conditionals.conditionalPredictor(state.parameters, given, linalg, sampler.cache).mean;
  };
  for (let i = 0; i < BURN_IN; i++) sweep();
  const traces = Array.from({ length: TEST_INPUTS }, () => new Float64Array(SWEEPS));
  for (let i = 0; i < SWEEPS; i++) for (const [j, value] of sweep().entries()) traces[j][i] = value;
  const size = median(traces.map((trace) => effectiveSampleSize([trace])));
  const parameters = sampler.weights(state);
  const check = {
    energy: 0.5 * squareDistance(architecture.predict(parameters, train, linalg).data, y),
    'test output': architecture.predict(parameters, test, linalg).data.reduce((sum, f) => sum + Math.abs(f), 0),
  };
  const peer = { target: 'langevin:Langevin', needs: ['torch'], yieldKey: 'perStep' } as const;
  const options = { sigma: SIGMA, temperature: TEMPERATURE, bias: 0.02 };
  const arrays = {
    ...{ X: stored(X), gates: stored(gates), y: storedShape([P], y) },
    ...{ testX: stored(other.X), testGates: stored(other.gates), ...storedWeights(parameters, width, N0, M) },
  };
  return {
    unit: '1/s',
    backend: linalg.name,
    ours: { name: 'ggdln', check, time: (runs) => timeRuns(runs, sweep), yield: size / SWEEPS },
    peers: [pythonPeer(context, { ...peer, options, arrays })],
    // A sweep as in gibbs-sweep, and kernels and solves for the predictor, which shares a factorisation with it.
    flops: {
      count: gibbsFlops({ P, N0: sampler.train.X.cols, width, M }) + P * TEST_INPUTS * (P + 2 * M),
      precision: 'float64',
    },
    tolerance: 1e-3,
  };
}

function storedWeights({ W1, a }: Parameters, width: number, N0: number, M: number) {
  return { W1: storedShape([width, N0], W1), a: storedShape([width, M], a) };
}

function squareDistance(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);
}
