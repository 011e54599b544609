import { readFileSync } from 'node:fs';
import { createRandom, type Gates, type Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';

/** Normal inputs, P × N0. */
export function randomInputs(rows: number, cols: number, seed: number | string = 1): Matrix {
  return matrix(
    rows,
    cols,
    createRandom(seed)
      .stream('inputs')
      .fillGaussian(new Float64Array(rows * cols)),
  );
}

/** The same inputs scaled to |x|² = N0. */
export function unitInputs(rows: number, cols: number, seed: number | string = 1): Matrix {
  const X = randomInputs(rows, cols, seed);
  for (let i = 0; i < rows; i++) {
    const x = X.data.subarray(i * cols, (i + 1) * cols);
    const scale = Math.sqrt(cols / x.reduce((sum, value) => sum + value * value, 0));
    x.forEach((value, j) => {
      x[j] = value * scale;
    });
  }
  return X;
}

export function rowOf(a: Matrix, i: number): Float64Array {
  return a.data.subarray(i * a.cols, (i + 1) * a.cols);
}

/** (ΦΦᵀ/M)_{ij}. */
export function overlap({ values }: Gates, i: number, j: number): number {
  return rowOf(values, i).reduce((sum, g, m) => sum + g * values.data[j * values.cols + m], 0) / values.cols;
}

/** |share − expected| in standard errors of a share of M draws. */
export function standardErrors(share: number, expected: number, M: number): number {
  return Math.abs(share - expected) / Math.sqrt((expected * (1 - expected)) / M);
}

/** A case of the reference numbers for GGDLNs. */
export function referenceCase(name: string): { params: Record<string, number>; inputs: Record<string, number[][]> } {
  const { cases } = JSON.parse(readFileSync(new URL('../../../fixtures/ggdln.json', import.meta.url), 'utf8'));
  return cases.find((item: { name: string }) => item.name === name);
}
