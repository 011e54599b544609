import { inputError, isGgdlnError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { spectralMap } from './chain.ts';
import { type PreparedGgdln, prepareGgdln } from './prepare.ts';
import { tryCholesky } from './range.ts';
import type { Secant } from './secants.ts';
import { solveFrom } from './solve.ts';
import { infiniteWidthOrderParameters } from './statistics.ts';
import type { GgdlnData, GgdlnOptions, GgdlnSetting, GgdlnSolution } from './types.ts';
import { checkSetting } from './validate.ts';
import { takeWorkspace } from './workspace.ts';

/** Solutions that an extrapolation goes through at most: noise of their last digits outweighs the rest beyond. */
const POINTS = 16;
/** A polynomial with larger weights, of widths close together, is made of rounding. */
const MOST_WEIGHT = 1e12;
/** Ratios of widths count as the same within this. */
const SAME_RATIO = 0.05;

/** Widths at which order parameters are known. */
export interface KnownWidths {
  readonly widths: readonly number[];
  readonly node: Node;
}

/** Solved widths. */
interface Solved extends KnownWidths {
  readonly solution: GgdlnSolution;
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
  const memory = { workspace: takeWorkspace(prepared.memory), secants: [] as Secant[], goesOn: true };
  const { initial: _, ...cold } = options;
  const known = new Map<string, Solved>();
  const fromWide = [...widths].sort((a, b) => meanWidth(b) - meanWidth(a));
  for (const each of fromWide) {
    if (known.has(each.join())) continue;
    const setting = { ...problem, widths: each };
    const initial = known.size > 0 ? extrapolate(prepared, [...known.values()], setting) : options.initial;
    const { solution, beyond } = await warmOrCold(initial, (start) =>
      solveFrom(prepared, setting, { ...cold, ...start }, memory),
    );
    // Extrapolation multiplies what a solution is off by a hundred, so it goes through better guesses.
    known.set(each.join(), { ...knownWidths(prepared, each, beyond), solution });
  }
  return widths.map((each) => (known.get(each.join()) as Solved).solution);
}

/** @param U Order parameters at these widths, top first. */
export function knownWidths(prepared: PreparedGgdln, widths: readonly number[], U: readonly Matrix[]): KnownWidths {
  return { widths, node: { width: widthOf(prepared, widths), logs: U.map((u) => logarithm(prepared, u)) } };
}

/** Solves from order parameters, or where no saddle point is found from there, as if there were none. */
export async function warmOrCold<Solution>(
  initial: readonly Matrix[] | undefined,
  solve: (start: { readonly initial?: readonly Matrix[] }) => Promise<Solution>,
): Promise<Solution> {
  if (!initial) return solve({});
  try {
    return await solve({ initial });
  } catch (error) {
    const failed = isGgdlnError(error) && (error.code === 'GGDLN_NOT_CONVERGED' || error.code === 'GGDLN_NUMERICAL');
    if (!failed) throw error;
    return solve({});
  }
}

/**
 * Order parameters near those at these widths, by a polynomial through the latest solutions whose layers have the same
 * proportions: in the coordinate, and through as many of them, in which one more changed it least. Nothing where it leads
 * to numbers that nothing can begin at.
 */
export function extrapolate(
  prepared: PreparedGgdln,
  solved: readonly KnownWidths[],
  { widths, sigma }: Pick<GgdlnSetting, 'widths' | 'sigma'>,
): readonly Matrix[] | undefined {
  const similar = solved.filter((one) => sameProportions(one.widths, widths)).map(({ node }) => node);
  const wide = {
    width: Number.POSITIVE_INFINITY,
    logs: infiniteWidthOrderParameters(prepared, sigma).map((u) => logarithm(prepared, u)),
  };
  const nodes = similar.length > 0 ? [wide, ...similar] : solved.slice(-1).map(({ node }) => node);
  const at = widthOf(prepared, widths);
  const { linalg } = prepared;
  const guesses = COORDINATES.map((place) => guess(linalg, nodes, at, place));
  const { logs } = guesses.reduce((best, one) => (one.doubt < best.doubt ? one : best));
  const U = logs.map((log) => spectralMap(log, Math.exp, linalg));
  const usable = U.every((u) => u.data.every(Number.isFinite) && tryCholesky(u, linalg) !== undefined);
  return usable ? U : undefined;
}

/** An extrapolation, and by how much its first node changed it. */
interface Guess {
  readonly logs: readonly Matrix[];
  readonly doubt: number;
}

/** The polynomials through the last node, the last two, … of which that is taken which differs least from the one before. */
function guess(linalg: LinalgBackend, nodes: readonly Node[], at: number, place: (width: number) => number): Guess {
  const places = (node: Node) => place(node.width);
  // Two nodes in one place (widths of other proportions with the same mean) are one.
  const used = nodes
    .filter((node) => Number.isFinite(places(node)))
    .filter((node, i, all) => all.findIndex((other) => places(other) === places(node)) === i)
    .slice(-POINTS);
  const all = used.length;
  const weights = matrix(all, all);
  let rows = 0;
  for (let count = 1; count <= all; count++) {
    const own = lagrangeWeights(used.slice(-count).map(places), place(at));
    if (!own.every((weight) => Math.abs(weight) < MOST_WEIGHT)) break;
    weights.data.set(own, rows * all + all - count);
    rows = count;
  }
  const guesses = linalg.gemm(weights, stacked(used));
  let best = { row: 0, doubt: Number.POSITIVE_INFINITY };
  for (let row = 1; row < rows; row++) {
    const doubt = largestDifference(guesses, row, row - 1);
    if (doubt < best.doubt) best = { row, doubt };
  }
  return { logs: unstacked(guesses, best.row, used[0].logs), doubt: best.doubt };
}

function lagrangeWeights(places: readonly number[], at: number): number[] {
  return places.map((place, i) =>
    places.reduce((product, other, j) => (i === j ? product : (product * (at - other)) / (place - other)), 1),
  );
}

/** All numbers of a node in a row. */
function stacked(nodes: readonly Node[]): Matrix {
  const size = nodes[0].logs.reduce((sum, { data }) => sum + data.length, 0);
  const out = matrix(nodes.length, size);
  nodes.forEach(({ logs }, row) => {
    let at = row * size;
    for (const { data } of logs) {
      out.data.set(data, at);
      at += data.length;
    }
  });
  return out;
}

/** A row of what `stacked` gives, in the shapes of `logs`. */
function unstacked({ data, cols }: Matrix, row: number, logs: readonly Matrix[]): Matrix[] {
  let at = row * cols;
  return logs.map((log) => {
    const from = at;
    at += log.data.length;
    return matrix(log.rows, log.cols, data.slice(from, at));
  });
}

function largestDifference({ data, cols }: Matrix, row: number, other: number): number {
  let largest = 0;
  for (let j = 0; j < cols; j++) largest = Math.max(largest, Math.abs(data[row * cols + j] - data[other * cols + j]));
  return largest;
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
