import { createPacer, GgdlnError, inputError, throwIfCancelled } from '@ggdln/core';
import { logLikelihood, unfittableLogLikelihood } from '../action.ts';
import type { PreparedBpkr } from '../prepare.ts';
import { findSaddles } from '../saddles.ts';
import { type Spectrum, scaleSpectrum } from '../spectrum.ts';
import type { BpkrOptions, BpkrSaddle, BpkrSetting } from '../types.ts';
import {
  convolve,
  type GridFunction,
  logChiSquareDensity,
  logMaximum,
  logSum,
  tilted,
  valueAt,
} from './gridFunction.ts';

const where = '@ggdln/theory exactBpkr';

/** Grid points with less than this share of the largest weight are left out. */
const NEGLIGIBLE = 1e-22;

/** Options of everything that averages over the exact posterior. */
export interface ExactOptions extends BpkrOptions {
  /** Step of the grid in log s. Default: fine enough for about 15 digits. */
  readonly step?: number;
}

/** The exact posterior of s = ∏ u_l on a grid of log s, and the parts it is made of. */
export interface ScalePosterior {
  readonly step: number;
  /** Of K_0, σ² included. */
  readonly spectrum: Spectrum;
  /** Indices of the grid, and log s there. */
  readonly indices: Int32Array;
  readonly logS: Float64Array;
  /** Posterior probabilities; they add up to 1. */
  readonly weights: Float64Array;
  readonly logEvidence: number;
  /** Tilted law of each log(u_l/σ²), top first. */
  readonly layers: readonly GridFunction[];
  /** Of log ∏_{k ≥ l} u_k/σ², top first; the last is that of s. */
  readonly upper: readonly GridFunction[];
  /** Of log ∏_{k < l} u_k/σ², top first; the last has no layers in it. */
  readonly lower: readonly GridFunction[];
}

/** No layer: all weight at 0. */
const nothing: GridFunction = { first: 0, values: Float64Array.of(1), logScale: 0 };

/**
 * Section 2: the law of log s is a convolution over layers, its posterior that times the likelihood. Each layer's law is
 * tilted by e^{θz}, and the likelihood by s^{−θ}: with θ = −g/2 of the saddle, all of them peak where the posterior does.
 * @param coarsest Of the steps that are chosen here.
 */
export async function scalePosterior(
  prepared: PreparedBpkr,
  setting: BpkrSetting,
  options: ExactOptions = {},
  coarsest = 0.08,
): Promise<ScalePosterior> {
  requireSingleOutput(prepared);
  const spectrum = scaleSpectrum(prepared.spectrum, setting.sigma ** 2);
  const { saddles } = await findSaddles(spectrum, setting, prepared.linalg, options.signal);
  requireNormalisable(saddles[0], setting);
  const tilt = -saddles[0].dataTerm[0] / 2;
  const step = options.step ?? Math.min(coarsest, sufficientStep(spectrum, setting, saddles));
  if (!(step > 0 && step <= 0.1)) throw inputError(where, `step is ${step}`, 'Give a number between 0 and 0.1');
  const pace = createPacer();
  const join = async (a: GridFunction, b: GridFunction): Promise<GridFunction> => {
    throwIfCancelled(options.signal, where);
    await pace();
    return convolve(a, b);
  };
  const layers = setting.widths.map((width) => logChiSquareDensity(width, tilt, step));
  const upper: GridFunction[] = [];
  for (const layer of layers) upper.push(await join(upper[upper.length - 1] ?? nothing, layer));
  const lower: GridFunction[] = [nothing];
  for (const layer of layers.slice(1).reverse()) lower.unshift(await join(lower[0], layer));
  const total = upper[upper.length - 1];
  const posterior = weigh(total, spectrum, setting, tilt, step);
  requireAllSaddles(total, saddles, setting, step);
  const normaliser = setting.widths.reduce((sum, width) => {
    const untilted = logSum(logChiSquareDensity(width, 0, step)) + logMaximum(width, 0);
    return sum + untilted - logMaximum(width, tilt);
  }, 0);
  const targets = setting.temperature === 0 ? spectrum.eigenvalues.length : spectrum.examples;
  const logEvidence = posterior.logTotal - normaliser - (targets / 2) * Math.log(2 * Math.PI);
  return { ...posterior, step, spectrum, logEvidence, layers, upper, lower };
}

