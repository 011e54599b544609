import { defineTheory, type Matrix, type RunContext, type TheoryEntry, type TheoryResult } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { unsupportedActivation, withoutGates } from '../ungated.ts';
import { exactBpkr } from './exact/exactBpkr.ts';
import { solveBpkr, solveReluHeuristic } from './solve.ts';
import type { BpkrSolution } from './types.ts';

const where = '@ggdln/theory bpkr';
const PAPER = 'Li & Sompolinsky 2021, arXiv:2012.04030';

/** The registry entry of `solveBpkr`. */
export const bpkrEntry: TheoryEntry = defineTheory({
  role: 'theory',
  title: 'Kernel renormalization (BPKR)',
  summary: 'Saddle point of deep linear networks: any depth, widths, number of outputs and T, for wide networks.',
  references: [PAPER],
  equation: 'bpkr/2',
  options: {},
  supports: (traits) => unsupportedActivation(traits, ['linear']),
  create: () => ({
    solve: async (problem, context) =>
      saddleResult(await solveBpkr(withoutGates(problem, where, ['linear'], memoryOf(context)), watchers(context))),
  }),
});

/** The registry entry of `solveReluHeuristic`. */
export const bpkrReluEntry: TheoryEntry = defineTheory({
  role: 'theory',
  accuracy: 'heuristic',
  title: 'Kernel renormalization, ReLU heuristic',
  summary: 'The saddle point of linear networks with the arc-cosine kernel: not exact, off by up to a quarter.',
  references: [PAPER],
  equation: 'bpkr/7',
  options: {},
  supports: (traits) => unsupportedActivation(traits, ['relu']),
  create: () => ({
    solve: async (problem, context) =>
      saddleResult(
        await solveReluHeuristic(withoutGates(problem, where, ['relu'], memoryOf(context)), watchers(context)),
      ),
  }),
});

/** The registry entry of `exactBpkr`. */
export const bpkrExactEntry: TheoryEntry = defineTheory({
  role: 'theory',
  accuracy: 'exact',
  title: 'Exact posterior (deep linear)',
  summary: 'The posterior of a deep linear network with one output at these very widths, without approximation.',
  references: [PAPER, 'Hanin & Zlokapa 2023, arXiv:2212.14457'],
  equation: 'bpkr/2',
  options: {},
  supports: (traits) =>
    unsupportedActivation(traits, ['linear']) ??
    (traits.outputs > 1
      ? {
          reason: `the exact law is that of one output, not of ${traits.outputs}`,
          remedy: 'Use the theory bpkr, which takes several outputs, or sample with block-gibbs',
        }
      : undefined),
  create: () => ({
    solve: async (problem, context) => {
      const exact = await exactBpkr(withoutGates(problem, where, ['linear'], memoryOf(context)), watchers(context));
      const { G, predictor, logEvidence, trainError, layerNormExcess } = exact;
      return {
        predictor,
        orderParameters: named(G.map((value) => matrix(1, 1, Float64Array.of(value)))),
        diagnostics: { logEvidence, trainError, layerNormExcess },
      };
    },
  }),
});

function saddleResult(solution: BpkrSolution): TheoryResult {
  const { G, predictor, saddles, rank, residual, trainError, layerNormExcess } = solution;
  const [{ action }] = saddles;
  return {
    predictor,
    orderParameters: named(G),
    diagnostics: {
      ...(Number.isFinite(action) ? { action } : {}),
      saddles: saddles.length,
      residual,
      rank,
      trainError,
      layerNormExcess,
    },
  };
}

/**
 * The network's order parameters under the names that architectures and samplers give them: U_l = B_lᵀB_l/N_l, which
 * the page of this theory calls G_l (its own U_l are their ratios). U1 is the lowest layer's.
 */
function named(G: readonly Matrix[]): { readonly [name: string]: Matrix } {
  return Object.fromEntries(G.map((value, t) => [`U${G.length - t}`, value]));
}

function watchers({ linalg, signal, onProgress, onWarning }: RunContext) {
  return {
    linalg,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
    ...(onWarning ? { onWarning } : {}),
  };
}

/** What is held of the kernels, with those of a search: measured. */
const memoryOf = ({ memoryLimit }: RunContext) => ({ limit: memoryLimit, held: 5 });
