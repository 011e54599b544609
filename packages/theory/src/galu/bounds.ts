import { inputError, type Matrix } from '@ggdln/core';
import { requireMatrix, trace } from '@ggdln/linalg';

/**
 * Bound on test minus training loss for fixed gate vectors, weights of norm at most B and a 1-Lipschitz loss between
 * 0 and 1, that holds with probability 1 − δ: 2B √(tr K)/m + 3 √(ln(2/δ)/2m) (theory page galu, section 4). B must
 * be chosen before the data are seen.
 * @param parts `K`: kernel of the training inputs, m × m. `B`: norm of the weights, ≥ 0. `delta`: δ in (0, 1).
 * @throws GGDLN_INPUT for numbers out of range.
 */
export function rademacherBound(parts: { readonly K: Matrix; readonly B: number; readonly delta: number }): number {
  const where = '@ggdln/theory rademacherBound';
  const { K, B, delta } = parts;
  requireMatrix(where, 'K (m × m)', K, { rows: K.cols });
  if (K.rows === 0) throw inputError(where, 'K is 0 × 0', 'Give the kernel of at least one input');
  if (!(B >= 0 && Number.isFinite(B))) throw inputError(where, `B is ${B}`, 'Give a finite number ≥ 0');
  requireProbability(where, 'delta', delta);
  return (2 * B * Math.sqrt(trace(K))) / K.rows + 3 * Math.sqrt(Math.log(2 / delta) / (2 * K.rows));
}

/**
 * Neurons k with which λ_min(K) > (1 − δ) λ_min(K_∞) with probability 1 − η, so that gradient descent converges at that
 * rate: 2R/(δ² λ_min(K_∞)) ln(m/η) by the matrix Chernoff bound (theory page galu, section 3). Very loose, but Õ(m/d).
 * @param parts `inputs`: m. `largest`: R = λ_max(XXᵀ). `smallest`: λ_min(K_∞) > 0. `delta`: δ in (0, 1).
 * `failure`: η in (0, 1).
 * @throws GGDLN_INPUT for numbers out of range.
 */
export function galuNeuronsForRate(parts: {
  readonly inputs: number;
  readonly largest: number;
  readonly smallest: number;
  readonly delta: number;
  readonly failure: number;
}): number {
  const where = '@ggdln/theory galuNeuronsForRate';
  const { inputs, largest, smallest, delta, failure } = parts;
  for (const [name, value] of Object.entries({ inputs, largest, smallest })) {
    if (!(value > 0 && Number.isFinite(value)))
      throw inputError(where, `${name} is ${value}`, 'Give a finite number > 0');
  }
  requireProbability(where, 'delta', delta);
  requireProbability(where, 'failure', failure);
  return Math.ceil(((2 * largest) / (delta * delta * smallest)) * Math.log(inputs / failure));
}

function requireProbability(where: string, name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw inputError(where, `${name} is ${value}`, 'Give a number between 0 and 1');
}
