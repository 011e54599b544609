import type { Architecture, LinalgBackend, Matrix, Problem } from '@ggdln/core';
import { matrix, selectMatrixRows } from '@ggdln/linalg';

/** Training examples in place of others, with the same loss but for a constant. */
export interface ExampleCompression {
  readonly train: Problem['train'];
  /** What E = ½ Σ (f − y)² of the given examples is more, whatever the weights. */
  readonly constant: number;
}

/** Compressing must leave at most this share of the examples to be worth it. */
const WORTH = 0.9;

/**
 * Replaces the training examples of each gate pattern by as many as they have dimensions, where they are more. Exact for
 * networks that are linear given their gates: with one pattern the outputs are f = XB, so that with X = QR
 * |f − Y|² = |RB − QᵀY|² + |Y|² − |QᵀY|². All that learning, sampling and theory see of the examples is such a sum.
 * @returns Nothing where little is gained, or the network isn't linear given its gates.
 */
export function compressExamples(
  { inputWeights, activation = 'linear' }: Pick<Architecture, 'inputWeights' | 'activation'>,
  train: Problem['train'],
  linalg: LinalgBackend,
): ExampleCompression | undefined {
  if (inputWeights === undefined || activation !== 'linear') return undefined;
  const { X, Y } = train;
  const groups = patternsOf(train.gates, X.rows);
  const left = groups.reduce((sum, rows) => sum + Math.min(rows.length, X.cols), 0);
  if (left > WORTH * X.rows) return undefined;
  const inputs = matrix(left, X.cols);
  const targets = matrix(left, Y.cols);
  const representatives: number[] = [];
  let constant = 0;
  for (const rows of groups) {
    const [own, wanted] = [selectMatrixRows(X, rows), selectMatrixRows(Y, rows)];
    const kept = rows.length > X.cols ? triangle(own, wanted, linalg) : { X: own, Y: wanted };
    inputs.data.set(kept.X.data, representatives.length * X.cols);
    targets.data.set(kept.Y.data, representatives.length * Y.cols);
    if (rows.length > X.cols) constant += (squared(wanted) - squared(kept.Y)) / 2;
    for (let k = 0; k < kept.X.rows; k++) representatives.push(rows[0]);
  }
  const gates = train.gates.map((values) => selectMatrixRows(values, representatives));
  return { train: { ...train, X: inputs, Y: targets, gates }, constant: Math.max(0, constant) };
}

/** Rows that have the same gates in all layers, in the order in which patterns first appear. */
function patternsOf(gates: readonly Matrix[], count: number): number[][] {
  const groups = new Map<string, number[]>();
  for (let i = 0; i < count; i++) {
    const pattern = gates.map(({ cols, data }) => data.subarray(i * cols, (i + 1) * cols).join()).join(';');
    const group = groups.get(pattern);
    if (group) group.push(i);
    else groups.set(pattern, [i]);
  }
  return [...groups.values()];
}

/** R and QᵀY of X = QR. */
function triangle(X: Matrix, Y: Matrix, linalg: LinalgBackend): { readonly X: Matrix; readonly Y: Matrix } {
  const { q, r } = linalg.qr(X);
  return { X: r, Y: linalg.gemm(q, Y, { transA: true }) };
}

function squared({ data }: Matrix): number {
  return data.reduce((sum, value) => sum + value * value, 0);
}
