import { inputError } from '@ggdln/core';
import { columnVector, type Matrix, requireMatrix } from '@ggdln/linalg';
import type { Activation } from '../kernels/activation.ts';

/** A bias-free network of infinite width, h¹ = W¹x/√N0, h^{l+1} = W^{l+1}φ(h^l)/√N, f = a·φ(h^L)/√N. */
export interface ContinualNetwork {
  readonly activation: Activation;
  /** L ≥ 1 hidden layers. */
  readonly depth: number;
}

/** A task of a sequence. */
export interface ContinualTask {
  /** Inputs, P_t × N0. */
  readonly X: Matrix;
  /** Targets, length P_t. */
  readonly y: Float64Array;
}

/** @throws GGDLN_INPUT for a network that is none. */
export function requireNetwork(where: string, { activation, depth }: ContinualNetwork): void {
  if (typeof activation?.moment !== 'function' || typeof activation.derivativeMoment !== 'function') {
    throw inputError(
      where,
      'activation has no Gaussian moments',
      'Give linearActivation, reluActivation, erfActivation or your own',
    );
  }
  if (!Number.isSafeInteger(depth) || depth < 1) {
    throw inputError(where, `depth is ${depth}`, 'Give the number of hidden layers, a whole number ≥ 1');
  }
}

/** @throws GGDLN_INPUT for tasks, or inputs to predict, that don't fit, naming them. */
export function requireTasks(where: string, tasks: readonly ContinualTask[], others: readonly Matrix[] = []): void {
  if (tasks.length === 0) throw inputError(where, 'there are no tasks', 'Give at least one');
  const N0 = tasks[0].X.cols;
  tasks.forEach(({ X, y }, t) => {
    requireMatrix(where, `tasks[${t}].X (P × N0)`, X, { cols: N0 });
    if (X.rows === 0 || N0 === 0)
      throw inputError(where, `tasks[${t}].X is ${X.rows} × ${N0}`, 'Give at least one input of one number');
    if (!(y instanceof Float64Array))
      throw inputError(where, `tasks[${t}].y is not a Float64Array`, `Give ${X.rows} targets`);
    requireMatrix(where, `tasks[${t}].y (P)`, columnVector(y), { rows: X.rows });
  });
  others.forEach((X, k) => {
    requireMatrix(where, `points[${k}] (Q × N0)`, X, { cols: N0 });
  });
}

/** @throws GGDLN_INPUT for a number that is not finite and positive. */
export function requirePositive(where: string, numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (!(value > 0 && Number.isFinite(value)))
      throw inputError(where, `${name} is ${value}`, 'Give a finite number > 0');
  }
}
