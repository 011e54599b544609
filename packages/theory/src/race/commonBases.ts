import type { LinalgBackend, Matrix } from '@ggdln/core';
import { add, identity, inner, matrix, trace } from '@ggdln/linalg';
import type { PathCorrelations } from './pathCorrelations.ts';

/** Below this part of a correlation's size, a vector is taken to have no partner under it. */
const SILENT = 1e-9;

/**
 * Orthogonal bases of input and output nodes that diagonalise the correlations of some paths, if there are any: the
 * first input's from its own correlations, every further node's from what correlations make of a known basis.
 */
export function commonBases(
  correlations: PathCorrelations,
  indices: readonly number[],
  linalg: LinalgBackend,
): Record<string, Matrix> {
  const relations = relationsOf(correlations, indices);
  const own = ownCorrelations(correlations, indices, linalg);
  const bases: Record<string, Matrix> = {};
  // Inputs first: their own correlations tell modes apart.
  const order = [...new Set([...indices.map((p) => correlations.ends[p].source), ...Object.keys(own)])];
  for (let root: string | undefined = order[0]; root !== undefined; root = order.find((node) => !bases[node])) {
    bases[root] = complete([], own[root].all, own[root].strength, linalg);
    for (let next = nextOf(order, relations, bases); next; next = nextOf(order, relations, bases)) {
      const { node, known } = next;
      const columns = images(known.map(({ from, value, turn }) => imageOf(value, bases[from], turn, linalg)));
      bases[node] = complete(columns.slice(0, own[node].all.rows), own[node].all, own[node].strength, linalg);
    }
  }
  return bases;
}

/** A node without a basis that has a correlation with one that has. */
function nextOf(order: readonly string[], relations: readonly Relation[], bases: Readonly<Record<string, Matrix>>) {
  for (const node of order) {
    const known = bases[node] ? [] : relations.filter(({ from, to }) => to === node && bases[from]);
    if (known.length > 0) return { node, known };
  }
  return undefined;
}

interface Relation {
  readonly from: string;
  readonly to: string;
  readonly value: Matrix;
  /** The transpose carries the basis. */
  readonly turn: boolean;
}

function relationsOf({ ends, sigmaYX, sigmaX }: PathCorrelations, indices: readonly number[]): Relation[] {
  const members = new Set(indices);
  const all = [
    ...indices.flatMap((p): Relation[] => {
      const { source, target } = ends[p];
      const value = sigmaYX[p];
      return [
        { from: source, to: target, value, turn: false },
        { from: target, to: source, value, turn: true },
      ];
    }),
    ...sigmaX
      .filter(({ j, p }) => members.has(p) && ends[j].source !== ends[p].source)
      .map(({ j, p, value }): Relation => ({ from: ends[j].source, to: ends[p].source, value, turn: true })),
  ];
  // Paths that no sample opens say nothing about bases.
  const largest = Math.max(...all.map(({ value }) => inner(value, value)));
  return all.filter(({ value }) => inner(value, value) > SILENT ** 2 * largest);
}

/** A symmetric matrix of each node that its basis must diagonalise, generic enough to single it out. */
function ownCorrelations(
  { ends, sigmaYX, sigmaX }: PathCorrelations,
  indices: readonly number[],
  linalg: LinalgBackend,
) {
  const own: Record<string, { all: Matrix; strength: Matrix }> = {};
  const collect = (node: string, part: Matrix, target: boolean) => {
    const before = own[node] ?? { all: matrix(part.rows, part.rows), strength: matrix(part.rows, part.rows) };
    own[node] = {
      all: add(before.all, part),
      strength: target ? add(before.strength, part) : before.strength,
    };
  };
  indices.forEach((p, k) => {
    // Unequal factors, so that no two modes agree in all by accident.
    const factor = 1 + ((k * 0.6180339887) % 1);
    collect(ends[p].target, linalg.syrk(sigmaYX[p], { alpha: factor }), true);
    collect(ends[p].source, linalg.syrk(sigmaYX[p], { trans: true, alpha: factor }), true);
    const seen = sigmaX.find((entry) => entry.j === p && entry.p === p);
    if (seen) collect(ends[p].source, linalg.gemm(seen.value, identity(seen.value.rows), { alpha: factor / 3 }), false);
  });
  return own;
}

function imageOf(value: Matrix, basis: Matrix, turn: boolean, linalg: LinalgBackend): Matrix {
  const image = linalg.gemm(value, basis, { transA: turn });
  const size = Math.sqrt(inner(value, value));
  return matrix(
    image.rows,
    image.cols,
    image.data.map((entry) => (size > 0 ? entry / size : 0)),
  );
}

/** For each mode the unit vector that the relation which carries it best gives; undefined where none does. */
function images(candidates: readonly Matrix[]): (Float64Array | undefined)[] {
  const modes = Math.max(...candidates.map(({ cols }) => cols));
  return Array.from({ length: modes }, (_, mode) => {
    const vectors = candidates
      .filter(({ cols }) => mode < cols)
      .map(({ rows, cols, data }) => Float64Array.from({ length: rows }, (__, i) => data[i * cols + mode]));
    const lengths = vectors.map((vector) => Math.hypot(...vector));
    const best = lengths.indexOf(Math.max(...lengths));
    if (!(lengths[best] > SILENT)) return undefined;
    return vectors[best].map((entry) => entry / lengths[best]);
  });
}

/** Fills the gaps of a basis with eigenvectors of `all` in what is left, strongest first. */
function complete(
  columns: readonly (Float64Array | undefined)[],
  all: Matrix,
  strength: Matrix,
  linalg: LinalgBackend,
): Matrix {
  const size = all.rows;
  const known = columns.flatMap((column) => (column ? [column] : []));
  const outside = identity(size);
  for (const column of known) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) outside.data[i * size + j] -= column[i] * column[j];
    }
  }
  // Shifted, so that directions without any correlation differ from those that are taken.
  const shifted = add(all, identity(size, trace(all) + 1));
  const { vectors } = linalg.symmetricEigen(linalg.gemm(outside, linalg.gemm(shifted, outside)));
  const free = Array.from({ length: Math.max(0, size - known.length) }, (_, k) => {
    const column = size - 1 - k;
    return Float64Array.from({ length: size }, (__, i) => vectors.data[i * size + column]);
  });
  const strengthOf = (v: Float64Array) => {
    const column = matrix(size, 1, v);
    return inner(column, linalg.gemm(strength, column));
  };
  free.sort((a, b) => strengthOf(b) - strengthOf(a));
  const basis = matrix(size, size);
  for (let k = 0; k < size; k++) {
    const column = columns[k] ?? free.shift();
    column?.forEach((entry, i) => {
      basis.data[i * size + k] = entry;
    });
  }
  return basis;
}
