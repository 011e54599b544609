import type { LinalgBackend, Matrix, Neighbour, ProductCache } from '@ggdln/core';
import { type PreparedGgdln, prepareGgdln } from './prepare.ts';
import { solvePreparedGgdln } from './solve.ts';
import type { GgdlnOptions, GgdlnProblem, GgdlnSolution } from './types.ts';
import { extrapolate, knownWidths, warmOrCold } from './widths.ts';

/** What a solve in a sweep may use besides the options. */
export interface Surroundings {
  /** Solutions at other widths, the nearest last. */
  readonly neighbours?: readonly Neighbour[];
  /** Where the prepared data of the last solve are. */
  readonly kept?: ProductCache;
}

/**
 * `solveGgdln`, but begun at the extrapolation of the order parameters from other widths, on data that are prepared once
 * for all solves that share them.
 * @throws As `solveGgdln`.
 */
export async function solveBeside(
  problem: GgdlnProblem,
  { neighbours = [], kept }: Surroundings,
  options: GgdlnOptions & { readonly linalg: LinalgBackend },
): Promise<GgdlnSolution> {
  const prepared = await prepareOnce(problem, kept, options);
  const initial = startFrom(prepared, problem, neighbours);
  const { initial: _, ...cold } = options;
  return warmOrCold(initial, (start) => solvePreparedGgdln(prepared, problem, { ...cold, ...start }));
}

/** Data are the same where they are the same arrays; targets and test inputs among them. */
async function prepareOnce(
  problem: GgdlnProblem,
  kept: ProductCache | undefined,
  options: GgdlnOptions & { readonly linalg: LinalgBackend },
): Promise<PreparedGgdln> {
  const { X, y, gates, test } = problem;
  const arrays = [X, y, ...gates, test?.X, ...(test?.gates ?? [])].map((part) =>
    part && 'data' in part ? part.data : part,
  );
  const from = [...arrays, options.linalg, options.memoryLimit];
  const last = kept?.get(KEY);
  if (last && last.from.length === from.length && last.from.every((part, i) => part === from[i])) {
    return last.value as PreparedGgdln;
  }
  // What was kept goes before its successor takes the same memory again.
  kept?.delete(KEY);
  const prepared = await prepareGgdln(problem, options);
  kept?.set(KEY, { from, value: prepared });
  return prepared;
}

const KEY = 'prepared data of ggdln';

/** Where to begin; nowhere in particular where no neighbour has order parameters of this problem. */
function startFrom(
  prepared: PreparedGgdln,
  { widths, sigma }: GgdlnProblem,
  neighbours: readonly Neighbour[],
): readonly Matrix[] | undefined {
  const known = neighbours.flatMap((neighbour) => {
    const U = prepared.dimensions.map((size, t) => {
      const u = neighbour.orderParameters[`U${widths.length - t}`];
      return u?.rows === size && u.cols === size ? [u] : [];
    });
    const fits = neighbour.widths.length === widths.length && U.every(({ length }) => length === 1);
    return fits ? [knownWidths(prepared, neighbour.widths, U.flat())] : [];
  });
  if (known.length === 0) return undefined;
  return extrapolate(prepared, known, { widths, sigma });
}
