import { inputError, type LinalgBackend, type RandomStream } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { type MultiHeadSetting, requireSetting } from './spectrum.ts';

/** What one random hidden layer gives at leading order in λ. */
export interface MultiHeadShortcut {
  /** u = |a2|²/N; grows with N in the phase `bad`. */
  readonly u: number;
  /** c², overlap of the second head with the first. */
  readonly cosSquared: number;
}

/**
 * The second head at leading order in λ for one draw of the hidden layer of finite width, without sampling heads: the
 * lowest eigenvector of Gᵀ(I − ŷŷᵀ)G. Its overlap with the first head jumps to 0 where the spectrum's outlier joins the
 * bulk, rounded within N^{−1/3} of the transition.
 * Source: Shan, Li, Sompolinsky, arXiv:2407.10315; theory page continual, sections 6 and 8.
 * @param width N, the number of hidden units; needs αN ≥ 1 examples.
 * @throws GGDLN_INPUT for numbers out of range.
 */
export function multiHeadShortcut(
  setting: Omit<MultiHeadSetting, 'lambda'>,
  width: number,
  rng: RandomStream,
  linalg: LinalgBackend,
): MultiHeadShortcut {
  const where = '@ggdln/theory multiHeadShortcut';
  const { alpha, sigma2, w2, rho, Q } = setting;
  requireSetting(where, { ...setting, lambda: 1 });
  const P = Math.round(alpha * width);
  if (!Number.isSafeInteger(width) || width < 2 || P < 2)
    throw inputError(where, `width is ${width} and αN is ${P}`, 'Give a width with at least two examples, αN ≥ 2');
  // Axis 0 of the examples is along the targets, axis 0 of the units along the first head.
  const G = rng.fillGaussian(new Float64Array(P * width), Math.sqrt(sigma2 / width));
  const off = Float64Array.from({ length: P }, (_, i) => (i === 0 ? 0 : rng.gaussian()));
  const norm = Math.sqrt(off.reduce((sum, value) => sum + value * value, 0));
  const across = Math.sqrt(w2 * (1 - rho * rho));
  for (let i = 0; i < P; i++) G[i * width] = i === 0 ? rho * Math.sqrt(w2) : (across * off[i]) / norm;
  const unexplained = matrix(P - 1, width, G.slice(width));
  const { vectors } = linalg.symmetricEigen(linalg.syrk(unexplained, { trans: true }));
  let along = 0;
  for (let j = 0; j < width; j++) along += G[j] * vectors.data[j * width];
  // b ŷ√(QN) is closest to √N Gâ along the targets: b = (row · â)/√Q.
  return { u: Q / (along * along), cosSquared: vectors.data[0] ** 2 };
}
