import type { PointHistory } from '@ggdln/core';
import { noHistory, type PointState } from './messages.ts';

/** Longer courses lose every second entry of their older half. */
const MOST = 240;

/** A course with one more entry. A state without estimates, or at the step of the entry before, adds or replaces it. */
export function extendHistory(history: PointHistory, { step, metrics }: PointState): PointHistory {
  if (metrics.length === 0) return history;
  const again = history.steps.at(-1) === step;
  const kept = thin(again ? history.steps.length - 1 : history.steps.length);
  const names = new Set([...Object.keys(history.values), ...metrics.map(({ metric }) => metric)]);
  const columns = (of: 'values' | 'stderrs', number: 'value' | 'stderr') =>
    Object.fromEntries(
      [...names].map((name) => {
        const column = history[of][name] ?? history.steps.map(() => null);
        const entry = metrics.find(({ metric }) => metric === name);
        return [name, [...kept.map((index) => column[index]), entry ? entry[number] : null]];
      }),
    );
  return {
    steps: [...kept.map((index) => history.steps[index]), step],
    values: columns('values', 'value'),
    stderrs: columns('stderrs', 'stderr'),
  };
}

/** Indices of the entries that stay. */
function thin(length: number): number[] {
  const all = Array.from({ length }, (_, index) => index);
  return length < MOST ? all : all.filter((index) => index > length / 2 || index % 2 === 0);
}

/** The part of a course up to a step. */
export function cutHistory(history: PointHistory, step: number): PointHistory {
  const count = history.steps.findIndex((at) => at > step);
  if (count < 0) return history;
  if (count === 0) return noHistory;
  const cut = (columns: PointHistory['values']) =>
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.slice(0, count)]));
  return { steps: history.steps.slice(0, count), values: cut(history.values), stderrs: cut(history.stderrs) };
}
