import {
  boolean,
  CONTRACT_VERSION,
  defineTheory,
  GgdlnError,
  type Incompatibility,
  integer,
  type Matrix,
  number,
  type Plugin,
  type Problem,
  type ProblemTraits,
  type RunContext,
  type TheoryEntry,
  throwIfCancelled,
} from '@ggdln/core';
import { bpkrEntry, bpkrExactEntry, bpkrReluEntry } from './bpkr/entry.ts';
import { conformance } from './conformance.ts';
import { galuEntry } from './galu/entry.ts';
import { infiniteGatesEntry } from './ggdln/infiniteGatesEntry.ts';
import { infiniteWidthPredictor } from './ggdln/infiniteWidth.ts';
import { solveBeside } from './ggdln/neighbours.ts';
import { DEFAULT_MAX_ITERATIONS } from './ggdln/search.ts';
import { DEFAULT_TOLERANCE } from './ggdln/solve.ts';
import type { GgdlnProblem } from './ggdln/types.ts';
import { nngpEntry, ntkEntry } from './kernels/entry.ts';

/** Architecture families that `ggdln` and `infinite-width` solve; a deep linear network has one gate that is always on. */
const FAMILIES = ['ggdln', 'dln'];

const ggdln: TheoryEntry = defineTheory({
  role: 'theory',
  title: 'Finite-width theory (GGDLN)',
  summary: 'Saddle point of the order parameters of a globally gated deep linear network of any depth.',
  references: ['Li & Sompolinsky 2022, arXiv:2210.17449', 'Li & Sompolinsky 2021, arXiv:2012.04030'],
  equation: 'ggdln/2',
  options: {
    tolerance: number({
      title: 'Tolerance',
      help: 'Dimensionless gradient at which the search ends.',
      equation: 'ggdln/5',
      min: 0,
      exclusiveMin: true,
      max: 0.1,
      scale: 'log',
      default: DEFAULT_TOLERANCE,
    }),
    maxIterations: integer({
      title: 'Iterations',
      help: 'Fixed-point steps after which the search gives up.',
      min: 1,
      default: DEFAULT_MAX_ITERATIONS,
    }),
    acceleration: boolean({
      title: 'Acceleration',
      help: 'Quasi-Newton steps or Anderson mixing; the plain fixed point takes many times more.',
      equation: 'ggdln/5',
      default: true,
    }),
    restarts: integer({
      title: 'Restarts',
      help: 'Further searches from scattered starts; the lowest action counts.',
      equation: 'ggdln/5',
      min: 0,
      default: 0,
    }),
  },
  supports: (traits) => unsupported(traits),
  create: (options) => ({
    startsFromNeighbours: true,
    solve: async (problem, context) => {
      const solution = await solveBeside(plainProblem(problem), context, { ...options, ...watchers(context) });
      return {
        predictor: solution.predictor,
        orderParameters: namedOrderParameters(solution.U),
        diagnostics: {
          iterations: solution.iterations,
          evaluations: solution.evaluations,
          gateSpace: solution.reductions.gateSpace,
          kernelSpace: solution.reductions.kernelSpace,
          inputSpace: solution.reductions.inputSpace,
          warmStart: solution.reductions.warmStart ? 1 : 0,
          residual: solution.residual,
          action: solution.action,
          virial: solution.virial,
          effectiveDof: solution.effectiveDof,
          rank: solution.rank,
          capacity: solution.capacity,
          conditionNumber: solution.conditionNumber,
          deadInputs: solution.deadInputs.length,
        },
      };
    },
  }),
});

const infiniteWidth: TheoryEntry = defineTheory({
  role: 'infinite-width',
  title: 'Infinite width (Gaussian process)',
  summary: 'Gaussian-process regression with the kernel of an infinitely wide gated network.',
  references: ['Li & Sompolinsky 2022, arXiv:2210.17449'],
  equation: 'ggdln/2',
  options: {},
  supports: (traits) => unsupported(traits),
  create: () => ({
    solve: async (problem, context) => {
      throwIfCancelled(context.signal, '@ggdln/theory infinite-width');
      const { linalg, memoryLimit } = context;
      const limit = memoryLimit === undefined ? {} : { memoryLimit };
      const solution = await infiniteWidthPredictor(plainProblem(problem), { linalg, ...limit });
      return {
        predictor: solution.predictor,
        orderParameters: namedOrderParameters(solution.U),
        diagnostics: {
          effectiveDof: solution.effectiveDof,
          rank: solution.rank,
          conditionNumber: solution.conditionNumber,
        },
      };
    },
  }),
});

/** The theories of deep networks that are linear given their gates, with their conformance cases. */
export const theoryPlugin: Plugin = {
  name: '@ggdln/theory',
  contract: CONTRACT_VERSION,
  theory: {
    ggdln,
    'infinite-width': infiniteWidth,
    'infinite-gates': infiniteGatesEntry,
    galu: galuEntry,
    bpkr: bpkrEntry,
    'bpkr-exact': bpkrExactEntry,
    'bpkr-relu': bpkrReluEntry,
    nngp: nngpEntry,
    ntk: ntkEntry,
  },
  conformance,
};

function unsupported({ family }: ProblemTraits): Incompatibility | undefined {
  if (FAMILIES.includes(family)) return undefined;
  return {
    reason: `this theory solves networks that are linear given fixed gates (${FAMILIES.join(', ')}), not ${family}`,
    remedy: 'Use the architecture ggdln, or leave this theory out of the experiment',
  };
}

function plainProblem({ train, test, architecture, temperature }: Problem): GgdlnProblem {
  if (!FAMILIES.includes(architecture.family)) {
    throw new GgdlnError({
      code: 'GGDLN_INCOMPATIBLE',
      where: '@ggdln/theory',
      problem: `the architecture's family is ${architecture.family}`,
      remedy: `These theories solve ${FAMILIES.join(' and ')}`,
    });
  }
  const { widths, sigma } = architecture;
  return {
    X: train.X,
    y: train.Y,
    gates: train.gates,
    test: { X: test.X, gates: test.gates },
    widths,
    sigma,
    temperature,
  };
}

function watchers({ linalg, rng, memoryLimit, signal, onProgress, onWarning }: RunContext) {
  return {
    linalg,
    rng,
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
    ...(onWarning ? { onWarning } : {}),
  };
}

/** U1 is the lowest layer's. */
function namedOrderParameters(U: readonly Matrix[]): { readonly [name: string]: Matrix } {
  return Object.fromEntries(U.map((u, t) => [`U${U.length - t}`, u]));
}
