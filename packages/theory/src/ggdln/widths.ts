import { inputError, type Matrix } from '@ggdln/core';
import { add, maxAbs } from '@ggdln/linalg';
import { spectralMap } from './chain.ts';
import { type PreparedGgdln, prepareGgdln } from './prepare.ts';
import type { Secant } from './secants.ts';
import { solveFrom } from './solve.ts';
import { infiniteWidthOrderParameters } from './statistics.ts';
import type { GgdlnData, GgdlnOptions, GgdlnSetting, GgdlnSolution } from './types.ts';
import { checkSetting } from './validate.ts';
import { createWorkspace } from './workspace.ts';

/** Solutions that an extrapolation goes through at most. */
const POINTS = 8;
/** The most that its weights may come to, so that it doesn't blow up errors where widths are spaced unevenly. */
const MOST_WEIGHT = 400;
/** Ratios of widths count as the same within this. */
const SAME_RATIO = 0.05;

/** Solved widths. */
interface Solved {
  readonly widths: readonly number[];
  readonly solution: GgdlnSolution;
  readonly node: Node;
}

/** A width in units in which it begins to matter, and the logarithms of the order parameters there. */
interface Node {
  readonly width: number;
  readonly logs: readonly Matrix[];
}

/** In what extrapolations are polynomials: of 1/N at large widths, through infinity, of log N at small ones. */
const COORDINATES: readonly ((width: number) => number)[] = [(width) => 1 / (1 + width), Math.log];

/**
 * The saddle points of one problem at many widths, each as `solveGgdln` finds it, for a fraction of the work: kernel
 * and row space are computed once, and each search, from wide to narrow, starts at the extrapolation of the logarithms
 * of the order parameters through infinite width and the solutions before it, with the curvature that they have seen.
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
  const fromWide = [...widths].sort((a, b) => meanWidth(b) - meanWidth(a));
  for (const each of fromWide) {
    if (known.has(each.join())) continue;
    const setting = { ...problem, widths: each };
    const initial = known.size > 0 ? extrapolate(prepared, [...known.values()], setting) : options.initial;
    const solution = await solveFrom(prepared, setting, { ...options, ...(initial ? { initial } : {}) }, memory);
    const node = { width: widthOf(prepared, each), logs: solution.U.map((u) => logarithm(prepared, u)) };
    known.set(each.join(), { widths: each, solution, node });
  }
  return widths.map((each) => (known.get(each.join()) as Solved).solution);
}

/**
 * Order parameters near those at these widths, by a polynomial through the latest solutions whose layers have the same
 * proportions: in the coordinate in which one node less would change it least.
 */
function extrapolate(prepared: PreparedGgdln, solved: readonly Solved[], { widths, sigma }: GgdlnSetting): Matrix[] {
  const similar = solved.filter((one) => sameProportions(one.widths, widths)).map(({ node }) => node);
  const wide = {
    width: Number.POSITIVE_INFINITY,
    logs: infiniteWidthOrderParameters(prepared, sigma).map((u) => logarithm(prepared, u)),
  };
  const nodes = similar.length > 0 ? [wide, ...similar].slice(-POINTS) : solved.slice(-1).map(({ node }) => node);
  const at = widthOf(prepared, widths);
  const guesses = COORDINATES.map((place) => guess(nodes, at, place));
  const { logs } = guesses.reduce((best, one) => (one.doubt < best.doubt ? one : best));
  return logs.map((log) => spectralMap(log, Math.exp, prepared.linalg));
}

/** The polynomial through the nodes, and how far the one without the first node lies from it. */
function guess(nodes: readonly Node[], at: number, place: (width: number) => number) {
  let used = nodes.filter(({ width }) => Number.isFinite(place(width)));
  const weightsOf = (some: readonly Node[]) =>
    lagrangeWeights(
      some.map(({ width }) => place(width)),
      place(at),
    );
  while (weightsOf(used).reduce((sum, weight) => sum + Math.abs(weight), 0) > MOST_WEIGHT) used = used.slice(1);
  const logs = combine(used, weightsOf(used));
  const fewer = used.slice(1);
  const rougher = fewer.length > 0 ? combine(fewer, weightsOf(fewer)) : undefined;
  const doubt = rougher
    ? Math.max(...logs.map((log, t) => maxAbs(add(log, rougher[t], 1, -1))))
    : Number.POSITIVE_INFINITY;
  return { logs, doubt };
}

function lagrangeWeights(places: readonly number[], at: number): number[] {
  return places.map((place, i) =>
    places.reduce((product, other, j) => (i === j ? product : (product * (at - other)) / (place - other)), 1),
  );
}

function combine(nodes: readonly Node[], weights: readonly number[]): Matrix[] {
  return nodes[0].logs.map((first, t) =>
    nodes.slice(1).reduce((sum, { logs }, i) => add(sum, logs[t], 1, weights[i + 1]), add(first, first, weights[0], 0)),
  );
}

/** N √D / P: between P, where the scale of U changes, and P/D, where its shape does. */
function widthOf({ y, dimensions }: PreparedGgdln, widths: readonly number[]): number {
  return (meanWidth(widths) * Math.sqrt(dimensions[dimensions.length - 1])) / (1 + y.length);
}

function sameProportions(a: readonly number[], b: readonly number[]): boolean {
  return a.every((width, t) => Math.abs(Math.log((width * b[0]) / (b[t] * a[0]))) < SAME_RATIO);
}

/** Geometric mean. */
const meanWidth = (widths: readonly number[]) =>
  Math.exp(widths.reduce((sum, width) => sum + Math.log(width), 0) / widths.length);

function logarithm({ linalg }: PreparedGgdln, u: Matrix): Matrix {
  return spectralMap(u, (value) => Math.log(Math.max(value, Number.MIN_VALUE)), linalg);
}
