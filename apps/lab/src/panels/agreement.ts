import type { RunView, SourceRole } from '@ggdln/core';
import { isSampler, isSimulated } from '@ggdln/plot';
import { provisionalPlaces, type Result, resultsOf } from './run.ts';

/** Theory and simulation at one value of the axis. */
export interface AgreementRow {
  readonly x: number;
  /** Of the column that makes series; `null` without one. */
  readonly group: string | null;
  readonly theory: number;
  readonly sampled: number;
  readonly stderr: number | null;
  /** Sampled minus theory. */
  readonly difference: number;
  /** Of |theory|; `null` where theory is 0. */
  readonly percent: number | null;
  /** In standard errors; `null` without one, or while it is provisional. */
  readonly z: number | null;
  readonly provisional: boolean;
  readonly infinite: number | null;
  /** How many times closer theory is than infinite width. */
  readonly ratio: number | null;
}

/** What a metric says about theory and simulation, row by row, ascending in x. */
export interface Agreement {
  readonly metric: string;
  /** Who is compared with theory. */
  readonly source: string;
  readonly role: SourceRole;
  readonly samples: boolean;
  readonly rows: readonly AgreementRow[];
}

/**
 * The comparison of a metric at every x that theory and simulation both have.
 * @param source Learner to compare; absent: the first that samples, else the first of all.
 * @returns `undefined` while there is nothing to compare.
 */
export function agreementOf(view: RunView, metric: string, source?: string): Agreement | undefined {
  const results = resultsOf(view).filter((result) => result.metric === metric && Number.isFinite(result.value));
  const theories = results.filter(({ role }) => role === 'theory');
  const compared = (result: Result) => theoryFor(result, theories) !== undefined;
  // Where a sampler is to come, it is what theory speaks of: descent alone says nothing about agreement.
  const wanted = source === undefined && view.points.some(({ role }) => isSampler(role)) ? isSampler : isSimulated;
  const simulated = results.filter((result) => wanted(result.role) && result.x !== null && compared(result));
  const chosen = source ?? (simulated.find(({ role }) => isSampler(role)) ?? simulated[0])?.source;
  const own = simulated.filter((result) => result.source === chosen);
  if (chosen === undefined || own.length === 0) return undefined;
  const infinite = results.filter(({ role }) => role === 'infinite-width');
  const provisional = provisionalPlaces(view);
  const rows = own.map((result) => rowOf(result, theories, infinite, provisional(chosen, result.x)));
  rows.sort((a, b) => (a.group ?? '').localeCompare(b.group ?? '', 'en', { numeric: true }) || a.x - b.x);
  return { metric, source: chosen, role: own[0].role, samples: isSampler(own[0].role), rows };
}

/** Metrics of a view that can be compared. */
export function comparableMetrics(view: RunView): string[] {
  return view.metrics.map(({ metric }) => metric).filter((metric) => agreementOf(view, metric) !== undefined);
}

function theoryFor({ x, group }: Result, theories: readonly Result[]): Result | undefined {
  return theories.find((theory) => theory.x === x && theory.group === group);
}

function rowOf(
  result: Result,
  theories: readonly Result[],
  infinite: readonly Result[],
  provisional: boolean,
): AgreementRow {
  const theory = theoryFor(result, theories)?.value ?? 0;
  const limit =
    infinite.find(({ x, group }) => (x === null || x === result.x) && group === result.group)?.value ?? null;
  const difference = result.value - theory;
  const stderr = result.stderr !== null && result.stderr > 0 ? result.stderr : null;
  return {
    x: result.x ?? 0,
    group: result.group,
    theory,
    sampled: result.value,
    stderr,
    difference,
    percent: theory === 0 ? null : (100 * difference) / Math.abs(theory),
    z: stderr === null || provisional ? null : difference / stderr,
    provisional,
    infinite: limit,
    ratio: limit === null || difference === 0 ? null : Math.abs(result.value - limit) / Math.abs(difference),
  };
}

/** The largest |percent| of the rows from `from` on, and where; `undefined` if none has one. */
export function worstPercent(
  { rows }: Pick<Agreement, 'rows'>,
  from = Number.NEGATIVE_INFINITY,
): { readonly percent: number; readonly x: number } | undefined {
  let worst: { percent: number; x: number } | undefined;
  for (const { percent, x } of rows) {
    if (percent === null || x < from) continue;
    if (worst === undefined || Math.abs(percent) > worst.percent) worst = { percent: Math.abs(percent), x };
  }
  return worst;
}

/** The largest |z|; `undefined` if no row has one. */
export function largestZ({ rows }: Pick<Agreement, 'rows'>): number | undefined {
  const sizes = rows.flatMap(({ z }) => (z === null ? [] : [Math.abs(z)]));
  return sizes.length === 0 ? undefined : Math.max(...sizes);
}

/**
 * How |difference| falls with x: the slope of log |difference| against log x over rows that stand out of their noise.
 * Near −1 it is a correction of order 1/x. @returns `undefined` for fewer than three such rows.
 */
export function fallOf({ rows }: Pick<Agreement, 'rows'>): number | undefined {
  const clear = rows.filter(({ x, difference, z }) => x > 0 && difference !== 0 && (z === null || Math.abs(z) > 1));
  if (new Set(clear.map(({ x }) => x)).size < 3) return undefined;
  const points = clear.map(({ x, difference }) => [Math.log(x), Math.log(Math.abs(difference))] as const);
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((s, p) => s + of(p), 0) / points.length;
  const [mx, my] = [mean(([x]) => x), mean(([, y]) => y)];
  const spread = mean(([x]) => (x - mx) ** 2);
  return mean(([x, y]) => (x - mx) * (y - my)) / spread;
}
