import { inputError, type Matrix } from '@ggdln/core';
import { requireMatrix, shapeOf } from '@ggdln/linalg';
import type { GgdlnData, GgdlnSetting } from './types.ts';

const where = '@ggdln/theory ggdln';

/** U_1 is D × D; beyond this it would fill the memory long before it was useful. */
const MAX_COMPOSITE_GATES = 4096;

/** @throws GGDLN_INPUT for data that can't be those of a GGDLN. */
export function checkData(data: GgdlnData): void {
  const { X, y, gates, test } = data;
  requireMatrix(where, 'X (P × N0)', X);
  if (X.cols === 0) throw inputError(where, `X is ${shapeOf(X)}: no inputs`, 'Give at least one input, N0 ≥ 1');
  checkTargets(y, X.rows);
  if (!Array.isArray(gates) || gates.length === 0) {
    throw inputError(where, 'gates is empty', 'Give one P × M matrix a hidden layer, top (readout) layer first');
  }
  gates.forEach((layer, t) => {
    checkGates(layer, `gates[${t}] (P × M, ${layerName(t, gates.length)})`, X.rows);
  });
  const composite = gates.reduce((product, layer) => product * layer.cols, y instanceof Float64Array ? 1 : y.cols);
  if (composite > MAX_COMPOSITE_GATES) {
    throw inputError(
      where,
      `the gates of all layers (${gates.map((layer) => layer.cols).join(' × ')}, times outputs) make ${composite} ` +
        'composite gates, so that U1 would have as many rows and columns',
      `At most ${MAX_COMPOSITE_GATES} are possible: use fewer gates, layers or outputs`,
    );
  }
  if (test) checkTest(data);
}

function checkTargets(y: Matrix | Float64Array, rows: number): void {
  const isVector = y instanceof Float64Array;
  requireMatrix(where, 'y (P × C)', isVector ? { rows: y.length, cols: 1, data: y } : y, { rows });
  if (!isVector && y.cols === 0) throw inputError(where, `y is ${shapeOf(y)}: no outputs`, 'Give at least one column');
}

function checkTest({ X, gates, test }: GgdlnData): void {
  if (!test) return;
  requireMatrix(where, 'test.X (P_test × N0)', test.X, { cols: X.cols });
  if (test.gates?.length !== gates.length) {
    throw inputError(
      where,
      `test.gates has ${test.gates?.length ?? 0} layers, gates has ${gates.length}`,
      'Give the gates of every layer for the test inputs too, top first',
    );
  }
  test.gates.forEach((layer, t) => {
    checkGates(layer, `test.gates[${t}] (P_test × M)`, test.X.rows, gates[t].cols);
  });
}

function checkGates(layer: Matrix, name: string, rows: number, cols?: number): void {
  requireMatrix(where, name, layer, { rows, ...(cols === undefined ? {} : { cols }) });
  if (layer.cols === 0)
    throw inputError(where, `${name} is ${shapeOf(layer)}: no gates`, 'Give at least one gate, M ≥ 1');
}

/** `layer 2 of 3`: lists run from the top down. */
function layerName(t: number, depth: number): string {
  return `layer ${depth - t} of ${depth}`;
}

/** @throws GGDLN_INPUT for widths, σ or T out of range or widths of another depth than the gates. */
export function checkSetting({ widths, sigma, temperature }: GgdlnSetting, depth: number): void {
  if (!Array.isArray(widths) || widths.length !== depth) {
    throw inputError(
      where,
      `${widths?.length ?? 0} widths [${widths?.join(', ') ?? ''}] for gates of ${depth} hidden layers`,
      'Give one width a hidden layer, top first: [N_L, …, N_1]',
    );
  }
  const bad = widths.findIndex((width) => !Number.isSafeInteger(width) || width < 1);
  if (bad >= 0) {
    throw inputError(where, `widths[${bad}] is ${widths[bad]}`, 'A width is a whole number of units ≥ 1');
  }
  if (!(Number.isFinite(sigma) && sigma > 0)) {
    throw inputError(where, `sigma is ${sigma}`, 'The prior standard deviation of a weight is a finite number > 0');
  }
  if (!(Number.isFinite(temperature) && temperature >= 0)) {
    throw inputError(where, `temperature is ${temperature}`, 'Give a finite number ≥ 0');
  }
}

/** @throws GGDLN_INPUT unless `U` is one symmetric positive-definite D_l × D_l matrix a layer, top first. */
export function checkOrderParameters(
  name: string,
  U: readonly Matrix[],
  dimensions: readonly number[],
  isPositiveDefinite: (u: Matrix) => boolean,
): void {
  if (!Array.isArray(U) || U.length !== dimensions.length) {
    throw inputError(
      where,
      `${name} has ${U?.length ?? 0} matrices for ${dimensions.length} hidden layers`,
      'Give one a layer, top first: [U_L, …, U_1]',
    );
  }
  U.forEach((u, t) => {
    const entry = `${name}[${t}] (U${U.length - t})`;
    requireMatrix(where, entry, u, { rows: dimensions[t], cols: dimensions[t] });
    if (asymmetry(u) > 1e-9) {
      throw inputError(where, `${entry} is not symmetric`, 'Order parameters are symmetric; give (U + Uᵀ) / 2');
    }
    if (!isPositiveDefinite(u)) {
      throw inputError(where, `${entry} is not positive definite`, 'All eigenvalues must be > 0');
    }
  });
}

/** Largest |U_ij − U_ji| relative to the largest entry. */
function asymmetry(u: Matrix): number {
  let difference = 0;
  let largest = Number.MIN_VALUE;
  for (let i = 0; i < u.rows; i++) {
    for (let j = 0; j < u.cols; j++) {
      difference = Math.max(difference, Math.abs(u.data[i * u.cols + j] - u.data[j * u.cols + i]));
      largest = Math.max(largest, Math.abs(u.data[i * u.cols + j]));
    }
  }
  return difference / largest;
}

/** @throws GGDLN_INPUT for solver options out of range. */
export function checkSolveOptions(options: {
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly restarts: number;
  readonly hasRng: boolean;
}): void {
  if (!(options.tolerance > 0 && options.tolerance < 1)) {
    throw inputError(where, `tolerance is ${options.tolerance}`, 'Give a number between 0 and 1, e.g. 1e-9');
  }
  if (!Number.isSafeInteger(options.maxIterations) || options.maxIterations < 1) {
    throw inputError(where, `maxIterations is ${options.maxIterations}`, 'Give a whole number ≥ 1');
  }
  if (!Number.isSafeInteger(options.restarts) || options.restarts < 0) {
    throw inputError(where, `restarts is ${options.restarts}`, 'Give a whole number ≥ 0');
  }
  if (options.restarts > 0 && !options.hasRng) {
    throw inputError(where, `restarts is ${options.restarts} but there is no rng`, 'Give rng: createRandom(seed)');
  }
}
