import type { Matrix } from '@ggdln/core';

/**
 * A prime below 2^26, so that products of two residues are exact. Determinants of 0/1 matrices up to 18 × 18 are
 * smaller, so that independence modulo it is independence over the rationals; larger ones are multiples of it with
 * a probability of about 1/p.
 */
const PRIME = 67_108_859;

/** Linearly independent rows of a matrix of zeros and ones. */
export interface IndependentSet {
  has(row: number): boolean;
  add(row: number): void;
  delete(row: number): void;
  /** The members whose combination is `row` (none for a row of zeros); `undefined` when it is independent of them. */
  circuit(row: number): number[] | undefined;
}

/** A reduced row: zero at the pivots of the earlier ones, with its coordinates in the members. */
interface ReducedRow {
  readonly values: Float64Array;
  readonly pivot: number;
  readonly coordinates: Float64Array;
}

/** An empty set of rows of `matrix`, with exact arithmetic modulo a prime. */
export function createIndependentSet(matrix: Matrix): IndependentSet {
  const members: number[] = [];
  let reduced: ReducedRow[] | undefined;
  const rowOf = (row: number) => matrix.data.slice(row * matrix.cols, (row + 1) * matrix.cols);

  /** Subtracts members until the pivots are zero; `coordinates` gets what was subtracted. */
  const reduce = (rows: readonly ReducedRow[], values: Float64Array, coordinates: Float64Array) => {
    for (const basis of rows) {
      const factor = values[basis.pivot];
      if (factor === 0) continue;
      subtractMultiple(values, basis.values, factor);
      subtractMultiple(coordinates, basis.coordinates, PRIME - factor);
    }
  };

  const basis = (): readonly ReducedRow[] => {
    if (reduced) return reduced;
    const rows: ReducedRow[] = [];
    members.forEach((row, index) => {
      const values = rowOf(row);
      const subtracted = new Float64Array(members.length);
      reduce(rows, values, subtracted);
      const pivot = values.findIndex((value) => value !== 0);
      const inverse = power(values[pivot], PRIME - 2);
      // values = row − subtracted, in coordinates of the members, then divided by the pivot.
      const coordinates = subtracted.map((value, i) => (((i === index ? 1 : 0) + PRIME - value) * inverse) % PRIME);
      rows.push({ values: values.map((value) => (value * inverse) % PRIME), pivot, coordinates });
    });
    reduced = rows;
    return rows;
  };

  return {
    has: (row) => members.includes(row),
    add(row) {
      members.push(row);
      reduced = undefined;
    },
    delete(row) {
      members.splice(members.indexOf(row), 1);
      reduced = undefined;
    },
    circuit(row) {
      const values = rowOf(row);
      const coordinates = new Float64Array(members.length);
      reduce(basis(), values, coordinates);
      if (values.some((value) => value !== 0)) return undefined;
      return members.filter((_, i) => coordinates[i] !== 0);
    },
  };
}

/** a − factor · b modulo the prime, in place. */
function subtractMultiple(a: Float64Array, b: Float64Array, factor: number): void {
  const negative = PRIME - factor;
  for (let i = 0; i < a.length; i++) a[i] = (a[i] + negative * b[i]) % PRIME;
}

function power(base: number, exponent: number): number {
  let [result, square] = [1, base];
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * square) % PRIME;
    square = (square * square) % PRIME;
  }
  return result;
}
