import { inputError } from '@ggdln/core';
import { type Matrix, matrix } from '@ggdln/linalg';
import { type Chains, meanOf, requireChains, varianceOf } from './chains.ts';

/** A mean with its standard error. */
export interface BatchMeans {
  readonly mean: number;
  readonly stderr: number;
  /** Samples in a batch. */
  readonly batchLength: number;
}

/**
 * Mean of correlated samples with a standard error from the means of batches of consecutive samples (Geyer 1992,
 * Statistical Science 7:473, section 3.2). Right when a batch is several autocorrelation times long.
 * Samples at the start of a chain that fill no batch are left out.
 * @param batches In all chains together, at least 2 and a multiple of the number of chains.
 * @throws GGDLN_INPUT for chains that don't fill the batches, of unequal length or not finite.
 */
export function batchMeans(chains: Chains, batches: number): BatchMeans {
  const where = '@ggdln/learning batchMeans';
  const length = requireChains(where, chains, 1);
  const each = batches / chains.length;
  if (!Number.isInteger(each) || each < 1 || batches < 2) {
    throw inputError(
      where,
      `${batches} batches for ${chains.length} chains`,
      'Give a multiple of the chains, at least 2',
    );
  }
  const batchLength = Math.floor(length / each);
  if (batchLength < 1) {
    throw inputError(where, `${each} batches for a chain of ${length} samples`, 'Give fewer batches or longer chains');
  }
  const means = chains.flatMap((chain) => {
    const values = Float64Array.from(chain).subarray(length - each * batchLength);
    return Array.from({ length: each }, (_, b) => meanOf(values.subarray(b * batchLength, (b + 1) * batchLength)));
  });
  return { mean: meanOf(means), stderr: standardError(means), batchLength };
}

/** Mean and standard error of every column of a matrix whose rows are the means of batches; each 1 × cols. */
export function batchEstimate(rows: Matrix): { readonly value: Matrix; readonly stderr: Matrix } {
  const value = matrix(1, rows.cols);
  const stderr = matrix(1, rows.cols);
  const column = new Float64Array(rows.rows);
  for (let j = 0; j < rows.cols; j++) {
    for (let i = 0; i < rows.rows; i++) column[i] = rows.data[i * rows.cols + j];
    value.data[j] = meanOf(column);
    stderr.data[j] = standardError(column);
  }
  return { value, stderr };
}

function standardError(means: ArrayLike<number>): number {
  return Math.sqrt(varianceOf(means) / means.length);
}
