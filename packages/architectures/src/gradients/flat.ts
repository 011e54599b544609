import { type FlatArray, type FlatArrayConstructor, inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { requireMatrix, shapeOf } from '@ggdln/linalg';

/** What every gradient program computes with. */
export interface Engine<Numbers extends FlatArray> {
  readonly precision: FlatArrayConstructor<Numbers>;
  readonly linalg: LinalgBackend;
  /** Who complains. */
  readonly where: string;
}

/** A matrix in one precision; the matrix's own array where it is float64. */
export function inPrecision<Numbers extends FlatArray>({ precision }: Engine<Numbers>, { data }: Matrix): Numbers {
  return data instanceof precision ? data : precision.from(data);
}

/** Half the squared length of f − y, which is written over f; lengths P·C. */
export function residualEnergy(f: FlatArray, y: FlatArray): number {
  let sum = 0;
  for (let i = 0; i < f.length; i++) {
    const residual = f[i] - y[i];
    f[i] = residual;
    sum += residual * residual;
  }
  return 0.5 * sum;
}

/** @throws GGDLN_INPUT for targets that aren't P × C finite numbers. */
export function requireTargetMatrix(where: string, targets: Matrix, rows: number): void {
  requireMatrix(where, 'the targets (P × C)', targets, { rows });
  if (targets.cols < 1) throw inputError(where, `the targets are ${shapeOf(targets)}`, 'Give at least one a row');
}

/** @throws GGDLN_INPUT for weights or a gradient of another length than the network has. */
export function requireWeights(where: string, size: number, theta: FlatArray, gradient?: FlatArray): void {
  if (theta.length !== size || (gradient && gradient.length !== size)) {
    const found = gradient ? `${theta.length} weights and a gradient of ${gradient.length}` : `${theta.length} weights`;
    throw inputError(where, `given are ${found}`, `This network has ${size} numbers in each`);
  }
}

/** An array of n numbers made when first asked for. */
export function onDemand<Numbers extends FlatArray>({ precision }: Engine<Numbers>, length: number): () => Numbers {
  return once(() => new precision(length));
}

/** What `make` makes, made when first asked for. */
export function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
