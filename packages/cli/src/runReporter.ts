import type { ExperimentEvent, PlannedPoint } from '@ggdln/experiments';
import { createProgressLine, type Terminal } from './terminal.ts';

/** Turns the events of an experiment into lines for people. */
export interface RunReporter {
  event(event: ExperimentEvent): void;
  note(text: string): void;
  end(): void;
}

/** A reporter on a terminal: one progress line, one lasting line a finished learner point. */
export function createRunReporter(terminal: Terminal): RunReporter {
  const line = createProgressLine(terminal);
  return { event: (event) => report(event, line), note: (text) => line.note(text), end: () => line.end() };
}

function report(event: ExperimentEvent, line: ReturnType<typeof createProgressLine>): void {
  if (event.type === 'preparing') {
    line.report(event.progress ?? { stage: event.what, done: 0 });
  } else if (event.type === 'point-progress') {
    const { stage, ...progress } = event.progress;
    const { done, total } = event.counts;
    line.report({ ...progress, stage: `${done + 1}/${total} ${placeOf(event.point)}${stage ? `: ${stage}` : ''}` });
  } else {
    const text = lastingLine(event);
    if (text !== undefined) line.note(text);
  }
}

/** Theory points take milliseconds: only learners get a line of their own. */
function lastingLine(event: ExperimentEvent): string | undefined {
  switch (event.type) {
    case 'planned':
      return `${event.counts.total} points: ${countBySource(event.points)}`;
    case 'point-finished':
      return isTheory(event.point) ? undefined : `  ✓ ${placeOf(event.point)}  ${event.seconds.toFixed(1)} s`;
    case 'point-reused':
      return isTheory(event.point) ? undefined : `  ↺ ${placeOf(event.point)}  from the last run`;
    case 'point-failed':
      return `  ✗ ${placeOf(event.point)}  ${event.error.message}`;
    case 'warning':
      return `  Warning${event.point ? ` (${placeOf(event.point)})` : ''}: ${event.warning.message}`;
    default:
      return undefined;
  }
}

function isTheory({ role }: PlannedPoint): boolean {
  return role === 'theory' || role === 'infinite-width';
}

/** A point for people, e.g. `block-gibbs width 30`. */
export function placeOf(point: Pick<PlannedPoint, 'source' | 'axes'>): string {
  const place = Object.entries(point.axes).map(([axis, value]) => `${axis.split('.').at(-1)} ${value}`);
  return [point.source, ...place].join(' ');
}

function countBySource(points: readonly PlannedPoint[]): string {
  const counts = new Map<string, number>();
  for (const { source } of points) counts.set(source, (counts.get(source) ?? 0) + 1);
  return [...counts].map(([source, count]) => `${source} ${count}`).join(', ');
}
