import type { Examples, LinalgBackend, Matrix, Row } from '@ggdln/core';
import { add, identity } from '@ggdln/linalg';

/** A kernel among training inputs, and of training (rows) with test inputs. */
export interface KernelPair {
  readonly train: Matrix;
  readonly cross: Matrix;
}

/** Bias and error rate (targets ±1) of Gaussian-process regression. */
export function processErrors(
  { train, cross }: KernelPair,
  targets: { readonly train: Examples; readonly test: Examples },
  temperature: number,
  linalg: LinalgBackend,
): { readonly bias: number; readonly 'error rate': number } {
  const factor = linalg.cholesky(add(train, identity(train.rows, temperature)));
  const mean = linalg.gemm(cross, linalg.choleskySolve(factor, targets.train.Y), { transA: true });
  const y = targets.test.Y.data;
  let [bias, wrong] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    bias += (mean.data[i] - y[i]) ** 2 / y.length;
    if (mean.data[i] * y[i] <= 0) wrong += 1 / y.length;
  }
  return { bias, 'error rate': wrong };
}

/** Numbers as rows of a tidy table. */
export function metricRows(numbers: { readonly [metric: string]: number }, cells: Row): Row[] {
  return Object.entries(numbers).map(([metric, value]) => ({ ...cells, metric, value, stderr: null }));
}
