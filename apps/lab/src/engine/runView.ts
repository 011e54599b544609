import type { Json, PointView, ProblemView, Registry, Row, RunView, StudyResult } from '@ggdln/core';
import {
  describeAxis,
  type ExperimentSpec,
  isStudy,
  resolveSpec,
  resolveStudy,
  roleNamesOf,
  toSpec,
  toStudySpec,
} from '@ggdln/experiments';
import { metricFrame } from '@ggdln/plot';
import type { LabSpec } from '../state/labState.ts';

/** What of a view doesn't change while the run goes on. */
export type RunFrame = Pick<
  RunView,
  'spec' | 'title' | 'axis' | 'metrics' | 'groupBy' | 'groupLabel' | 'roleNames' | 'study' | 'equation'
>;

/** What does. */
export interface RunParts {
  readonly points: readonly PointView[];
  readonly study: StudyResult | undefined;
  readonly problem: ProblemView | undefined;
  readonly status: RunView['status'];
  readonly snapshot: RunView['snapshot'];
  readonly warnings: readonly string[];
}

/**
 * Axis, metrics and title of an experiment file.
 * @throws What is wrong with it, as `resolveSpec`.
 */
export function frameOf(spec: LabSpec, registry: Registry): RunFrame {
  const title = typeof spec.title === 'string' ? spec.title : String(spec.name ?? '');
  if (isStudy(spec)) {
    const study = resolveStudy(spec, registry);
    const { axis, metrics, groupBy, roleNames, equation } = registry.get('study', study.use);
    const full = toStudySpec(study) as unknown as Json;
    return {
      spec: full,
      title,
      axis,
      metrics,
      study: study.use,
      ...(groupBy ? { groupBy } : {}),
      ...(roleNames ? { roleNames } : {}),
      ...(equation ? { equation } : {}),
    };
  }
  const resolved = resolveSpec(spec as unknown as ExperimentSpec, registry);
  const { x, metrics } = resolved.figure;
  return {
    spec: toSpec(resolved) as unknown as Json,
    title,
    axis: x === undefined ? undefined : describeAxis(x, resolved, registry),
    metrics: metrics.map((metric) => ({ ...metricFrame(metric), metric })),
    ...groupOf(resolved, x, registry),
    ...namesOf(resolved, registry),
    ...equationOf(resolved.theories, registry),
  };
}

/** Where the first theory that says so is explained. */
function equationOf(theories: readonly { readonly use: string }[], registry: Registry): Pick<RunFrame, 'equation'> {
  const equation = theories.map(({ use }) => registry.get('theory', use).equation).find((found) => found !== undefined);
  return equation ? { equation } : {};
}

/** The second axis of a sweep is drawn as series. */
function groupOf(
  resolved: ReturnType<typeof resolveSpec>,
  x: string | undefined,
  registry: Registry,
): Pick<RunFrame, 'groupBy' | 'groupLabel'> {
  const other = Object.keys(resolved.sweep).find((path) => path !== x);
  if (other === undefined) return {};
  return { groupBy: other, groupLabel: describeAxis(other, resolved, registry).label };
}

function namesOf(resolved: ReturnType<typeof resolveSpec>, registry: Registry): Pick<RunFrame, 'roleNames'> {
  const roleNames = roleNamesOf(resolved, registry);
  return Object.keys(roleNames).length > 0 ? { roleNames } : {};
}

/** The whole view. */
export function viewOf(frame: RunFrame, { study, ...parts }: RunParts): RunView {
  return {
    ...frame,
    ...parts,
    rows: study ? study.table.rows : rowsOf(parts.points),
    arrays: study?.arrays ?? {},
    diagnostics: study?.diagnostics ?? {},
  };
}

/** Tidy rows of points, as in `table.csv`. */
function rowsOf(points: readonly PointView[]): Row[] {
  return points.flatMap(({ axes, source, role, metrics }) =>
    metrics.map(({ metric, value, stderr }) => ({ ...axes, source, role, metric, value, stderr })),
  );
}

/** A view before anything is opened. */
export const emptyView: RunView = {
  spec: {},
  title: '',
  axis: undefined,
  metrics: [],
  rows: [],
  points: [],
  problem: undefined,
  arrays: {},
  diagnostics: {},
  status: 'empty',
  snapshot: { index: 0, count: 0, live: true },
  warnings: [],
};
