import { createPacer, type LinalgBackend, type Matrix, throwIfCancelled } from '@ggdln/core';
import { identity } from '@ggdln/linalg';
import { actionAt } from './action.ts';
import { newtonSearch, type Start } from './newton.ts';
import { positiveTemperatureRoots, type Root, zeroTemperatureRoot } from './scalarSaddle.ts';
import { directionOf, rotateSpectrum, type Spectrum, targetOverlap } from './spectrum.ts';
import type { BpkrSaddle, BpkrSetting } from './types.ts';

const where = '@ggdln/theory bpkr';

/** Saddles by increasing action, and how well the first solves its equations. */
export interface FoundSaddles {
  readonly saddles: readonly BpkrSaddle[];
  readonly residual: number;
}

/**
 * Solves equation (4) for one output, (6) for several. At T = 0 the eigenvectors are those of YᵀK_0⁺Y and each direction
 * obeys the equation of one output; so does one output at any T. At T > 0 several outputs take a Newton search from
 * several starts.
 * @throws NotConvergedError when no search ends; GGDLN_CANCELLED.
 */
export async function findSaddles(
  spectrum: Spectrum,
  setting: BpkrSetting,
  linalg: LinalgBackend,
  signal?: AbortSignal,
): Promise<FoundSaddles> {
  throwIfCancelled(signal, where);
  if (setting.temperature === 0) return { saddles: [zeroTemperatureSaddle(spectrum, setting, linalg)], residual: 0 };
  if (spectrum.c.cols === 1) return { saddles: singleOutputSaddles(spectrum, setting), residual: 0 };
  return severalOutputs(spectrum, setting, linalg, signal);
}

function zeroTemperatureSaddle(spectrum: Spectrum, setting: BpkrSetting, linalg: LinalgBackend): BpkrSaddle {
  const { values, vectors: basis } = linalg.symmetricEigen(targetOverlap(spectrum));
  const rank = spectrum.eigenvalues.length;
  // Rounding leaves eigenvalues of about 1e-16 where outputs are linearly dependent: those are 0.
  const cut = 1e-13 * Math.max(0, values[values.length - 1]);
  const roots = Array.from(values, (value) => zeroTemperatureRoot({ rank, overlap: value > cut ? value : 0 }, setting));
  return saddleOf(rotateSpectrum(spectrum, basis, linalg), basis, roots, setting);
}

function singleOutputSaddles(spectrum: Spectrum, setting: BpkrSetting): BpkrSaddle[] {
  const roots = positiveTemperatureRoots(directionOf(spectrum, 0), setting);
  return byAction(roots.map((root) => saddleOf(spectrum, identity(1), [root], setting)));
}

async function severalOutputs(
  spectrum: Spectrum,
  setting: BpkrSetting,
  linalg: LinalgBackend,
  signal: AbortSignal | undefined,
): Promise<FoundSaddles> {
  const pace = createPacer();
  const found: { readonly saddle: BpkrSaddle; readonly residual: number }[] = [];
  let failure: unknown;
  for (const start of starts(spectrum, setting, linalg)) {
    throwIfCancelled(signal, where);
    await pace();
    const end = newtonSearch(spectrum, setting, start, linalg);
    if (!end.converged) {
      failure ??= end.error;
      continue;
    }
    const { basis, logG, dataTerm, residual } = end;
    const action = actionAt(rotateSpectrum(spectrum, basis, linalg), logG, dataTerm, setting);
    if (!found.some(({ saddle }) => Math.abs(saddle.action - action) <= 1e-8 * (1 + Math.abs(action)))) {
      found.push({ saddle: { basis, logG, dataTerm, action }, residual });
    }
  }
  if (found.length === 0) throw failure;
  found.sort((a, b) => a.saddle.action - b.saddle.action);
  return { saddles: found.map(({ saddle }) => saddle), residual: found[0].residual };
}

/**
 * Infinite width; and, as if outputs were independent, in the eigenbases of YᵀK_0⁺Y and of YᵀY: each direction at its
 * root of lowest action, all at their lowest roots, all at their highest. Equal starts are left out.
 */
function starts(spectrum: Spectrum, setting: BpkrSetting, linalg: LinalgBackend): Start[] {
  const C = spectrum.c.cols;
  const list: Start[] = [];
  for (const overlap of [targetOverlap(spectrum), linalg.syrk(spectrum.c, { trans: true })]) {
    const basis = linalg.symmetricEigen(overlap).vectors;
    const rotated = rotateSpectrum(spectrum, basis, linalg);
    const roots = Array.from({ length: C }, (_, a) => positiveTemperatureRoots(directionOf(rotated, a), setting));
    const choices = [
      roots.map((some, a) => lowestAction(rotated, a, some, setting)),
      roots.map((some) => some[0]),
      roots.map((some) => some[some.length - 1]),
    ];
    for (const [k, choice] of choices.entries()) {
      if (choices.slice(0, k).some((other) => other.every((root, a) => root === choice[a]))) continue;
      list.push({ basis, logG: Float64Array.from(choice, (root) => root.logS) });
    }
  }
  const infiniteWidth = 2 * setting.widths.length * Math.log(setting.sigma);
  return [...list, { basis: identity(C), logG: new Float64Array(C).fill(infiniteWidth) }];
}

function lowestAction(spectrum: Spectrum, a: number, roots: readonly Root[], setting: BpkrSetting): Root {
  const { eigenvalues, c, examples } = spectrum;
  const column = Float64Array.from({ length: c.rows }, (_, i) => c.data[i * c.cols + a]);
  const alone = { eigenvalues, c: { rows: c.rows, cols: 1, data: column }, examples, unfittable: 0 };
  const actions = roots.map((root) => actionAt(alone, [root.logS], [root.g], setting));
  return roots[actions.indexOf(Math.min(...actions))];
}

/** @param rotated The spectrum with its targets in `basis`. */
function saddleOf(rotated: Spectrum, basis: Matrix, roots: readonly Root[], setting: BpkrSetting): BpkrSaddle {
  const logG = Float64Array.from(roots, (root) => root.logS);
  const dataTerm = Float64Array.from(roots, (root) => root.g);
  return { basis, logG, dataTerm, action: actionAt(rotated, logG, dataTerm, setting) };
}

function byAction(saddles: BpkrSaddle[]): BpkrSaddle[] {
  return saddles.sort((a, b) => a.action - b.action);
}
