import type { PointHistory, PointView, ProblemView, Registry, RunView, StudyResult } from '@ggdln/core';
import { isSimulated } from '@ggdln/plot';
import type { LabSpec } from '../state/labState.ts';
import { cutHistory, extendHistory } from './history.ts';
import { type Half, noHistory, type PointPlace, type PointState, type Report } from './messages.ts';
import { frameOf, type RunFrame, viewOf } from './runView.ts';
import type { RunStatus } from './session.ts';
import { createSnapshots } from './snapshots.ts';

/** What a source showed: a point, or the study as a whole. */
type Shown = PointState | { readonly study: StudyResult };
const STUDY = 'study';

/** One opened experiment as far as the page knows it. */
export interface OpenedRun {
  /** As it was opened; that of the frame has every option. */
  readonly spec: LabSpec;
  readonly frame: RunFrame;
  /** The snapshot that is looked at. */
  shown: number | 'live';
  /** Takes down what a worker tells of points, studies and warnings. */
  hear(half: Half, report: Report): void;
  view(problem: ProblemView | undefined, phase: RunStatus['phase']): RunView;
  /** What is going on while it runs. */
  word(): string;
  /** Whether a learner or a study has told numbers; where nothing is simulated, whether theory has. */
  hasSimulated(): boolean;
}

/**
 * An experiment at its start.
 * @throws What is wrong with its file.
 */
export function openRun(spec: LabSpec, registry: Registry): OpenedRun {
  const places = new Map<string, PointPlace>();
  // Theory is there at every time; only simulation has a course.
  const theory = new Map<string, PointState>();
  const course = createSnapshots<Shown>();
  const histories = new Map<string, PointHistory>();
  const warnings: string[] = [];
  const problems = createProblems();
  const viewPoint = (base: PointPlace & Pick<PointView, 'problem'>, simulated: Shown | undefined): PointView => {
    const state = theory.get(base.id) ?? (simulated as PointState | undefined);
    if (!state) return { ...base, ...unseen, history: noHistory };
    return { ...base, ...state, history: cutHistory(histories.get(base.id) ?? noHistory, state.step) };
  };
  const run: OpenedRun = {
    spec,
    frame: frameOf(spec, registry),
    shown: 'live',
    hear(half, report) {
      if (report.type === 'planned') {
        for (const point of report.points) places.set(point.id, point);
      } else if (report.type === 'warning') {
        if (!warnings.includes(report.message)) warnings.push(report.message);
      } else if (report.type === 'study') {
        course.add(STUDY, { study: report.result });
      } else if (report.type === 'point-problem') {
        problems.add(report.ids, report.problem);
      } else if (report.type === 'point') {
        if (half === 'theory') {
          theory.set(report.id, report.state);
          return;
        }
        histories.set(report.id, extendHistory(histories.get(report.id) ?? noHistory, report.state));
        course.add(report.id, report.state);
      }
    },
    view(problem, phase) {
      const { count } = course;
      const live = run.shown === 'live';
      const index = Math.min(live ? Number.POSITIVE_INFINITY : Number(run.shown), Math.max(0, count - 1));
      const empty = phase === 'opening' || phase === 'ready';
      const states = course.at(index);
      const study = states.get(STUDY);
      return viewOf(run.frame, {
        points: [...places.values()].map((place) =>
          viewPoint({ ...place, ...problems.of(place.id, problem) }, empty ? undefined : states.get(place.id)),
        ),
        study: study && 'study' in study ? study.study : undefined,
        problem,
        status: empty ? 'empty' : phase,
        // The first steps, which tell what the rest will cost, are shown once it runs.
        snapshot: empty ? { index: 0, count: 0, live: true } : { index, count, live },
        warnings: [...warnings],
      });
    },
    hasSimulated() {
      const simulated = [...places.values()].some(({ role }) => isSimulated(role));
      const states = simulated || theory.size === 0 ? course.at(course.count - 1).values() : theory.values();
      return [...states].some((state) => 'study' in state || state.metrics.length > 0 || state.status === 'failed');
    },
    word: () => wordOf([...places.values()]),
  };
  return run;
}

function wordOf(places: readonly PointPlace[]): string {
  const roles = new Set(places.map(({ role }) => role));
  if (roles.has('exact-sampling') || roles.has('langevin')) return 'Sampling';
  return roles.has('gradient-descent') || roles.has('online') ? 'Training' : 'Running';
}

/** Problems of points that aren't that of the run's first. A problem stays one object, so that pictures can be kept. */
function createProblems() {
  const told = new Map<string, Partial<ProblemView>>();
  const made = new WeakMap<Partial<ProblemView>, { readonly first: ProblemView; readonly whole: ProblemView }>();
  return {
    add(ids: readonly string[], problem: Partial<ProblemView>): void {
      for (const id of ids) told.set(id, problem);
    },
    of(id: string, first: ProblemView | undefined): Pick<PointView, 'problem'> {
      const own = told.get(id);
      if (!own || !first) return {};
      const known = made.get(own);
      const whole = known?.first === first ? known.whole : { ...first, ...own };
      made.set(own, { first, whole });
      return { problem: whole };
    },
  };
}

const unseen = {
  status: 'waiting',
  step: 0,
  total: 1,
  provisional: true,
  metrics: [],
  arrays: {},
  diagnostics: {},
} as const;
