import { inputError, type Matrix } from '@ggdln/core';
import { requireMatrix } from '@ggdln/linalg';
import { createIndependentSet, type IndependentSet } from './independentSet.ts';

const where = '@ggdln/theory galuGenericRank';

/** Rank of the features of almost every X with given gates, and why it isn't more. */
export interface GaluGenericRank {
  readonly rank: number;
  /**
   * A set S of inputs at which min_S (m − |S| + d · rank G_S) is attained: at most `rank` − (m − |S|) targets of these
   * inputs can be fitted. Empty when all targets can.
   */
  readonly bottleneck: readonly number[];
}

/**
 * Rank of Φ (m × kd) for almost every X of dimension d with the gate patterns G: min over sets S of inputs of
 * m − |S| + d · rank(G_S) (theory page galu, section 3). By the matroid union theorem it is the largest number of rows
 * of G that can be divided into d independent sets; found by augmenting paths, in polynomial time.
 * @param gates G, m × k, of zeros and ones. @param dimension d.
 * @throws GGDLN_INPUT for other gates or dimensions.
 */
export function galuGenericRank(gates: Matrix, dimension: number): GaluGenericRank {
  requireMatrix(where, 'gates (m × k)', gates);
  if (!Number.isSafeInteger(dimension) || dimension < 1) {
    throw inputError(where, `the dimension is ${dimension}`, 'Give a whole number ≥ 1');
  }
  const other = gates.data.find((gate) => gate !== 0 && gate !== 1);
  if (other !== undefined) throw inputError(where, `a gate is ${other}`, 'Give hard gates, 0 or 1');
  const sets = Array.from({ length: dimension }, () => createIndependentSet(gates));
  let rank = 0;
  const left: number[] = [];
  for (let row = 0; row < gates.rows; row++) {
    if (augment(sets, [row]) === undefined) rank++;
    else left.push(row);
  }
  return { rank, bottleneck: augment(sets, left)?.sort((a, b) => a - b) ?? [] };
}

/**
 * Breadth-first search from rows in no set: a row may enter a set that it is independent of, or replace a row of its
 * circuit there, which must then find a place itself. The shortest such chain keeps every set independent.
 * @returns `undefined` when a row found a place, else all rows that were reached: a set S as above.
 */
function augment(sets: readonly IndependentSet[], start: readonly number[]): number[] | undefined {
  if (start.length === 0) return undefined;
  const parent = new Map<number, number | undefined>(start.map((row) => [row, undefined]));
  const queue = [...start];
  for (const row of queue) {
    for (const set of sets) {
      if (set.has(row)) continue;
      const circuit = set.circuit(row);
      if (circuit === undefined) {
        move(sets, parent, row, set);
        return undefined;
      }
      for (const next of circuit) {
        if (parent.has(next)) continue;
        parent.set(next, row);
        queue.push(next);
      }
    }
  }
  return queue;
}

/** Puts `row` into `target`, the row it displaces nothing of; each parent takes the place its child left. */
function move(
  sets: readonly IndependentSet[],
  parent: ReadonlyMap<number, number | undefined>,
  row: number,
  target: IndependentSet,
): void {
  let [entering, into]: [number | undefined, IndependentSet | undefined] = [row, target];
  while (entering !== undefined && into !== undefined) {
    const moved: number = entering;
    const from: IndependentSet | undefined = sets.find((set) => set.has(moved));
    from?.delete(moved);
    into.add(moved);
    [entering, into] = [parent.get(moved), from];
  }
}
