import type { LinalgBackend, Matrix } from '@ggdln/core';
import { createWasmBackend, matrix } from '@ggdln/linalg';
import {
  createGgdlnAction,
  type GgdlnProblem,
  prepareGgdln,
  solveGgdlnWidths,
  solvePreparedGgdln,
} from '@ggdln/theory';
import { nativeLinalg } from '../backends.ts';
import type { BenchContext, Contest, Job } from '../job.ts';
import { benchProblem, stored, storedShape } from '../problems.ts';
import { pythonPeer } from '../python.ts';
import { timeRuns } from '../timing.ts';

export const N0 = 784;
const WIDTH = 500;
const SIGMA = 1;
const TEMPERATURE = 0.1;
export const TOLERANCE = 1e-8;
const SIZES = [
  [500, 20],
  [1000, 50],
  [2000, 20],
] as const;
/** 20 widths from 2000 down to 20, evenly on a logarithmic scale. */
const WIDTHS = Array.from({ length: 20 }, (_, i) => Math.round(2000 * 0.01 ** (i / 19)));

export const saddleEvaluation: Job = {
  name: 'saddle-evaluation',
  title:
    'the action of a one-layer GGDLN and its gradient at given U; size P,M, N0 = 784. Peer: SciPy on dpotrf and dpotri.',
  bar: () => ({ most: 1.1 }),
  sizes: SIZES.map(([P, M]) => ({
    size: `${P},${M}`,
    prepare: async (context) => evaluation(context, await nativeLinalg(context.threads), P, M),
  })),
};

export const saddleSolve: Job = {
  name: 'saddle-solve',
  title: `the saddle point to an affine-invariant residual of 1e-8, N = ${WIDTH}, T = ${TEMPERATURE}; size P,M. Peer: SciPy's L-BFGS-B on Cholesky factors with the analytic gradient, to the same residual.`,
  bar: () => ({ most: 0.8 }),
  sizes: SIZES.map(([P, M]) => ({
    size: `${P},${M}`,
    prepare: async (context) => solving(context, await nativeLinalg(context.threads), { P, M, widths: [WIDTH] }),
  })),
};

export const saddleSolveWasm: Job = {
  name: 'saddle-solve-wasm',
  title: 'saddle-solve on portable WebAssembly (one thread, whatever the peer has), beside the same peer.',
  bar: () => ({ most: 5 }),
  sizes: SIZES.slice(0, 2).map(([P, M]) => ({
    size: `${P},${M}`,
    prepare: async (context) => solving(context, await createWasmBackend(), { P, M, widths: [WIDTH] }),
  })),
};

export const widthSweep: Job = {
  name: 'width-sweep',
  title:
    '20 saddle points at widths 2000 … 20 by `solveGgdlnWidths`, each from those before; size P,M. Peer: 20 cold solves by SciPy, as in saddle-solve.',
  bar: () => ({ most: 0.25 }),
  sizes: [
    {
      size: '1000,50',
      prepare: async (context) =>
        solving(context, await nativeLinalg(context.threads), { P: 1000, M: 50, widths: WIDTHS }),
    },
  ],
};

interface Solving {
  readonly P: number;
  readonly M: number;
  readonly widths: readonly number[];
}

async function evaluation(context: BenchContext, linalg: LinalgBackend, P: number, M: number): Promise<Contest> {
  const problem = saddleProblem(P, M, WIDTH);
  const action = await createGgdlnAction(problem, { linalg });
  const U = trialU(M);
  let found = action.evaluate([U]);
  const evaluate = () => {
    found = action.evaluate([U]);
  };
  const [gradient] = found.gradients;
  let [square, trace] = [0, 0];
  for (const value of gradient.data) square += value * value;
  for (let m = 0; m < M; m++) trace += gradient.data[m * M + m];
  return {
    unit: 'ms',
    backend: linalg.name,
    ours: {
      name: 'ggdln',
      check: { action: found.action, 'squared gradient': square, 'trace of the gradient': trace },
      time: (runs) => timeRuns(runs, evaluate),
    },
    peers: [pythonPeer(context, { ...peerOf(problem, 'Evaluation', { width: WIDTH }), arrays: arraysOf(problem, U) })],
    flops: { count: evaluationFlops(P, M), precision: 'float64' },
    tolerance: 1e-8,
  };
}

async function solving(context: BenchContext, linalg: LinalgBackend, { P, M, widths }: Solving): Promise<Contest> {
  const problem = saddleProblem(P, M, widths[0]);
  const prepared = await prepareGgdln(problem, { linalg });
  let [action, evaluations] = [0, 0];
  const settings = { sigma: SIGMA, temperature: TEMPERATURE };
  const solve = async () => {
    // A sweep computes its kernel anew, as that is part of the function.
    const solutions =
      widths.length === 1
        ? [await solvePreparedGgdln(prepared, { ...settings, widths }, { tolerance: TOLERANCE })]
        : await solveGgdlnWidths(
            problem,
            widths.map((width) => [width]),
            { tolerance: TOLERANCE, linalg },
          );
    action = solutions.reduce((sum, solution) => sum + solution.action, 0);
    evaluations = solutions.reduce((sum, solution) => sum + solution.evaluations, 0);
  };
  await solve();
  const options = { widths, tolerance: TOLERANCE };
  return {
    unit: 'ms',
    backend: linalg.name,
    ours: { name: 'ggdln', check: { action }, time: (runs) => timeRuns(runs, solve) },
    peers: [pythonPeer(context, { ...peerOf(problem, 'Solve', options), arrays: arraysOf(problem) })],
    flops: { count: evaluations * evaluationFlops(P, M), precision: 'float64' },
    tolerance: 1e-9,
  };
}

/** Factorisation and inverse, the kernel, A and B. */
export const evaluationFlops = (P: number, M: number): number => P ** 3 + 4 * P * P * M;

export function saddleProblem(P: number, M: number, width: number): GgdlnProblem {
  const { X, y, gates } = benchProblem(P, N0, M);
  return { X, y, gates: [gates], widths: [width], sigma: SIGMA, temperature: TEMPERATURE };
}

/** A positive definite matrix away from any special point. */
function trialU(M: number): Matrix {
  const U = matrix(M, M);
  for (let i = 0; i < M; i++) {
    for (let j = 0; j < M; j++) U.data[i * M + j] = (i === j ? 0.8 : 0) + 0.3 * Math.cos(i) * Math.cos(j);
  }
  return U;
}

function peerOf(problem: GgdlnProblem, kind: string, options: Readonly<Record<string, unknown>>) {
  const { sigma, temperature } = problem;
  return { target: `saddle:${kind}`, needs: ['scipy'] as const, options: { sigma, temperature, ...options } };
}

function arraysOf({ X, y, gates }: GgdlnProblem, U?: Matrix) {
  const common = { X: stored(X), gates: stored(gates[0]), y: storedShape([X.rows], y as Float64Array) };
  return U ? { ...common, U: stored(U) } : common;
}
