import { canonicalJson, type Json, throwIfCancelled } from '@ggdln/core';
import { type LiveExperiment, openLiveExperiment, type PlannedPoint } from '@ggdln/experiments';
import type { LabPlan } from './plan.ts';
import { emptyState, failedState, placeOf, stateOf } from './pointState.ts';
import { otherProblem, viewProblem } from './problemView.ts';
import type { Workbench } from './workbench.ts';

/** Failures that are a point's own: the others go on. */
const OWN_FAILURES: readonly string[] = ['GGDLN_NOT_CONVERGED', 'GGDLN_NUMERICAL'];

/** Solves the theory of an experiment, point after point, and tells of its data on the way. */
export async function solveTheory(plan: LabPlan, bench: Workbench, signal: AbortSignal): Promise<void> {
  if (plan.kind === 'study') return bench.tell({ type: 'done' });
  const { registry, linalg, files, tell } = bench;
  const live = await openLiveExperiment(plan.spec, { registry, linalg, files, signal });
  const points = live.points.filter(isTheory);
  tell({ type: 'planned', points: points.map(placeOf) });
  const tellProblem = await tellProblems(live, tell);
  for (const [index, point] of spreadOut(points).entries()) {
    throwIfCancelled(signal, 'lab');
    const before = emptyState({ status: 'running', step: 0, total: 1 });
    try {
      const next = await live.start(point, { onWarning: ({ message }) => tell({ type: 'warning', message }) }).next();
      if (!next.done) throw new Error(`${point.source} yields before it ends`);
      tell({ type: 'point', id: point.id, state: stateOf(next.value, { status: 'done', step: 1, total: 1 }) });
    } catch (error) {
      if (!OWN_FAILURES.includes((error as { code?: string }).code ?? '')) throw error;
      tell({ type: 'point', id: point.id, state: failedState(before, error, `theories.${point.source}`) });
    }
    await tellProblem(point);
    tell({
      type: 'progress',
      step: index + 1,
      total: points.length,
      unit: 'points',
      share: (index + 1) / points.length,
    });
  }
  // Points of learners alone; what can't be made of theirs the other half says.
  for (const point of live.points) await tellProblem(point).catch(() => undefined);
  throwIfCancelled(signal, 'lab');
  tell({ type: 'done' });
}

/**
 * Tells the problem of the first point.
 * @returns Tells that of another point, unless it is the same or has been told with that of a point that shares it.
 */
async function tellProblems(
  live: LiveExperiment,
  tell: Workbench['tell'],
): Promise<(point: PlannedPoint) => Promise<void>> {
  const [start] = live.points;
  if (!start) return async () => {};
  const first = await live.prepare(start);
  tell({ type: 'problem', problem: viewProblem(first, start.settings) });
  const told = new Set([problemKey(start)]);
  return async (point) => {
    const key = problemKey(point);
    if (told.has(key)) return;
    const problem = otherProblem(await live.prepare(point), point.settings, first);
    told.add(key);
    const ids = live.points.filter((other) => problemKey(other) === key).map(({ id }) => id);
    if (problem) tell({ type: 'point-problem', ids, problem });
  };
}

/** The same for points that are given the same data and gates; the architecture says how many layers are gated. */
function problemKey({ settings: { seed, dataset, gating, architecture } }: PlannedPoint): string {
  return canonicalJson([seed, dataset, gating, architecture] as unknown as Json);
}

export function isTheory({ settings }: PlannedPoint): boolean {
  return settings.part.kind === 'theory';
}

/** Ends first, then what lies between: the shape of a curve is there long before its last point. */
function spreadOut<Item>(items: readonly Item[]): Item[] {
  const bits = Math.ceil(Math.log2(Math.max(items.length, 2)));
  const reversed = (index: number) => {
    let out = 0;
    for (let bit = 0; bit < bits; bit++) if (index & (1 << bit)) out |= 1 << (bits - 1 - bit);
    return out;
  };
  const order = items.map((_, index) => index).sort((a, b) => reversed(a) - reversed(b));
  return order.map((index) => items[index]);
}
