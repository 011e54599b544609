import { type Gates, inputError, type Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { withAlwaysOn } from './alwaysOn.ts';
import { requireSameDimension } from './inputs.ts';

/** Half-spaces, drawn or learned. Plain JSON. */
export type HalfSpaces = {
  /** Normals of the half-spaces, M × N0. */
  readonly V: readonly (readonly number[])[];
  /** Subtracted from every input, length N0; zeros when not centred. */
  readonly mean: readonly number[];
  /** b. */
  readonly threshold: number;
  readonly alwaysOn: boolean;
};

/**
 * Θ(V_m·(x − mean)/√N0 + u_m − b) with Θ(0) = 0, P × M: the gates of every scheme that cuts the space by hyperplanes.
 * @param gate What a gate is called; its name ends with its number, from 1.
 * @param drive u of a row, length M: top-down input. Default 0.
 * @throws GGDLN_INPUT for inputs of another dimension than the mean, or not finite.
 */
export function openSides(
  { where, gate }: { readonly where: string; readonly gate: string },
  { V, mean, threshold, alwaysOn }: HalfSpaces,
  X: Matrix,
  drive?: (row: number) => ArrayLike<number>,
): Gates {
  requireSameDimension(where, X, mean.length);
  const values = matrix(X.rows, V.length);
  const centred = new Float64Array(X.cols);
  for (let i = 0; i < X.rows; i++) {
    for (let j = 0; j < X.cols; j++) centred[j] = X.data[i * X.cols + j] - mean[j];
    const driven = drive?.(i);
    for (let m = 0; m < V.length; m++) {
      // One fixed order of summation an input, so that its gates are the same bits alone and in any batch.
      const projection = dot(V[m], centred) / Math.sqrt(X.cols) + (driven ? driven[m] : 0);
      if (!Number.isFinite(projection)) {
        throw inputError(
          where,
          `${gate} ${m + 1} has no finite projection of row ${i} of X`,
          'Scale the inputs down, and use the state that fit returned',
        );
      }
      values.data[i * V.length + m] = projection > threshold ? 1 : 0;
    }
  }
  const gates = { values, names: V.map((_, m) => `${gate} ${m + 1}`) };
  return alwaysOn ? withAlwaysOn(gates) : gates;
}

function dot(a: readonly number[], b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < b.length; j++) sum += a[j] * b[j];
  return sum;
}
