import { defineTheory, type Problem, type RunContext, type TheoryEntry, type TheoryResult } from '@ggdln/core';
import { activationOf, type UngatedProblem, unsupportedActivation, withoutGates } from '../ungated.ts';
import { activations } from './activations.ts';
import type { KernelNetwork } from './recursion.ts';
import { nngpPredictor, ntkPredictor, type RegressionPredictor } from './regression.ts';

const where = '@ggdln/theory kernels';
const SOLVED = activations.map(({ name }) => name);

/** The registry entry of `nngpPredictor`. */
export const nngpEntry: TheoryEntry = defineTheory({
  role: 'infinite-width',
  title: 'Infinite width (NNGP)',
  summary: 'Gaussian-process regression: the posterior of an infinitely wide linear, ReLU or erf network.',
  references: ['Lee et al. 2018, arXiv:1711.00165', 'Cho & Saul 2009'],
  equation: 'bpkr/6',
  options: {},
  supports: (traits) => unsupportedActivation(traits, SOLVED),
  create: () => ({
    solve: (problem, context) =>
      regress(problem, context, {
        predict: (network, plain, options) => nngpPredictor(network, plain, plain.temperature, options),
        held: 3,
      }),
  }),
});

/** The registry entry of `ntkPredictor`. */
export const ntkEntry: TheoryEntry = defineTheory({
  role: 'infinite-width',
  title: 'Gradient flow at infinite width (NTK)',
  summary: 'Mean and variance over starts of an infinitely wide network after gradient flow on the error; no T.',
  references: ['Jacot, Gabriel & Hongler 2018, arXiv:1806.07572', 'Lee et al. 2019, arXiv:1902.06720'],
  equation: 'ndk/6',
  options: {},
  supports: (traits) => unsupportedActivation(traits, SOLVED),
  create: () => ({ solve: (problem, context) => regress(problem, context, { predict: ntkPredictor, held: 4 }) }),
});

/** A kernel regression. */
interface Regression {
  readonly predict: (
    network: KernelNetwork,
    plain: UngatedProblem,
    options: { linalg: RunContext['linalg']; signal?: AbortSignal },
  ) => Promise<RegressionPredictor>;
  /** See `KernelMemory`. */
  readonly held: number;
}

async function regress(
  problem: Problem,
  { linalg, memoryLimit, signal }: RunContext,
  { predict, held }: Regression,
): Promise<TheoryResult> {
  const plain = withoutGates(problem, where, SOLVED, { limit: memoryLimit, held });
  const name = activationOf(problem.architecture);
  const activation = activations.find((candidate) => candidate.name === name) ?? activations[0];
  const network = { activation, sigmas: new Array<number>(plain.widths.length + 1).fill(plain.sigma) };
  const { mean, variance, rank } = await predict(network, plain, { linalg, ...(signal ? { signal } : {}) });
  return { predictor: { mean, variance }, orderParameters: {}, diagnostics: { rank } };
}
