import { ACTIVATIONS, type ActivationName } from '@ggdln/architectures';
import { inputError, type Matrix, unknownNameError } from '@ggdln/core';
import { columnVector, requireMatrix } from '@ggdln/linalg';

/**
 * Networks h¹ = W¹x/√N0, h^l = W^l φ(h^{l−1})/√N, f = a·φ(h^L)/√N under Langevin learning,
 * dΘ = −(∇E + (T/σ²)Θ)dt + √(2T)dB with E = ½ Σ (f − y)², from Θ(0) ~ N(0, σ0²); σ and σ0 of all layers
 * (Avidan, Li, Sompolinsky, arXiv:2309.04522; theory page ndk, section 1).
 */
export interface EnsembleNetwork {
  /** `erf` is erf(h) itself. */
  readonly activation: ActivationName;
  /** L ≥ 1 hidden layers, all of `width` units. */
  readonly depth: number;
  readonly width: number;
  readonly sigma: number;
  readonly sigma0: number;
  readonly temperature: number;
}

/** What the networks of an ensemble learn. */
export interface EnsembleProblem {
  readonly network: EnsembleNetwork;
  /** P × N0. */
  readonly X: Matrix;
  /** Length P. */
  readonly y: Float64Array;
  readonly test?: { readonly X: Matrix };
}

/** @throws GGDLN_INPUT or GGDLN_UNKNOWN_NAME, naming what doesn't fit. */
export function requireEnsemble(where: string, { network, X, y, test }: EnsembleProblem): void {
  const { activation, depth, width, sigma, sigma0, temperature } = network;
  if (!ACTIVATIONS.includes(activation)) throw unknownNameError(where, 'activation', activation, ACTIVATIONS);
  for (const [name, value] of Object.entries({ depth, width })) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw inputError(where, `${name} is ${value}`, 'Give a whole number ≥ 1');
  }
  for (const [name, value] of Object.entries({ sigma, sigma0 })) {
    if (!(value > 0 && Number.isFinite(value)))
      throw inputError(where, `${name} is ${value}`, 'Give a finite number > 0');
  }
  if (!(temperature >= 0 && Number.isFinite(temperature)))
    throw inputError(where, `temperature is ${temperature}`, 'Give a finite number ≥ 0');
  requireMatrix(where, 'X (P × N0)', X);
  if (X.rows === 0 || X.cols === 0)
    throw inputError(where, `X is ${X.rows} × ${X.cols}`, 'Give at least one input of one number');
  requireMatrix(where, 'y (P)', columnVector(y), { rows: X.rows });
  if (test) requireMatrix(where, 'test.X (tests × N0)', test.X, { cols: X.cols });
}
