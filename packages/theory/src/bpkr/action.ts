import type { Spectrum } from './spectrum.ts';
import type { BpkrSetting } from './types.ts';

/**
 * S (sections 2 and 3) in a basis in which G and all U_l are diagonal. At T = 0 determinant and quadratic form are
 * those on the range of the kernel.
 * @param spectrum With the targets in that basis. @param logG, dataTerm One number a direction.
 */
export function actionAt(
  spectrum: Spectrum,
  logG: ArrayLike<number>,
  dataTerm: ArrayLike<number>,
  setting: BpkrSetting,
): number {
  let sum = 0;
  for (let a = 0; a < logG.length; a++) {
    if (logG[a] === Number.NEGATIVE_INFINITY) return Number.NEGATIVE_INFINITY;
    sum += priorAction(dataTerm[a], setting) - logLikelihood(spectrum, a, logG[a], setting.temperature);
  }
  return sum - unfittableLogLikelihood(spectrum, setting.temperature);
}

/** Σ_l N_l/2 (u_l/σ² − log u_l). */
function priorAction(g: number, { widths, sigma }: BpkrSetting): number {
  const logVariance = 2 * Math.log(sigma);
  let sum = 0;
  for (const width of widths) sum += (width / 2) * (1 - g / width - Math.log1p(-g / width) - logVariance);
  return sum;
}

/** −½ Σ_i [log(sλ_i + T) + c_i²/(sλ_i + T)] of one direction of the targets. */
export function logLikelihood({ eigenvalues, c }: Spectrum, a: number, logS: number, temperature: number): number {
  const s = Math.exp(logS);
  let sum = 0;
  for (let i = 0; i < eigenvalues.length; i++) {
    const total = s * eigenvalues[i] + temperature;
    const logTotal = temperature === 0 ? logS + Math.log(eigenvalues[i]) : Math.log(total);
    sum -= 0.5 * (logTotal + c.data[i * c.cols + a] ** 2 / total);
  }
  return sum;
}

/** The same of the targets outside the range of the kernel, all directions; 0 at T = 0, where it is left out. */
export function unfittableLogLikelihood(spectrum: Spectrum, temperature: number): number {
  if (temperature === 0) return 0;
  const nullity = spectrum.examples - spectrum.eigenvalues.length;
  return -0.5 * (spectrum.c.cols * nullity * Math.log(temperature) + spectrum.unfittable / temperature);
}
