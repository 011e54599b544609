import type { Gates, Matrix } from '@ggdln/core';
import { maxAbs } from '@ggdln/linalg';

/** What gates do to some inputs. */
export interface GateReport {
  /** P. */
  readonly inputs: number;
  /** Each gate with the share of the inputs at which it isn't 0. */
  readonly gates: readonly { readonly name: string; readonly open: number }[];
  /** Rows of the inputs at which all gates are 0; the network is 0 there. */
  readonly dead: readonly number[];
  /** Number of different rows. */
  readonly patterns: number;
  /** Rank of Φ; below the number of gates, some gates are combinations of others (theory page ggdln, section 3). */
  readonly rank: number;
}

/**
 * Sums up gates: how often each is open, which inputs are dead, how many patterns and independent gates there are.
 * @param gates P × G; with P = 0 the shares are 0.
 */
export function gateReport({ values, names }: Gates): GateReport {
  const open = new Float64Array(values.cols);
  const patterns = new Set<string>();
  for (let i = 0; i < values.rows; i++) {
    const row = rowOf(values, i);
    row.forEach((value, m) => {
      if (value !== 0) open[m]++;
    });
    patterns.add(row.join());
  }
  return {
    inputs: values.rows,
    gates: names.map((name, m) => ({ name, open: open[m] / Math.max(1, values.rows) })),
    dead: deadInputs(values),
    patterns: patterns.size,
    rank: rankOf(values),
  };
}

/**
 * Inputs at which all gates of some layer are 0: there f ≡ 0 and the kernel is singular (theory page, section 6).
 * @param layers Gates of each layer at the same inputs, P × M_l.
 * @returns Their rows, ascending.
 */
export function deadInputs(...layers: readonly Matrix[]): number[] {
  const dead = new Set<number>();
  for (const gates of layers) {
    for (let i = 0; i < gates.rows; i++) {
      if (rowOf(gates, i).every((value) => value === 0)) dead.add(i);
    }
  }
  return [...dead].sort((a, b) => a - b);
}

/** Rank by Gram–Schmidt with pivoting: columns whose remainder is below 1e-10 of the largest entry count as dependent. */
function rankOf(values: Matrix): number {
  const columns = Array.from({ length: values.cols }, (_, m) =>
    Float64Array.from({ length: values.rows }, (_, i) => values.data[i * values.cols + m]),
  );
  const floor = (1e-10 * maxAbs(values)) ** 2 * values.rows;
  for (let rank = 0; ; rank++) {
    const squares = columns.map((column) => dot(column, column));
    const pivot = squares.indexOf(Math.max(...squares));
    if (pivot < 0 || !(squares[pivot] > floor)) return rank;
    const [direction] = columns.splice(pivot, 1);
    for (const column of columns) {
      const share = dot(column, direction) / squares[pivot];
      for (let i = 0; i < column.length; i++) column[i] -= share * direction[i];
    }
  }
}

function rowOf(a: Matrix, i: number): Float64Array {
  return a.data.subarray(i * a.cols, (i + 1) * a.cols);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
