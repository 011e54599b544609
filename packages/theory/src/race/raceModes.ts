import { GgdlnError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { add, inner, matrix } from '@ggdln/linalg';
import { commonBases } from './commonBases.ts';
import type { PathCorrelations } from './pathCorrelations.ts';
import type { RacePath } from './scalarRace.ts';

const where = '@ggdln/theory raceModes';

/** One mode of the data: what `scalarRace` needs beside starting strengths. */
export interface RaceMode {
  readonly paths: readonly RacePath[];
  /** D(j, p), paths × paths. */
  readonly D: Matrix;
  /** Places of its paths in the list of all. */
  readonly indices: readonly number[];
}

/** Paths that race with one another: they share edges, or outputs on the same samples. */
export interface RaceGroup {
  /** The modes, strongest first; each is a race of its own. */
  readonly modes: readonly RaceMode[];
  /** Singular vectors (columns) of each input and output node. */
  readonly bases: Readonly<Record<string, Matrix>>;
  /** Largest part of a correlation that is off the diagonal, relative to the largest correlation. */
  readonly residual: number;
}

/**
 * The spectra S(p) and D(j, p) that drive the neural race, from data: correlations are diagonalised by one orthogonal
 * basis for each input and output node. Paths that neither share an edge nor ever see the same samples of an output are
 * independent groups with bases of their own. Saxe, Sodhani and Lewallen 2022, arXiv:2207.10430, assumption (i).
 * @param tolerance Largest residual. Default 1e-8; a larger one gives an approximate race, whose residual says how good.
 * @throws GGDLN_NUMERICAL where no bases diagonalise all correlations of a group: the data have no scalar race.
 */
export function raceModes(correlations: PathCorrelations, linalg: LinalgBackend, tolerance = 1e-8): RaceGroup[] {
  return groupsOf(correlations).map((indices) => {
    const bases = commonBases(correlations, indices, linalg);
    const group = readModes(correlations, indices, bases, linalg);
    if (group.residual <= tolerance) return group;
    throw new GgdlnError({
      code: 'GGDLN_NUMERICAL',
      where,
      problem:
        `the correlations of ${indices.length} racing paths (${correlations.paths[indices[0]].join(' ')}, …) share no ` +
        `singular vectors: ${group.residual.toPrecision(3)} of the largest one is off the diagonal`,
      remedy: `Their learning does not reduce to scalars; simulate it, or allow a tolerance above ${tolerance}`,
    });
  });
}

/** Connected sets of paths. */
function groupsOf({ paths, sigmaX }: PathCorrelations): number[][] {
  const label = paths.map((_, p) => p);
  const join = (a: number, b: number) => {
    const [from, to] = [label[a], label[b]];
    if (from === to) return;
    for (let p = 0; p < label.length; p++) if (label[p] === from) label[p] = to;
  };
  const owner = new Map<string, number>();
  paths.forEach((edges, p) => {
    for (const edge of edges) {
      join(p, owner.get(edge) ?? p);
      owner.set(edge, p);
    }
  });
  for (const { j, p, value } of sigmaX) if (inner(value, value) > 0) join(j, p);
  return [...new Set(label)].map((wanted) => label.flatMap((found, p) => (found === wanted ? [p] : [])));
}

function readModes(
  { paths, ends, sigmaYX, sigmaX }: PathCorrelations,
  indices: readonly number[],
  bases: Readonly<Record<string, Matrix>>,
  linalg: LinalgBackend,
): RaceGroup {
  let [largest, off] = [0, 0];
  const spread = (left: Matrix, value: Matrix, right: Matrix): Float64Array => {
    const turned = linalg.gemm(linalg.gemm(left, value, { transA: true }), right);
    const diagonal = Float64Array.from(
      { length: Math.min(turned.rows, turned.cols) },
      (_, k) => turned.data[k * turned.cols + k],
    );
    const kept = matrix(turned.rows, turned.cols);
    diagonal.forEach((entry, k) => {
      kept.data[k * turned.cols + k] = entry;
    });
    const rest = add(value, linalg.gemm(left, linalg.gemm(kept, right, { transB: true })), 1, -1);
    largest = Math.max(largest, Math.sqrt(inner(value, value)));
    off = Math.max(off, Math.sqrt(inner(rest, rest)));
    return diagonal;
  };
  const S = new Map(indices.map((p) => [p, spread(bases[ends[p].target], sigmaYX[p], bases[ends[p].source])]));
  const D = sigmaX
    .filter(({ p }) => S.has(p))
    .map(({ j, p, value }) => ({ j, p, diagonal: spread(bases[ends[j].source], value, bases[ends[p].source]) }));
  const count = Math.max(...[...S.values()].map(({ length }) => length));
  const modes = Array.from({ length: count }, (_, mode): RaceMode => {
    const members = indices.filter((p) => (S.get(p)?.length ?? 0) > mode);
    const overlap = matrix(members.length, members.length);
    for (const { j, p, diagonal } of D) {
      const [row, col] = [members.indexOf(j), members.indexOf(p)];
      if (row >= 0 && col >= 0) overlap.data[row * members.length + col] = diagonal[mode];
    }
    return {
      paths: members.map((p) => ({ edges: paths[p], output: ends[p].target, s: S.get(p)?.[mode] ?? 0 })),
      D: overlap,
      indices: members,
    };
  });
  return { modes, bases, residual: largest > 0 ? off / largest : 0 };
}
