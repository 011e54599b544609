import type { Matrix, PointView, RunView } from '@ggdln/core';

/** Runs recorded by `test/data/recordViews.mjs`. */
export const recordedViews: Readonly<Record<string, () => Promise<unknown>>> = {
  images: async () => (await import('../../test/data/images.json')).default,
  plane: async () => (await import('../../test/data/plane.json')).default,
  line: async () => (await import('../../test/data/line.json')).default,
};

/** A recorded run; its matrices are flat arrays again. */
export async function recordedView(name: string): Promise<RunView> {
  return revive(await recordedViews[name]()) as RunView;
}

function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if ('rows' in value && 'cols' in value && 'data' in value && Array.isArray(value.data)) {
    return { ...value, data: Float64Array.from(value.data as number[]) } as Matrix;
  }
  return Object.fromEntries(entries.map(([key, inner]) => [key, revive(inner)]));
}

/** A finished run as it looks in another state: `empty`, `running`, `diverged`, `stopped`, or `at 7` for a snapshot. */
export function viewInState(view: RunView, state: string): RunView {
  if (state === 'empty') return withPoints(view, 'empty', (point) => (simulated(point) ? waiting(point) : point));
  if (state === 'running') return withPoints(view, 'running', (point) => (simulated(point) ? until(point, 5) : point));
  if (state.startsWith('at ')) {
    const index = Number(state.slice(3));
    const shown = withPoints(view, index < 19 ? 'running' : 'done', (point) =>
      simulated(point) ? until(point, index) : point,
    );
    return { ...shown, snapshot: { index, count: 20, live: index === 19 } };
  }
  if (state === 'failed') return withPoints(view, 'failed', fail);
  return view;
}

const simulated = ({ role }: PointView): boolean => role !== 'theory' && role !== 'infinite-width';

function withPoints(
  view: RunView,
  status: RunView['status'],
  change: (point: PointView, index: number) => PointView,
): RunView {
  const points = view.points.map(change);
  const rows = points.flatMap((point) =>
    point.metrics.map((metric) => ({ ...point.axes, source: point.source, role: point.role, ...metric })),
  );
  return { ...view, status, points, rows };
}

function waiting(point: PointView): PointView {
  const history = { steps: [], values: {}, stderrs: {} };
  return { ...point, status: 'waiting', step: 0, metrics: [], arrays: {}, diagnostics: {}, history };
}

/** A point as it stood at one of its snapshots. */
function until(point: PointView, index: number): PointView {
  const { steps, values, stderrs } = point.history;
  const end = Math.min(index + 1, steps.length);
  const cut = (columns: { readonly [metric: string]: readonly (number | null)[] }) =>
    Object.fromEntries(Object.entries(columns).map(([metric, numbers]) => [metric, numbers.slice(0, end)]));
  const metrics = Object.entries(values).flatMap(([metric, numbers]) => {
    const value = numbers[end - 1];
    return typeof value === 'number' ? [{ metric, value, stderr: stderrs[metric]?.[end - 1] ?? null }] : [];
  });
  return {
    ...point,
    status: end < steps.length ? 'running' : 'done',
    step: steps[end - 1] ?? 0,
    provisional: end < 9 && point.role === 'exact-sampling',
    metrics,
    history: { steps: steps.slice(0, end), values: cut(values), stderrs: cut(stderrs) },
  };
}

function fail(point: PointView, index: number): PointView {
  if (point.role === 'gradient-descent') {
    const error = {
      code: 'GGDLN_NUMERICAL',
      problem: 'the loss passed 10⁶ at step 41: learningRate 0.05 is above the stability limit 0.037 (2/λ)',
      remedy: 'Use learningRate 0.03, or 0 to have it chosen',
      changes: { 'learners.gradient-descent.learningRate': 0.03 },
    };
    return { ...until(point, 3), status: 'failed', error };
  }
  if (point.role === 'theory' && index % 3 === 0) {
    const error = {
      code: 'GGDLN_NOT_CONVERGED',
      problem: 'the residual is 4.1 × 10⁻⁵ after 200 steps; 10⁻⁸ is asked for',
      remedy: 'Give the solver more steps',
      changes: { 'theories.ggdln.maxIterations': 400 },
    };
    return { ...point, status: 'failed', error };
  }
  return point;
}
