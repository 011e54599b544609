import { createTable, type Row, type RunContext, type StudyResult, type StudySnapshot } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { type GaluMemorizationDraw, galuMemorizationCurve } from '@ggdln/theory/galu';
import { diagnostic, type Estimate, estimate, simulatedRow, theoryRow } from '../rows.ts';
import { createWatch, snapshotAt } from '../watch.ts';

/** What is memorised. */
export interface MemorisationOptions {
  /** m inputs with random labels ±1. */
  readonly inputs: number;
  /** d numbers each. */
  readonly dimension: number;
  /** kd/m for the first size. */
  readonly ratios: readonly number[];
  /** Random problems of the first size; larger sizes need fewer. */
  readonly draws: number;
  /** Sizes (m, d) as multiples of the first. */
  readonly scales: readonly number[];
  /** kd/m for the other sizes. */
  readonly coarse: readonly number[];
  /** Steps of gradient descent. */
  readonly steps: number;
}

const where = '@ggdln/studies memorisation';
const FITS = { source: 'least squares', role: 'exact-sampling' } as const;
const DESCENT = { source: 'gradient descent', role: 'gradient-descent' } as const;
/** A mean squared error below it is that of an exact fit in float64: it has no digits and no scatter of its own. */
const ROUNDING = 1e-20;
/** Theory is drawn at this many places of kd/m. */
const LINES = 80;

/** One fit to be made. */
interface Job {
  readonly inputs: number;
  readonly dimension: number;
  readonly ratio: number;
  readonly draw: number;
  /** Descent and separability too. */
  readonly whole: boolean;
}

interface Fit extends GaluMemorizationDraw {
  readonly job: Job;
}

/**
 * Random labels memorised by GaLU networks with fixed gates: exact least squares, gradient descent and the separability
 * of signs, for several sizes (m, d), beside the law 1 − kd/m. One step is one fit.
 * Source: Fiat, Malach & Shalev-Shwartz 2019, arXiv:1906.05032.
 * @throws GGDLN_INPUT for ratios that aren't above 0; GGDLN_CANCELLED.
 */
export async function* memorisationStudy(
  options: MemorisationOptions,
  context: RunContext,
): AsyncGenerator<StudySnapshot, StudyResult, void> {
  const watch = createWatch(context, where);
  const { linalg, signal } = context;
  const jobs = jobsOf(options);
  const lines = theoryRows(options);
  const fits: Fit[] = [];
  const at = (step: number, stage: string) => ({ step, total: jobs.length, stage, unit: 'fits' });
  yield snapshotAt(at(0, 'theory'), resultOf(lines, fits, options));
  for (const [done, job] of jobs.entries()) {
    const { inputs, dimension, ratio, draw, whole } = job;
    const [fit] = await galuMemorizationCurve({
      inputs,
      dimension,
      ratios: [ratio],
      draws: 1,
      gdSteps: whole ? [options.steps] : [],
      separate: whole ? [ratio] : [],
      // The same problem for every ratio: its neurons are the first of a larger one's.
      rng: context.rng.stream(sizeName(job)).stream(draw),
      linalg,
      ...(signal ? { signal } : {}),
    });
    fits.push({ ...fit, trainMse: fit.trainMse < ROUNDING ? 0 : fit.trainMse, job });
    const here = at(done + 1, `m = ${inputs}, kd/m = ${ratio}`);
    if ((await watch.after(here)) && done + 1 < jobs.length) yield snapshotAt(here, resultOf(lines, fits, options));
  }
  return resultOf(lines, fits, options);
}

/** Draw after draw, so that error bars shrink everywhere alike; larger sizes after the first. */
function jobsOf({ inputs, dimension, ratios, draws, scales, coarse }: MemorisationOptions): Job[] {
  return [1, ...scales].flatMap((scale, place) => {
    const first = place === 0;
    return Array.from({ length: Math.max(1, Math.round(draws / scale ** 2)) }, (_, draw) =>
      (first ? ratios : coarse).map((ratio) => ({
        inputs: Math.round(scale * inputs),
        dimension: Math.round(scale * dimension),
        ratio,
        draw,
        whole: first,
      })),
    ).flat();
  });
}

const sizeName = ({ inputs, dimension }: Pick<Job, 'inputs' | 'dimension'>): string =>
  `m = ${inputs}, d = ${dimension}`;

