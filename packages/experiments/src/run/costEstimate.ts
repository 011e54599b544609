import type { Problem } from '@ggdln/core';
import type { PlannedPoint } from '../plan/planPoints.ts';
import type { ExperimentEvent } from './events.ts';
import { bySource } from './pilots.ts';

/** What the rest of a run is thought to cost, by what its finished points did. A guess, not a promise. */
export interface CostEstimate {
  /** Points that were measured. */
  readonly measured: number;
  /** Points that are left. */
  readonly left: number;
  /** Until the end, with all slots at work; `undefined` where their number isn't known. */
  readonly seconds: number | undefined;
  /** Seconds of work left, by learner or theory. */
  readonly work: readonly { readonly source: string; readonly points: number; readonly seconds: number }[];
  /** The most that one process was thought to need, see `estimateBytes`. */
  readonly bytes: number;
}

/** Listens to an experiment and says what the rest of it costs. */
export interface CostEstimator {
  observe(event: ExperimentEvent): void;
  /** `undefined` until two points of every learner and theory that has points left were measured. */
  estimate(): CostEstimate | undefined;
}

interface Measured {
  readonly point: PlannedPoint;
  readonly seconds: number;
}

/**
 * An estimator for a run. The time of a point is guessed from measured ones of the same learner or theory: the mean of
 * their logarithms, near places in the sweep counting more.
 * @param slots Tasks that are computed at the same time.
 */
export function createCostEstimator(slots: number): CostEstimator {
  const left = new Map<string, PlannedPoint>();
  const measured: Measured[] = [];
  let bytes = 0;
  return {
    observe(event) {
      if (event.type === 'planned') for (const point of event.points) left.set(point.id, point);
      if (event.type === 'point-reused' || event.type === 'point-failed') left.delete(event.point.id);
      if (event.type !== 'point-finished') return;
      left.delete(event.point.id);
      measured.push({ point: event.point, seconds: event.work.seconds });
      bytes = Math.max(bytes, event.work.bytes);
    },
    estimate() {
      const groups = [...bySource([...left.values()])];
      const own = (source: string) => measured.filter(({ point }) => point.source === source);
      if (groups.some(([source]) => own(source).length < 2)) return undefined;
      const work = groups.map(([source, points]) => {
        const guess = guesser(some(own(source)), points);
        return { source, points: points.length, seconds: points.reduce((sum, point) => sum + guess(point), 0) };
      });
      const total = work.reduce((sum, { seconds }) => sum + seconds, 0);
      const seconds = Number.isFinite(slots) ? total / Math.max(1, slots) : undefined;
      return { measured: measured.length, left: left.size, seconds, work, bytes };
    },
  };
}

/** At most so many of the measured points are looked at. */
const MOST_MEASURED = 64;

/** Points spread evenly over those measured. */
function some(measured: readonly Measured[]): readonly Measured[] {
  const step = Math.ceil(measured.length / MOST_MEASURED);
  return step <= 1 ? measured : measured.filter((_, i) => i % step === 0);
}

/**
 * Weights by inverse distance in ranks along each axis: between two points of one axis that interpolates. Times are averaged
 * in the logarithm, since they scale by powers.
 */
function guesser(measured: readonly Measured[], points: readonly PlannedPoint[]): (point: PlannedPoint) => number {
  const ranks = ranksOf([...measured.map(({ point }) => point), ...points]);
  return (point) => {
    let sum = 0;
    let weights = 0;
    for (const { point: other, seconds } of measured) {
      const distance = Object.entries(point.axes).reduce(
        (square, [axis, value]) => square + (ranks(axis, value) - ranks(axis, other.axes[axis])) ** 2,
        0,
      );
      const weight = 1 / (Math.sqrt(distance) + 1e-6);
      sum += weight * Math.log(Math.max(seconds, 1e-6));
      weights += weight;
    }
    return Math.exp(sum / weights);
  };
}

/** The place of a value among those of its axis, from 0 to 1. */
function ranksOf(points: readonly PlannedPoint[]) {
  const axes = Object.keys(points[0]?.axes ?? {});
  const places = new Map(
    axes.map((axis) => {
      const values = [...new Set(points.map((point) => point.axes[axis]))];
      if (values.every((value) => typeof value === 'number')) values.sort((a, b) => Number(a) - Number(b));
      return [axis, new Map(values.map((value, i) => [value, i / Math.max(1, values.length - 1)]))];
    }),
  );
  return (axis: string, value: PlannedPoint['axes'][string]) => places.get(axis)?.get(value) ?? 0;
}

/**
 * About how many bytes a problem takes while it is solved: its data and gates, one kernel of all examples for each
 * layer and two to work with, and its weights. Learners and theories may need less, or several times as much.
 */
export function estimateBytes({ train, test, architecture }: Problem): number {
  const examples = train.X.rows + test.X.rows;
  const layers = architecture.widths.length;
  const data = examples * (train.X.cols + train.Y.cols);
  const gates = train.gates.map((layer) => layer.cols);
  const inputs = [...architecture.widths.slice(1), train.X.cols];
  const weights = architecture.widths.reduce(
    (sum, width, l) => sum + width * inputs[l] * Math.max(1, gates[l] ?? 1),
    0,
  );
  const gated = gates.reduce((sum, columns) => sum + columns * examples, 0);
  return 8 * (data + gated + (layers + 2) * examples ** 2 + weights);
}
