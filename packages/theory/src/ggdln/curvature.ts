import type { LinalgBackend, Matrix } from '@ggdln/core';
import { symmetrise } from '@ggdln/linalg';

/**
 * A model of the Hessian of (2/N) S in log U, as the map E → H⁻¹E: 1 of the prior, nothing of log det K, and of
 * yᵀHy the form 2 [ρ tr(E B̃ E) + (1 − ρ) tr(E B̃)²/tr B̃] with B̃ = U^{1/2} B U^{1/2}. That is exact along U itself at
 * T = 0, where a change of scale leaves Hy in the range that the data fix; a generic direction keeps the fraction ρ
 * of it, the part of the D N0 features that the data fix. What log det K takes off in generic directions is of second
 * order in ρ.
 * @param B B̃. @param share ρ, between 0 and 1.
 */
export function inverseCurvature(B: Matrix, share: number, linalg: LinalgBackend): (E: Matrix) => Matrix {
  const { values, vectors } = linalg.symmetricEigen(B);
  const size = values.length;
  const pulls = values.map((value) => Math.max(0, value));
  const total = pulls.reduce((sum, value) => sum + value, 0);
  const weight = total > 0 ? (2 * (1 - share)) / total : 0;
  // In this basis B̃ is diagonal, and so is what the first form makes of it.
  const eased = pulls.map((value) => value / (1 + 2 * share * value));
  const denominator = 1 + weight * pulls.reduce((sum, value, a) => sum + value * eased[a], 0);
  return (E) => {
    const rotated = linalg.gemm(vectors, linalg.gemm(E, vectors), { transA: true });
    let along = 0;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) rotated.data[a * size + b] /= 1 + share * (pulls[a] + pulls[b]);
      along += pulls[a] * rotated.data[a * (size + 1)];
    }
    for (let a = 0; a < size; a++) rotated.data[a * (size + 1)] -= ((weight * along) / denominator) * eased[a];
    return symmetrise(linalg.gemm(vectors, linalg.gemm(rotated, vectors, { transB: true })));
  };
}