const sizesOf = ({ inputs, dimension, scales }: MemorisationOptions): string[] =>
  [1, ...scales].map((scale) =>
    sizeName({ inputs: Math.round(scale * inputs), dimension: Math.round(scale * dimension) }),
  );

/** 1 − kd/m where networks have fewer weights than labels, 0 from there on; it knows no size. */
function theoryRows(options: MemorisationOptions): Row[] {
  const last = Math.max(1, ...options.ratios);
  const places = Array.from({ length: LINES + 1 }, (_, i) => (i * last) / LINES);
  const ratios = [...new Set([...places, ...fittedRatios(options)])].sort((a, b) => a - b);
  const [first, ...others] = sizesOf(options);
  return ratios.flatMap((ratio) => [
    theoryRow({ ratio, size: first }, 'error', Math.max(0, 1 - ratio)),
    // The same line, at the places where other sizes are fitted: they have residuals too.
    ...others.filter(() => ratio <= 1).map((size) => theoryRow({ ratio, size }, 'error', Math.max(0, 1 - ratio))),
  ]);
}

/** kd/m as they come out with a whole number of neurons. */
function fittedRatios(options: MemorisationOptions): number[] {
  return jobsOf(options).map(
    ({ ratio, inputs, dimension }) => (Math.max(1, Math.round((ratio * inputs) / dimension)) * dimension) / inputs,
  );
}

function resultOf(lines: readonly Row[], fits: readonly Fit[], options: MemorisationOptions): StudyResult {
  const groups = new Map<string, Fit[]>();
  for (const fit of fits) {
    const key = `${sizeName(fit.job)} ${fit.ratio}`;
    groups.set(key, [...(groups.get(key) ?? []), fit]);
  }
  const rows = [...groups.values()].flatMap((group) => {
    const [{ job, ratio }] = group;
    const place = { ratio, size: sizeName(job) };
    const mean = (of: (fit: Fit) => number) => estimate(group.map(of));
    const error = simulatedRow(
      place,
      'error',
      mean(({ trainMse }) => trainMse),
      FITS,
    );
    if (!job.whole) return [error];
    return [
      error,
      simulatedRow(
        place,
        'wrong signs',
        mean(({ signErrors }) => signErrors / job.inputs),
        FITS,
      ),
      simulatedRow(
        place,
        'separable',
        mean(({ separable }) => Number(separable)),
        FITS,
      ),
      simulatedRow(
        place,
        'error of descent',
        mean(({ gdMse }) => gdMse[0]),
        DESCENT,
      ),
    ];
  });
  const first = [...groups.values()].filter(([{ job }]) => job.whole).sort(([a], [b]) => a.ratio - b.ratio);
  const ranks = matrix(first.length, 2);
  first.forEach((group, i) => {
    const rank = estimate(group.map((fit) => fit.rank / fit.job.inputs)).value;
    ranks.data.set([group[0].ratio, rank], 2 * i);
  });
  return {
    table: createTable([...lines, ...rows]),
    arrays: { 'rank over m': ranks },
    diagnostics: diagnosticsOf(fits, first, options),
  };
}

function diagnosticsOf(
  fits: readonly Fit[],
  first: readonly (readonly Fit[])[],
  { inputs }: MemorisationOptions,
): StudyResult['diagnostics'] {
  const found: [string, Estimate][] = [['exact fits from kd/m on', { value: 1, stderr: null }]];
  const fitted = fits.filter(({ ratio }) => ratio >= 1);
  if (fitted.length > 0)
    found.push([
      'largest error from kd = m on',
      { value: Math.max(...fitted.map((fit) => fit.trainMse)), stderr: null },
    ]);
  const shares = first.map((group) => estimate(group.map(({ separable }) => Number(separable))).value);
  const above = shares.findIndex((share) => share >= 0.5);
  if (above > 0) {
    const [low, high] = [first[above - 1][0].ratio, first[above][0].ratio];
    const step = (0.5 - shares[above - 1]) / (shares[above] - shares[above - 1]);
    found.push(['signs separable from kd/m on', { value: low + step * (high - low), stderr: null }]);
  }
  const short = fits.filter(({ ratio }) => ratio <= 1);
  if (short.length > 0) {
    const gaps = short.map(({ trainMse, rank, job }) => trainMse - (1 - rank / job.inputs));
    found.push(['error minus 1 − rank/m', estimate(gaps)]);
  }
  found.push(['labels m of the first size', { value: inputs, stderr: null }]);
  return Object.fromEntries(found.map(([name, value]) => [name, diagnostic(value)]));
}
