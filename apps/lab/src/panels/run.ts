import type { Cell, PointView, ProblemView, Row, RunView, Selection, SourceRole, StudyAxis } from '@ggdln/core';
import { formatNumber, isSampler, isSimulated } from '@ggdln/plot';

/** Where a point is on the main axis; `undefined` where it is at no place of it. */
export function xOf(point: PointView, view: RunView): number | undefined {
  const value = view.axis ? point.axes[view.axis.column] : undefined;
  return typeof value === 'number' ? value : undefined;
}

const numberOrNull = (cell: Cell | undefined): number | null =>
  typeof cell === 'number' && Number.isFinite(cell) ? cell : null;

/** A row of results with what panels read of it. */
export interface Result {
  readonly role: SourceRole;
  readonly source: string;
  readonly metric: string;
  readonly x: number | null;
  readonly group: string | null;
  readonly value: number;
  readonly stderr: number | null;
}

/** What the series of a value is called: `σ = 0.5`; studies say it in words themselves. */
function groupText({ groupLabel }: RunView, value: unknown): string {
  if (typeof value !== 'number' || groupLabel === undefined) return String(value ?? '');
  return `${symbolOf({ label: groupLabel })} = ${formatNumber(value)}`;
}

/** What tells a point from others of its source at one place: `σ = 0.5`. Empty where nothing does. */
export function groupOfPoint(view: RunView, { axes }: PointView): string {
  return view.groupBy === undefined || axes[view.groupBy] === undefined ? '' : groupText(view, axes[view.groupBy]);
}

/** The rows that hold numbers. */
export function resultsOf(view: RunView): Result[] {
  const column = view.axis?.column;
  return view.rows.flatMap((row: Row) => {
    const value = numberOrNull(row.value);
    if (value === null || typeof row.role !== 'string' || typeof row.metric !== 'string') return [];
    return [
      {
        role: row.role as SourceRole,
        source: typeof row.source === 'string' ? row.source : row.role,
        metric: row.metric,
        x: column === undefined ? null : numberOrNull(row[column]),
        group: view.groupBy === undefined ? null : groupText(view, row[view.groupBy]),
        value,
        stderr: numberOrNull(row.stderr),
      },
    ];
  });
}

/** Places of the main axis that can be chosen, ascending: where something is simulated, else where theory is. */
export function placesOf(view: RunView): number[] {
  const places = (wanted: (role: SourceRole) => boolean) => {
    const fromPoints = view.points.flatMap((point) => (wanted(point.role) ? [xOf(point, view)] : []));
    const fromRows = view.points.length > 0 ? [] : resultsOf(view).flatMap(({ role, x }) => (wanted(role) ? [x] : []));
    const found = [...fromPoints, ...fromRows].filter((x) => typeof x === 'number');
    return [...new Set(found)].sort((a, b) => a - b);
  };
  const sampled = places(isSampler);
  if (sampled.length > 0) return sampled;
  const simulated = places(isSimulated);
  return simulated.length > 0 ? simulated : places((role) => role === 'theory');
}

/** The place that all panels show: the selected one, else the middle one. */
export function shownX(view: RunView, selection: Selection): number | undefined {
  const places = placesOf(view);
  if (selection.x !== undefined && (places.includes(selection.x) || places.length === 0)) return selection.x;
  return places[Math.floor(places.length / 2)];
}

const placed = new WeakMap<RunView, Map<ProblemView, RunView>>();

/** The view with the data and gates of the place that is shown; the same object where they are the view's own. */
export function atPlace(view: RunView, selection: Selection): RunView {
  const x = shownX(view, selection);
  const here = view.points.filter((point) => x !== undefined && xOf(point, view) === x);
  const problem = (here.find(({ role }) => isTheory(role)) ?? here[0])?.problem;
  if (!problem) return view;
  const known = placed.get(view) ?? new Map<ProblemView, RunView>();
  placed.set(view, known);
  const made = known.get(problem) ?? { ...view, problem };
  known.set(problem, made);
  return made;
}

/** Points of a role at a place; those that don't depend on the axis are everywhere. */
export function pointsAt(view: RunView, x: number | undefined, wanted: (role: SourceRole) => boolean): PointView[] {
  return view.points.filter((point) => {
    const own = xOf(point, view);
    return wanted(point.role) && (own === undefined || x === undefined || own === x);
  });
}

/** Whether a source is theory at finite width. */
export const isTheory = (role: SourceRole): boolean => role === 'theory';
/** Whether a source is the limit of infinite width. */
export const isInfinite = (role: SourceRole): boolean => role === 'infinite-width';

/** Theory, the learner that is compared with it (samplers first), and infinite width, at one place. */
export interface Sides {
  readonly x: number | undefined;
  readonly theory: PointView | undefined;
  readonly sampled: PointView | undefined;
  readonly infinite: PointView | undefined;
}

/** What stands at the place that is shown. @param has Whether a point can take a side, e.g. holds an array. */
export function sidesOf(view: RunView, selection: Selection, has: (point: PointView) => boolean = () => true): Sides {
  const x = shownX(view, selection);
  const first = (wanted: (role: SourceRole) => boolean) => pointsAt(view, x, wanted).find(has);
  // Samplers are compared with theory where there are any, also while they have nothing to show yet.
  const compared = view.points.some(({ role }) => isSampler(role)) ? isSampler : isSimulated;
  return { x, theory: first(isTheory), sampled: first(compared), infinite: first(isInfinite) };
}

/** Whether the points that a row stands for are still unsettled. */
export function provisionalPlaces(view: RunView): (source: string, x: number | null) => boolean {
  const keys = new Set(
    view.points.filter(({ provisional }) => provisional).map((point) => `${point.source}\n${xOf(point, view) ?? ''}`),
  );
  return (source, x) => keys.has(`${source}\n${x ?? ''}`);
}

/** The symbol of an axis: `N` of `hidden width N`. */
export function symbolOf({ label }: Pick<StudyAxis, 'label'>): string {
  const words = label.split(' ');
  return words[words.length - 1];
}

/** The name of an axis without its symbol: `hidden width` of `hidden width N`. */
export function nameOf({ label }: Pick<StudyAxis, 'label'>): string {
  const words = label.split(' ');
  const last = words[words.length - 1];
  return words.length > 1 && (last.length <= 2 || /[/₀-₉^]/.test(last)) ? words.slice(0, -1).join(' ') : label;
}

/** What a learner's steps are called. */
export function stepName(role: SourceRole | undefined): string {
  return role === 'exact-sampling' ? 'sweep' : role === 'online' ? 'example' : 'step';
}

/** A value of a spec by its path, e.g. `architecture.sigma`. */
export function specValue(view: RunView, path: string): unknown {
  let value: unknown = view.spec;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as { readonly [key: string]: unknown })[key];
  }
  return value;
}
