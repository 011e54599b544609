import { createGgdln } from '@ggdln/architectures';
import { createRandom } from '@ggdln/core';
import { createGibbsSampler } from '@ggdln/learning';
import { nativeLinalg } from '../backends.ts';
import type { BenchContext, Check, Contest, Job } from '../job.ts';
import { benchProblem, stored, storedShape } from '../problems.ts';
import { pythonPeer } from '../python.ts';
import { timeRuns } from '../timing.ts';

const SIGMA = 1;
const TEMPERATURE = 0.05;
/** Sweeps of the comparison, and how many of them are burn-in; as in peers/gibbs.py. */
const [SWEEPS, BURN_IN] = [40, 15];

/** Exact block Gibbs sampling of a one-layer GGDLN: W given a, then a given W. */
export const gibbsSweep: Job = {
  name: 'gibbs-sweep',
  title:
    'one sweep of exact block Gibbs sampling, one hidden layer; size P,N0,N,M. Peer: NumPy on dpotrf; both keep products of constant factors. ' +
    'Ours turns inputs until they are triangular and takes δ as gates times readout weights, which the floor counts.',
  bar: () => ({ most: 0.8 }),
  sizes: [
    { size: '500,784,500,10', prepare: (context) => prepare(context, 500, 784, 500, 10) },
    { size: '1000,784,1000,20', prepare: (context) => prepare(context, 1000, 784, 1000, 20) },
  ],
};

async function prepare(context: BenchContext, P: number, N0: number, width: number, M: number): Promise<Contest> {
  const linalg = await nativeLinalg(context.threads);
  const { X, y, gates } = benchProblem(P, N0, M);
  const architecture = createGgdln({ depth: 1, width, sigma: SIGMA });
  const train = { X, gates: [gates] };
  const sampler = createGibbsSampler({ architecture, train, y, temperature: TEMPERATURE }, linalg);
  let state = sampler.init(createRandom('gibbs'));
  const sweep = () => {
    state = sampler.sweep(state).state;
  };
  const check = (): Check => {
    let [error, square] = [0, 0];
    for (let i = 0; i < SWEEPS; i++) {
      sweep();
      if (i < BURN_IN) continue;
      const { data: f } = architecture.predict(state.parameters, sampler.train, linalg);
      error += f.reduce((sum, value, mu) => sum + (value - y[mu]) ** 2, 0) / P;
      square += state.parameters.a.reduce((sum, value) => sum + value * value, 0) / (width * M);
    }
    const kept = SWEEPS - BURN_IN;
    return { 'training error': error / kept, 'mean square of a': square / kept };
  };
  const options = { width, sigma: SIGMA, temperature: TEMPERATURE };
  const arrays = { X: stored(X), gates: stored(gates), y: storedShape([P], y) };
  return {
    unit: 'ms',
    backend: linalg.name,
    ours: { name: 'ggdln', check: check(), time: (runs) => timeRuns(runs, sweep) },
    peers: [pythonPeer(context, { target: 'gibbs:Sweep', needs: ['scipy'], options, arrays })],
    flops: { count: gibbsFlops({ P, N0: sampler.train.X.cols, width, M }), precision: 'float64' },
    // Two Monte-Carlo estimates.
    tolerance: 0.05,
  };
}

/**
 * Of a sweep as we do it, for fewer gates than units: two factorisations; the activities and their Gram matrix; products
 * with a; and those of the first layer, on path weights (M × N) and gates in place of δ.
 */
export function gibbsFlops(size: {
  readonly P: number;
  readonly N0: number;
  readonly width: number;
  readonly M: number;
}): number {
  const { P, N0, width, M } = size;
  // Input i has no more than i + 1 coordinates.
  const coordinates = P <= N0 ? (P * (P + 1)) / 2 : (N0 * (N0 + 1)) / 2 + (P - N0) * N0;
  const activities = 2 * width * coordinates + P * P * width + 4 * P * width * M;
  return (2 * P ** 3) / 3 + activities + (width + 2 * P) * M * M + 2 * P * P * M + 4 * M * N0 * (width + P);
}
