import { inputError, type Matrix } from '@ggdln/core';
import { add } from '@ggdln/linalg';
import { spectralMap } from './chain.ts';
import { type PreparedGgdln, prepareGgdln } from './prepare.ts';
import type { Secant } from './quasiNewton.ts';
import { solveFrom } from './solve.ts';
import type { GgdlnData, GgdlnOptions, GgdlnSetting, GgdlnSolution } from './types.ts';
import { checkSetting } from './validate.ts';
import { createWorkspace } from './workspace.ts';

/** Solutions that an extrapolation goes through at most. */
const POINTS = 6;
/** Ratios of widths count as the same within this. */
const SAME_RATIO = 0.05;

/** Solved widths: where, and the logarithms of the order parameters there. */
interface Solved {
  readonly widths: readonly number[];
  readonly solution: GgdlnSolution;
  readonly logs: readonly Matrix[];
}

/**
 * The saddle points of one problem at many widths, each as `solveGgdln` finds it, for a fraction of the work: kernel
 * and row space are computed once, and each search, from wide to narrow, starts at the extrapolation of the logarithms
 * of the order parameters in log N through the solutions before it, with the curvature that they have seen.
 * `initial` is where the widest starts; `restarts` holds for every width.
 * @param widths One list [N_L, …, N_1] a solution.
 * @returns In the order of `widths`.
 * @throws As `solveGgdln`.
 */
export async function solveGgdlnWidths(
  problem: GgdlnData & Omit<GgdlnSetting, 'widths'>,
  widths: readonly (readonly number[])[],
  options: GgdlnOptions = {},
): Promise<GgdlnSolution[]> {
  const depth = problem.gates?.length ?? 0;
  if (!Array.isArray(widths)) {
    throw inputError(
      '@ggdln/theory ggdln',
      'widths is no list',
      'Give one list of widths a solution, e.g. [[100], [50]]',
    );
  }
  for (const each of widths) checkSetting({ ...problem, widths: each }, depth);
  const prepared = await prepareGgdln(problem, options);
  const memory = { workspace: createWorkspace(prepared), secants: [] as Secant[] };
  const known = new Map<string, Solved>();
  const fromWide = [...widths].sort((a, b) => meanLog(b) - meanLog(a));
  for (const each of fromWide) {
    if (known.has(each.join())) continue;
    const initial = known.size > 0 ? extrapolate(prepared, [...known.values()], each) : options.initial;
    const setting = { ...problem, widths: each };
    const solution = await solveFrom(prepared, setting, { ...options, ...(initial ? { initial } : {}) }, memory);
    known.set(each.join(), { widths: each, solution, logs: solution.U.map((u) => logarithm(prepared, u)) });
  }
  return widths.map((each) => (known.get(each.join()) as Solved).solution);
}

/** Order parameters near those at these widths, from the latest solutions whose layers have the same proportions. */
function extrapolate(prepared: PreparedGgdln, solved: readonly Solved[], widths: readonly number[]): Matrix[] {
  const similar = solved.filter((one) => sameProportions(one.widths, widths)).slice(-POINTS);
  const nodes = similar.length > 0 ? similar : solved.slice(-1);
  const places = nodes.map((one) => meanLog(one.widths));
  const at = meanLog(widths);
  const weights = places.map((place, i) =>
    places.reduce((product, other, j) => (i === j ? product : (product * (at - other)) / (place - other)), 1),
  );
  return widths.map((_, t) => {
    const sum = nodes.reduce(
      (total, { logs }, i) => add(total, logs[t], 1, weights[i]),
      add(nodes[0].logs[t], nodes[0].logs[t], 1, -1),
    );
    return spectralMap(sum, Math.exp, prepared.linalg);
  });
}

function sameProportions(a: readonly number[], b: readonly number[]): boolean {
  return a.every((width, t) => Math.abs(Math.log((width * b[0]) / (b[t] * a[0]))) < SAME_RATIO);
}

const meanLog = (widths: readonly number[]) => widths.reduce((sum, width) => sum + Math.log(width), 0) / widths.length;

function logarithm({ linalg }: PreparedGgdln, u: Matrix): Matrix {
  return spectralMap(u, (value) => Math.log(Math.max(value, Number.MIN_VALUE)), linalg);
}
