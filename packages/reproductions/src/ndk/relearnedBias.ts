import { unitActivations } from '@ggdln/architectures';
import type { LinalgBackend, Matrix, RandomStream } from '@ggdln/core';
import { add, columnVector, identity, inner, matrix } from '@ggdln/linalg';
import type { SignData } from '@ggdln/studies';
import { type Found, momentsOf } from '../checks.ts';
import { entry } from '../rows.ts';
import type { WideNetwork } from './common.ts';

/** Drawn units that means over one unit are taken over; they leave about 5 % of the bias uncertain. */
const UNITS = 60_000;

/**
 * What finite width N adds to the mean of a re-learned readout of one hidden layer, times N, at leading order.
 *
 * The readout says k̂_x(K̂ + T)⁻¹y, K̂ = σ²φφᵀ/N over N units. With K̂ = K + Δ, A = (K + T)⁻¹, v = Ay, and for one unit
 * g = v·φ(X), ψ = φ(x) − k_xA·φ(X) and q = φ(X)·Aφ(X), the deviation is (δ − k_xAΔ)(v − AΔv) + …, of which
 *
 * - independent units, Cov[Δ_ab, Δ_cd] = (σ⁴/N) Cov[φ_aφ_b, φ_cφ_d], leave the mean −(σ⁴/N)(⟨ψgq⟩ − ⟨ψφ⟩A⟨φg⟩): about
 *   T∂_T of the output times σ²⟨q⟩/N, σ²⟨q⟩ ≤ P: finite width acts as a larger ridge, by a share of order P/N;
 * - learning tilts the law of hidden weights by the evidence, exp(−yᵀ(K̂ + T)⁻¹y/2 − ln det(K̂ + T)/2), so that ⟨Δ⟩ is of
 *   order 1/N and leaves (σ⁴/2N)(Cov[ψg, g²] − Cov[ψg, q]).
 *
 * The second is that of equilibrium, where the readout's mean over networks is the mean output itself: their sum is also the
 * first correction to the Gaussian process posterior. Means over one unit are taken over drawn ones.
 * @returns N·(mean − theory) on every test input.
 */
export function relearnedBias(
  { activation, sigma, temperature }: WideNetwork,
  { X, y, test }: SignData,
  { rng, linalg }: { readonly rng: RandomStream; readonly linalg: LinalgBackend },
): Float64Array {
  const draw = (inputs: Matrix, W: Matrix) => {
    const h = linalg.gemm(inputs, W, { transB: true, alpha: 1 / Math.sqrt(inputs.cols) });
    unitActivations[activation].apply(h.data);
    return h;
  };
  const weights = matrix(UNITS, X.cols, rng.fillGaussian(new Float64Array(UNITS * X.cols), sigma));
  const [phi, phiX] = [draw(X, weights), draw(test.X, weights)];
  const s2 = sigma * sigma;
  const kernel = (a: Matrix, b: Matrix) => linalg.gemm(a, b, { transB: true, alpha: s2 / UNITS });
  const factor = linalg.cholesky(add(kernel(phi, phi), identity(X.rows, temperature)));
  const A = linalg.choleskySolve(factor, identity(X.rows));
  const g = linalg.gemm(linalg.choleskySolve(factor, columnVector(y)), phi, { transA: true }).data;
  const explained = linalg.gemm(kernel(phiX, phi), A);
  const psi = add(phiX, linalg.gemm(explained, phi), 1, -1);
  const Aphi = linalg.gemm(A, phi);
  const q = new Float64Array(UNITS);
  for (let k = 0; k < phi.data.length; k++) q[k % UNITS] += phi.data[k] * Aphi.data[k];
  const phiG = linalg.gemm(Aphi, columnVector(g), { alpha: 1 / UNITS });
  return Float64Array.from({ length: test.X.rows }, (_, x) => {
    const own = psi.data.subarray(x * UNITS, (x + 1) * UNITS);
    const psiG = own.map((value, i) => value * g[i]);
    const psiPhi = linalg.gemm(phi, columnVector(own), { alpha: 1 / UNITS });
    const ridge = mean(psiG, q) - inner(psiPhi, phiG);
    const tilt =
      covariance(
        psiG,
        g.map((value) => value * value),
      ) - covariance(psiG, q);
    return s2 * s2 * (tilt / 2 - ridge);
  });
}

const mean = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + value * b[i], 0) / a.length;
const average = (a: Float64Array): number => a.reduce((sum, value) => sum + value, 0) / a.length;
const covariance = (a: Float64Array, b: Float64Array): number => mean(a, b) - average(a) * average(b);

/** A column of an ensemble's reads: what theory has there at infinite width, and what finite width should add. */
interface ShiftedTarget {
  readonly at: number;
  readonly value: number;
  readonly shift: number;
}

/**
 * How large (mean − theory) is in units of what finite width should add: 1 where `relearnedBias` is right. Errors are those
 * of the mean over pairs, whose reads at different times belong together.
 * @param outputs 2·pairs × (times × points), as `EnsembleRun` has them. @param stderr Of the mean over pairs.
 */
export function shareOfShift(outputs: Matrix, targets: readonly ShiftedTarget[], stderr: Matrix): Found {
  const weights = targets.map(({ at, shift }) => shift / stderr.data[at] ** 2);
  const size = targets.reduce((sum, { shift }, i) => sum + weights[i] * shift, 0);
  const shares = Array.from({ length: outputs.rows / 2 }, (_, p) => {
    const off = ({ at, value }: ShiftedTarget) =>
      (entry(outputs, 2 * p, at) + entry(outputs, 2 * p + 1, at)) / 2 - value;
    return targets.reduce((sum, target, i) => sum + weights[i] * off(target), 0) / size;
  });
  const { mean: value, scatter } = momentsOf(shares);
  return { value, stderr: scatter / Math.sqrt(shares.length) };
}
