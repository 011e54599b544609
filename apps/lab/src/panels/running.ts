import type { PointView, RunView, Selection } from '@ggdln/core';
import { isSampler, isSimulated } from '@ggdln/plot';
import { isTheory, pointsAt, shownX } from './run.ts';

/** A learner's estimate over the course of its run, with what theory says. */
export interface Running {
  readonly point: PointView;
  readonly metric: string;
  readonly samples: boolean;
  /** Steps that have an estimate. */
  readonly steps: readonly number[];
  readonly values: readonly number[];
  /** 0 where there is none yet. */
  readonly stderrs: readonly number[];
  readonly theory: number | undefined;
}

/** Learners at the place that is shown, samplers first. */
export function learnersOf(view: RunView, selection: Selection): PointView[] {
  const points = pointsAt(view, shownX(view, selection), isSimulated);
  return points.sort((a, b) => Number(isSampler(b.role)) - Number(isSampler(a.role)));
}

/** The history of a metric; empty while there is none. */
export function runningOf(view: RunView, selection: Selection, point: PointView, metric: string): Running {
  const errors = point.history.stderrs[metric] ?? [];
  const steps: number[] = [];
  const values: number[] = [];
  const stderrs: number[] = [];
  (point.history.values[metric] ?? []).forEach((value, i) => {
    if (value === null || !Number.isFinite(value)) return;
    steps.push(point.history.steps[i]);
    values.push(value);
    stderrs.push(errors[i] ?? 0);
  });
  const theory = pointsAt(view, shownX(view, selection), isTheory)
    .flatMap(({ metrics }) => metrics)
    .find((one) => one.metric === metric)?.value;
  return { point, metric, samples: isSampler(point.role), steps, values, stderrs, theory };
}

/**
 * The values that a scale has to hold: theory, and the later three quarters of the estimate with its band. The first
 * estimates may be anywhere; they are cut off.
 */
export function runningExtent({ values, stderrs, theory }: Running): number[] {
  const from = values.length > 4 ? Math.floor(values.length / 4) : 0;
  const late = values.slice(from).flatMap((value, i) => [value - 2 * stderrs[from + i], value + 2 * stderrs[from + i]]);
  return theory === undefined ? late : [...late, theory];
}