/** Prior times likelihood at every point of the grid. */
function weigh(total: GridFunction, spectrum: Spectrum, setting: BpkrSetting, tilt: number, step: number) {
  const { sigma, temperature } = setting;
  const origin = 2 * setting.widths.length * Math.log(sigma);
  const constant = unfittableLogLikelihood(spectrum, temperature);
  const logs = total.values.map((value, k) => {
    const z = (total.first + k) * step;
    return Math.log(value) - tilt * z + logLikelihood(spectrum, 0, origin + z, temperature) + constant;
  });
  const top = logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  requireInside(logs, top);
  const kept = Array.from(logs.keys()).filter((k) => logs[k] - top > Math.log(NEGLIGIBLE));
  const sum = kept.reduce((partial, k) => partial + Math.exp(logs[k] - top), 0);
  return {
    indices: Int32Array.from(kept, (k) => total.first + k),
    logS: Float64Array.from(kept, (k) => origin + (total.first + k) * step),
    weights: Float64Array.from(kept, (k) => Math.exp(logs[k] - top) / sum),
    logTotal: top + Math.log(sum) + total.logScale,
  };
}

/** The weights times E[∏ u_k^power | s] over the layers in `part`, in units of σ²; `rest` holds all others. */
export function weightsTimes(
  { indices, weights, upper, step }: ScalePosterior,
  part: GridFunction,
  power: number,
  rest: GridFunction,
): Float64Array {
  const total = upper[upper.length - 1];
  const changed = convolve(tilted(part, power, step), rest);
  const factor = Math.exp(changed.logScale - total.logScale);
  return weights.map((weight, k) => (weight * factor * valueAt(changed, indices[k])) / valueAt(total, indices[k]));
}

/** A fraction of the width of the narrowest law or likelihood: the trapezoid rule then has about 15 digits. */
function sufficientStep(
  spectrum: Spectrum,
  { widths, temperature }: BpkrSetting,
  saddles: readonly BpkrSaddle[],
): number {
  let sharpest = 0;
  for (const { logG, dataTerm } of saddles) {
    const log = (shift: number) => logLikelihood(spectrum, 0, logG[0] + shift, temperature);
    const curvature = Math.abs(log(0.01) + log(-0.01) - 2 * log(0)) / 0.01 ** 2;
    sharpest = Math.max(sharpest, curvature + Math.max(...widths) - dataTerm[0]);
  }
  return 0.4 / Math.sqrt(sharpest);
}

function requireSingleOutput({ spectrum, kernelDepth }: PreparedBpkr): void {
  const { cols } = spectrum.c;
  if (cols === 1 && kernelDepth === 0) return;
  throw new GgdlnError({
    code: 'GGDLN_INCOMPATIBLE',
    where,
    problem: cols === 1 ? 'the network is not linear' : `there are ${cols} outputs`,
    remedy: 'The exact law is that of deep linear networks with one output; use solveBpkr, or sample',
  });
}

function requireNormalisable({ logG }: BpkrSaddle, { widths }: BpkrSetting): void {
  if (logG[0] > Number.NEGATIVE_INFINITY) return;
  throw inputError(
    where,
    `the targets are zero, T = 0 and the narrowest layer has ${Math.min(...widths)} units: the posterior sits at f = 0`,
    'Take T > 0, or more units than independent inputs',
  );
}

/** Saddles whose weight is below this share of the first's, as a logarithm, may lie outside the grid. */
const IRRELEVANT = 50;

/** @throws GGDLN_NUMERICAL when a second maximum of the posterior lies outside the grid. */
function requireAllSaddles(
  { first, values }: GridFunction,
  saddles: readonly BpkrSaddle[],
  { widths, sigma }: BpkrSetting,
  step: number,
): void {
  for (const { logG, action } of saddles) {
    const index = (logG[0] - 2 * widths.length * Math.log(sigma)) / step - first;
    if (action > saddles[0].action + IRRELEVANT || (index > 0 && index < values.length - 1)) continue;
    const far = `log s = ${saddles[0].logG[0].toFixed(1)} and ${logG[0].toFixed(1)}`;
    throw outsideGrid(`the posterior has maxima at ${far}, too far apart for one grid`);
  }
}

function outsideGrid(problem: string): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_NUMERICAL',
    where,
    problem,
    remedy: 'Sample the network instead, or take the saddle point',
  });
}

/** @throws GGDLN_NUMERICAL when the posterior reaches the end of the grid. */
function requireInside(logs: Float64Array, top: number): void {
  const ends = Math.max(logs[0], logs[logs.length - 1]);
  if (ends - top < Math.log(NEGLIGIBLE)) return;
  throw outsideGrid(
    `the posterior of log s reaches the end of its grid: e^${(ends - top).toFixed(0)} of its maximum is left there`,
  );
}
