import type { Executor } from '@ggdln/core';
import { type CostEstimate, type CostEstimator, createCostEstimator, type ExperimentEvent } from '@ggdln/experiments';
import { placeOf } from './runReporter.ts';
import { describeDuration, describeEstimate } from './sweepSummary.ts';
import type { Terminal } from './terminal.ts';

/** Tells the progress of a sweep, over all of its points. */
export interface SweepReporter {
  /** Takes note of where points are computed. */
  start(executor: Pick<Executor, 'slots'>): void;
  event(event: ExperimentEvent): void;
  note(text: string): void;
  /** What the rest costs, once that can be told. */
  estimate(): CostEstimate | undefined;
  end(): void;
}

const REDRAW_MS = 100;
/** Estimates look at every point. */
const UPDATE_MS = 500;
const BAR = 20;

/**
 * A reporter of sweeps on standard error: on a terminal one line that is redrawn, and lasting lines for failures and
 * warnings; otherwise a line for each event; with `json` that line is a JSON object.
 * @param onEstimate Called when the first estimate of the cost is there.
 */
export function createSweepReporter(terminal: Terminal, json: boolean, onEstimate: () => void): SweepReporter {
  let estimator: CostEstimator = createCostEstimator(1);
  let estimated = false;
  let end = Number.NaN;
  let updated = Number.NEGATIVE_INFINITY;
  let drawn = Number.NEGATIVE_INFINITY;
  const live = terminal.interactive && !terminal.quiet && !json;
  const clear = () => {
    if (live) terminal.err('\r\u001b[2K');
  };
  const line = (text: string) => {
    if (terminal.quiet) return;
    clear();
    terminal.err(`${text}\n`);
  };
  const note = (text: string) => line(json ? JSON.stringify({ note: text }) : text);
  const secondsLeft = () => Math.max(0, (end - performance.now()) / 1000);
  const update = (now: number) => {
    if (estimated && now - updated < UPDATE_MS) return;
    updated = now;
    const estimate = estimator.estimate();
    if (!estimate) return;
    end = now + (estimate.seconds ?? Number.NaN) * 1000;
    if (estimated || estimate.left === 0) return;
    estimated = true;
    line(json ? JSON.stringify({ estimate }) : describeEstimate(estimate));
    onEstimate();
  };
  const redraw = (event: ExperimentEvent) => {
    if (!live || performance.now() - drawn < REDRAW_MS) return;
    drawn = performance.now();
    const text = progressText(event, secondsLeft());
    if (text !== undefined) terminal.err(`\r\u001b[2K${text.slice(0, (process.stderr.columns ?? 100) - 1)}`);
  };
  return {
    start({ slots }) {
      estimator = createCostEstimator(slots);
    },
    event(event) {
      estimator.observe(event);
      if (event.type === 'point-finished' || event.type === 'point-failed') update(performance.now());
      const text = json ? eventJson(event, secondsLeft()) : eventText(event, live, secondsLeft());
      if (text !== undefined) line(text);
      redraw(event);
    },
    note,
    estimate: () => estimator.estimate(),
    end: clear,
  };
}

function progressText(event: ExperimentEvent, seconds: number): string | undefined {
  const { done, total, failed } = event.counts;
  const share = total === 0 ? 0 : done / total;
  const bar = '━'.repeat(Math.round(share * BAR)).padEnd(BAR, '─');
  const what =
    'point' in event && event.point ? `  ${placeOf(event.point)}` : event.type === 'preparing' ? `  ${event.what}` : '';
  return `  ${bar} ${done}/${total} points${failed > 0 ? `, ${failed} failed` : ''}${timeLeft(seconds)}${what}`;
}

/** The lasting line of an event; on a terminal only what a person should read later. */
function eventText(event: ExperimentEvent, live: boolean, seconds: number): string | undefined {
  const { done, total } = event.counts;
  const count = `  ${String(done).padStart(String(total).length)}/${total}`;
  switch (event.type) {
    case 'planned':
      return `${total} points`;
    case 'point-finished':
      return live ? undefined : `${count} ✓ ${placeOf(event.point)}  ${event.seconds.toFixed(1)} s${timeLeft(seconds)}`;
    case 'point-reused':
      return live ? undefined : `${count} ↺ ${placeOf(event.point)}  from before`;
    case 'point-failed':
      return `${count} ✗ ${placeOf(event.point)}  ${event.before ? 'failed before: ' : ''}${event.error.message}`;
    case 'warning':
      return `  Warning${event.point ? ` (${placeOf(event.point)})` : ''}: ${event.warning.message}`;
    default:
      return undefined;
  }
}

function eventJson(event: ExperimentEvent, seconds: number): string | undefined {
  const { type, counts } = event;
  if (type === 'point-progress' || type === 'preparing' || type === 'point-started') return undefined;
  const point = 'point' in event && event.point ? { source: event.point.source, axes: event.point.axes } : {};
  const left = Number.isFinite(seconds) ? { secondsLeft: Math.round(seconds) } : {};
  switch (type) {
    case 'point-finished':
      return JSON.stringify({ type, counts, ...point, seconds: event.seconds, ...left });
    case 'point-failed':
      return JSON.stringify({
        type,
        counts,
        ...point,
        before: event.before,
        code: event.error.code,
        message: event.error.message,
      });
    case 'warning':
      return JSON.stringify({ type, ...point, ...event.warning });
    default:
      return JSON.stringify({ type, counts, ...point });
  }
}

function timeLeft(seconds: number): string {
  return Number.isFinite(seconds) && seconds >= 0.5 ? `  ${describeDuration(seconds)} left` : '';
}
