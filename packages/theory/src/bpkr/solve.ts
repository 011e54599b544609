import { GgdlnError, type Matrix, type Warning } from '@ggdln/core';
import { matrix, symmetrise } from '@ggdln/linalg';
import { predictorAt } from './predictor.ts';
import { type PreparedBpkr, prepareBpkr, prepareWithKernel } from './prepare.ts';
import { findSaddles } from './saddles.ts';
import { rotateSpectrum, type Spectrum, scaleSpectrum } from './spectrum.ts';
import type { BpkrOptions, BpkrProblem, BpkrSaddle, BpkrSetting, BpkrSolution } from './types.ts';
import { checkSetting } from './validate.ts';
import { warningsFor } from './warnings.ts';

const where = '@ggdln/theory bpkr';

/**
 * The theory of deep linear networks by back-propagating kernel renormalization (Li & Sompolinsky 2021,
 * arXiv:2012.04030): the saddle point of the layers' order parameters and the predictor there, for P, N_l → ∞ at fixed
 * ratios. Any depth, widths (also narrow ones), P, number of outputs and T ≥ 0.
 * @throws GGDLN_INPUT for bad shapes, ranges or numbers; NotConvergedError; GGDLN_NUMERICAL when a scale overflows;
 * GGDLN_CANCELLED.
 */
export async function solveBpkr(problem: BpkrProblem, options: BpkrOptions = {}): Promise<BpkrSolution> {
  checkSetting(problem);
  return solvePreparedBpkr(await prepareBpkr(problem, options), problem, options);
}

/**
 * The heuristic extension to bias-free ReLU networks (section 7): the same equations with the arc-cosine kernel in
 * place of x·x′/N0. It becomes exact at infinite width; at P/N ≥ 1 variances are off by up to a quarter.
 * @throws As `solveBpkr`.
 */
export async function solveReluHeuristic(problem: BpkrProblem, options: BpkrOptions = {}): Promise<BpkrSolution> {
  checkSetting(problem);
  return solvePreparedBpkr(await prepareWithKernel(problem, problem.widths.length, options), problem, options);
}

/**
 * `solveBpkr` on prepared data, for sweeps.
 * @throws As `solveBpkr`.
 */
export async function solvePreparedBpkr(
  prepared: PreparedBpkr,
  setting: BpkrSetting,
  options: BpkrOptions = {},
): Promise<BpkrSolution> {
  checkSetting(setting);
  const spectrum = scaleSpectrum(prepared.spectrum, setting.sigma ** 2);
  const { saddles, residual } = await findSaddles(spectrum, setting, prepared.linalg, options.signal);
  const [saddle] = saddles;
  requireFinite(saddle);
  const warnings: Warning[] = warningsFor(prepared, setting, saddles);
  for (const warning of warnings) options.onWarning?.(warning);
  const inBasis = (values: Float64Array) => fromEigenvalues(saddle.basis, values, prepared);
  return {
    G: layerEigenvalues(saddle, setting).map(inBasis),
    U: setting.widths.map((width) => inBasis(shrinkage(saddle, width, setting.sigma))),
    dataTerm: inBasis(saddle.dataTerm),
    saddles,
    predictor: predictorAt(prepared, setting, saddle),
    trainError: trainError(spectrum, setting, saddle, prepared),
    layerNormExcess: -saddle.dataTerm.reduce((sum, value) => sum + value, 0),
    rank: spectrum.eigenvalues.length,
    residual,
    warnings,
  };
}

/** Eigenvalues of G_L, …, G_1: products of those of the U_l from the top. G_1 as the saddle equation has it. */
export function layerEigenvalues(saddle: BpkrSaddle, { widths, sigma }: BpkrSetting): Float64Array[] {
  const product = new Float64Array(saddle.logG.length).fill(1);
  return widths.map((width, t) => {
    const factors = shrinkage(saddle, width, sigma);
    for (let a = 0; a < product.length; a++) product[a] *= factors[a];
    return t === widths.length - 1 ? saddle.logG.map(Math.exp) : product.slice();
  });
}

/** u_l = σ²(1 − ΓG/N_l), one number a direction. */
function shrinkage({ dataTerm }: BpkrSaddle, width: number, sigma: number): Float64Array {
  return dataTerm.map((value) => sigma ** 2 * (1 - value / width));
}

function fromEigenvalues(basis: Matrix, values: Float64Array, { linalg }: PreparedBpkr): Matrix {
  const scaled = matrix(basis.rows, basis.cols);
  for (let i = 0; i < basis.data.length; i++) scaled.data[i] = basis.data[i] * values[i % basis.cols];
  return symmetrise(linalg.gemm(scaled, basis, { transB: true }));
}

/** Section 2, below equation (5), and the targets that no network fits. */
function trainError(spectrum: Spectrum, setting: BpkrSetting, saddle: BpkrSaddle, { linalg }: PreparedBpkr): number {
  const { temperature } = setting;
  let sum = spectrum.unfittable;
  if (temperature > 0) {
    const { eigenvalues, c } = rotateSpectrum(spectrum, saddle.basis, linalg);
    for (let i = 0, at = 0; i < c.rows; i++) {
      for (let a = 0; a < c.cols; a++, at++) {
        const signal = Math.exp(saddle.logG[a]) * eigenvalues[i];
        const rest = temperature / (signal + temperature);
        sum += (rest * c.data[at]) ** 2 + signal * rest;
      }
    }
  }
  return sum / spectrum.examples;
}

function requireFinite({ logG }: BpkrSaddle): void {
  const largest = Math.max(...logG);
  if (largest < 700) return;
  throw new GgdlnError({
    code: 'GGDLN_NUMERICAL',
    where,
    problem: `the order parameter is exp(${largest.toFixed(0)}), beyond the largest number`,
    remedy: 'Take fewer layers or a smaller sigma',
  });
}
