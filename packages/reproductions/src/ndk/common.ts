import { createRandom } from '@ggdln/core';
import { computeWorks, inProcess } from '@ggdln/experiments';
import {
  computeEnsemblePart,
  type EnsembleNetwork,
  type EnsemblePart,
  type EnsembleRun,
  ensembleModule,
  ensembleParts,
  joinEnsemble,
  type PairStatistics,
  pairStatistics,
} from '@ggdln/learning';
import { signData as drawSignData, type SignData } from '@ggdln/studies';
import { linearActivation, reluActivation } from '@ggdln/theory/kernels';
import { type NdkNetwork, type NdkProblem, scaledErfActivation } from '@ggdln/theory/ndk';
import type { ReproductionContext } from '../reproduction.ts';

export const NDK = 'Avidan, Li & Sompolinsky, arXiv:2309.04522; theory page ndk';

/** The activations as theory has them; erf is erf(h) itself, as in networks. */
const activations = { linear: linearActivation, relu: reluActivation, erf: scaledErfActivation(1) } as const;

/** A network without its width. */
export type WideNetwork = Omit<EnsembleNetwork, 'width'>;

export const asTheory = (network: WideNetwork): NdkNetwork => ({
  ...network,
  activation: activations[network.activation],
});

/** Gaussian inputs with |x|² = N0 and the signs of a random linear teacher, for training and test. */
export const signData = (seed: number, examples: number, tests: number, features: number): SignData =>
  drawSignData({ examples, tests, features }, createRandom(seed).stream('sign data'));

export const problemFor = (network: WideNetwork, data: SignData): NdkProblem => ({
  network: asTheory(network),
  X: data.X,
  y: data.y,
  test: { X: data.test.X },
});

/** An ensemble of `pairs` antithetic pairs, with its statistics. */
export async function simulated(
  network: EnsembleNetwork,
  data: SignData,
  how: {
    readonly pairs: number;
    readonly stepSize: number;
    readonly readAt: readonly number[];
    readonly frozenAt?: number;
  },
  context: ReproductionContext,
): Promise<{ readonly run: EnsembleRun; readonly statistics: PairStatistics }> {
  const { activation, depth, width, sigma0, temperature } = network;
  const name = `${activation}/${depth}/${width}/${sigma0}/${temperature}`;
  const rng = createRandom(context.seed).stream('ensemble').stream(name);
  const problem = { network, X: data.X, y: data.y, test: { X: data.test.X } };
  const parts = ensembleParts(problem, { ...how, rng });
  const run = joinEnsemble(await compute(parts, context));
  return { run, statistics: pairStatistics(run.outputs, run.points) };
}

/** Simulates parts of an ensemble, by processes where there are some; the numbers are the same. */
async function compute(
  parts: readonly EnsemblePart[],
  { linalg, signal, onProgress, executor }: ReproductionContext,
): Promise<EnsembleRun[]> {
  const pool = (await executor?.('langevin-ensembles', [], parts.length)) ?? inProcess;
  const part = { module: ensembleModule, name: 'computeEnsemblePart', compute: computeEnsemblePart };
  const watch = { ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) };
  return computeWorks(parts, part, { executor: pool, linalg, ...watch }).finally(() => pool.close?.());
}

/** Numbers of steps, about evenly on a logarithmic axis, from `first` to `last`. */
export function logSteps(first: number, last: number, count: number): number[] {
  const steps = Array.from({ length: count }, (_, k) => Math.round(first * (last / first) ** (k / (count - 1))));
  return [...new Set(steps)];
}
