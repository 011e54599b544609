import {
  choice,
  defineTheory,
  GgdlnError,
  type Incompatibility,
  type Matrix,
  type Problem,
  type ProblemTraits,
  type RunContext,
  type TheoryEntry,
  type TheoryResult,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { exactBpkr } from './exact/exactBpkr.ts';
import { solveBpkr, solveReluHeuristic } from './solve.ts';
import type { BpkrProblem } from './types.ts';

const where = '@ggdln/theory bpkr';

/** Solved: deep linear networks. Solved heuristically: bias-free ReLU networks. */
const FAMILIES = ['dln', 'relu'];

/** The registry entry of `solveBpkr`, `exactBpkr` and `solveReluHeuristic`. */
export const bpkrEntry: TheoryEntry = defineTheory({
  role: 'theory',
  title: 'Kernel renormalization (BPKR)',
  summary: 'Saddle point or exact posterior of a deep linear network of any depth and width; heuristic for ReLU.',
  references: ['Li & Sompolinsky 2021, arXiv:2012.04030', 'Hanin & Zlokapa 2023, arXiv:2212.14457'],
  options: {
    method: choice({
      title: 'Method',
      help: 'saddle: wide networks, P/N fixed; exact: these very widths, one output, linear.',
      equation: 'bpkr/2',
      values: ['saddle', 'exact'],
      default: 'saddle',
    }),
  },
  supports: (traits) => unsupported(traits),
  create: ({ method }) => ({
    solve: async (problem, context) => {
      requireFamily(problem);
      const plain = plainProblem(problem);
      return method === 'exact' ? exactResult(problem, plain, context) : saddleResult(problem, plain, context);
    },
  }),
});

async function saddleResult(problem: Problem, plain: BpkrProblem, context: RunContext): Promise<TheoryResult> {
  const solve = problem.architecture.family === 'relu' ? solveReluHeuristic : solveBpkr;
  const { G, predictor, saddles, rank, residual, trainError, layerNormExcess } = await solve(plain, watchers(context));
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

async function exactResult(problem: Problem, plain: BpkrProblem, context: RunContext): Promise<TheoryResult> {
  if (problem.architecture.family !== 'dln') {
    throw incompatible(
      `the exact posterior is that of deep linear networks, not of ${problem.architecture.family}`,
      'Use method: saddle',
    );
  }
  const exact = await exactBpkr(plain, watchers(context));
  const { G, predictor, logEvidence, trainError, layerNormExcess } = exact;
  return {
    predictor,
    orderParameters: named(G.map((value) => matrix(1, 1, Float64Array.of(value)))),
    diagnostics: { logEvidence, trainError, layerNormExcess },
  };
}

/**
 * The network's order parameters under the names that architectures and samplers give them: U_l = B_lᵀB_l/N_l, which
 * the page of this theory calls G_l (its own U_l are their ratios). U1 is the lowest layer's.
 */
function named(G: readonly Matrix[]): { readonly [name: string]: Matrix } {
  return Object.fromEntries(G.map((value, t) => [`U${G.length - t}`, value]));
}

function unsupported({ family }: ProblemTraits): Incompatibility | undefined {
  if (FAMILIES.includes(family)) return undefined;
  return {
    reason: `this theory solves deep linear networks without gates (dln) and, as a heuristic, ReLU ones, not ${family}`,
    remedy: 'Use the architecture dln with the gating always-on, or the theory ggdln for gated networks',
  };
}

function requireFamily({ architecture }: Problem): void {
  if (FAMILIES.includes(architecture.family)) return;
  throw incompatible(
    `the architecture's family is ${architecture.family}`,
    'This theory solves dln and, as a heuristic, relu',
  );
}

function plainProblem({ train, test, architecture, temperature }: Problem): BpkrProblem {
  for (const gates of [...train.gates, ...test.gates]) {
    const off = gates.data.findIndex((value) => value !== 1);
    if (gates.cols !== 1 || off >= 0) {
      const found =
        gates.cols === 1 ? `the gate of input ${off} is ${gates.data[off]}` : `a layer has ${gates.cols} gates`;
      throw incompatible(`${found}, but this theory knows no gates`, 'Use the gating always-on, or the theory ggdln');
    }
  }
  const { widths, sigma } = architecture;
  return { X: train.X, y: train.Y, test: { X: test.X }, widths, sigma, temperature };
}

function incompatible(problem: string, remedy: string): GgdlnError {
  return new GgdlnError({ code: 'GGDLN_INCOMPATIBLE', where, problem, remedy });
}

function watchers({ linalg, signal, onProgress, onWarning }: RunContext) {
  return {
    linalg,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
    ...(onWarning ? { onWarning } : {}),
  };
}
