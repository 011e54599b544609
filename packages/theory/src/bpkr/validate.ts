import { inputError, type Matrix } from '@ggdln/core';
import { requireMatrix, shapeOf } from '@ggdln/linalg';
import type { BpkrData, BpkrSetting } from './types.ts';

const where = '@ggdln/theory bpkr';

/** @throws GGDLN_INPUT for data that no deep linear network could learn. */
export function checkData({ X, y, test }: BpkrData): void {
  requireMatrix(where, 'X (P × N0)', X);
  if (X.rows === 0 || X.cols === 0) {
    throw inputError(where, `X is ${shapeOf(X)}`, 'Give at least one example with one input');
  }
  const Y: Matrix = y instanceof Float64Array ? { rows: y.length, cols: 1, data: y } : y;
  requireMatrix(where, 'y (P × C)', Y, { rows: X.rows });
  if (Y.cols === 0) throw inputError(where, `y is ${shapeOf(Y)}: no outputs`, 'Give at least one column');
  if (test) requireMatrix(where, 'test.X (P_test × N0)', test.X, { cols: X.cols });
}

/** @throws GGDLN_INPUT for widths, σ or T out of range. */
export function checkSetting({ widths, sigma, temperature }: BpkrSetting): void {
  if (!Array.isArray(widths) || widths.length === 0) {
    throw inputError(where, 'widths is empty', 'Give one width a hidden layer, top first: [N_L, …, N_1]');
  }
  const bad = widths.findIndex((width) => !Number.isSafeInteger(width) || width < 1);
  if (bad >= 0) throw inputError(where, `widths[${bad}] is ${widths[bad]}`, 'A width is a whole number of units ≥ 1');
  if (!(Number.isFinite(sigma) && sigma > 0)) {
    throw inputError(where, `sigma is ${sigma}`, 'The prior standard deviation of a weight is a finite number > 0');
  }
  if (!(Number.isFinite(temperature) && temperature >= 0)) {
    throw inputError(where, `temperature is ${temperature}`, 'Give a finite number ≥ 0');
  }
}
