import { isGgdlnError } from '@ggdln/core';
import {
  type LiveExperiment,
  type LiveSnapshot,
  openLiveExperiment,
  type PlannedPoint,
  type PointRecord,
} from '@ggdln/experiments';
import type { PointState } from './messages.ts';
import { emptyState, failedState, placeOf, stateOf } from './pointState.ts';
import { isTheory } from './theoryHalf.ts';
import type { Workbench } from './workbench.ts';

/** A learner at one place of the sweep, while it works. */
interface Runner {
  readonly point: PlannedPoint;
  readonly work: AsyncGenerator<LiveSnapshot, PointRecord, void>;
  state: PointState;
  snapshot: LiveSnapshot | undefined;
  /** When its estimate was last shown. */
  shown: number;
  /** Seconds of work per step, over its first steps. */
  cost: number;
  /** Milliseconds of work that it has had. */
  spent: number;
}

/** What of a simulation can be moved. */
export interface Simulation {
  /** Seconds that the whole will take, from the speed of the first steps. */
  readonly seconds: number;
  /** Rough bytes of the largest arrays. */
  readonly bytes: number;
  /** The option that costs most. */
  readonly dominant: string;
  readonly finished: boolean;
  /** Steps done over all steps. */
  readonly share: number;
  /** Advances the point that has had the least time. @param oneStep The one with the fewest steps, by one. */
  advance(oneStep: boolean): Promise<void>;
  /** Shows the estimates of all points as they stand. */
  showAll(): Promise<void>;
  close(): Promise<void>;
}

/** Work without a look at the clock is short enough that a pause is felt at once. */
const SLICE_MS = 60;
/** A point's estimate is shown at most this often, and less where making those of all points is dear. */
const SHOW_MS = 250;
/** Making estimates takes at most this share of a run's time, however many points there are. */
const SHOW_SHARE = 0.1;

/** Starts every learner of an experiment and takes its first slice of steps, which tells what the rest will cost. */
export async function openSimulation(
  spec: Parameters<typeof openLiveExperiment>[0],
  bench: Workbench,
  signal: AbortSignal,
): Promise<Simulation> {
  const { registry, linalg, files, tell } = bench;
  const live = await openLiveExperiment(spec, { registry, linalg, files, signal });
  const points = live.points.filter((point) => !isTheory(point));
  tell({ type: 'planned', points: points.map(placeOf) });
  const clock = { slice: 0, oneStep: false, last: 0, shows: 0 };
  const wantsSnapshot = () => clock.oneStep || performance.now() - clock.slice > SLICE_MS;
  const runners: Runner[] = points.map((point) => ({
    point,
    work: live.start(point, { wantsSnapshot, onWarning: ({ message }) => tell({ type: 'warning', message }) }),
    state: emptyState({ status: 'waiting', step: 0, total: 1 }),
    snapshot: undefined,
    shown: 0,
    cost: 0,
    spent: 0,
  }));
  const open = () => runners.filter(({ state }) => state.status === 'waiting' || state.status === 'running');
  const advance = async (runner: Runner, oneStep: boolean) => {
    clock.slice = performance.now();
    clock.oneStep = oneStep;
    await take(runner, tell);
    runner.spent += performance.now() - clock.slice;
  };
  for (const runner of runners) {
    await advance(runner, true);
    if (runner.state.status !== 'running') continue;
    // What comes before the first step is not what a step costs.
    const [began, step] = [performance.now(), runner.state.step];
    await advance(runner, false);
    runner.cost = (performance.now() - began) / 1000 / Math.max(1, runner.state.step - step);
  }
  const showNext = async () => {
    const [next] = open()
      .filter(({ snapshot }) => snapshot)
      .sort((a, b) => a.shown - b.shown);
    const began = performance.now();
    if (!next || began - next.shown < SHOW_MS || (began < clock.shows && next.shown > 0)) return;
    await show(next, tell);
    const ended = performance.now();
    clock.shows = ended + (ended - began) * (1 / SHOW_SHARE - 1);
  };
  const tellProgress = () => tell({ type: 'progress', ...progressOf(runners) });
  return {
    ...(await estimate(runners, live)),
    get finished() {
      return open().length === 0;
    },
    get share() {
      return progressOf(runners).share;
    },
    async advance(oneStep) {
      // Equal time for all: every point has an estimate soon, and the cheap ones don't wait for the dear.
      const [behind] = open().sort((a, b) => (oneStep ? a.state.step - b.state.step : a.spent - b.spent));
      if (!behind) return;
      await advance(behind, oneStep);
      await showNext();
      if (performance.now() - clock.last > 100) {
        clock.last = performance.now();
        tellProgress();
      }
    },
    async showAll() {
      for (const runner of open()) await show(runner, tell);
      tellProgress();
    },
    async close() {
      for (const { work } of runners) await work.return({} as never).catch(() => undefined);
    },
  };
}

/** Takes a slice of a runner's steps. */
async function take(runner: Runner, tell: Workbench['tell']): Promise<void> {
  try {
    const next = await runner.work.next();
    if (next.done) {
      runner.state = stateOf(next.value, { status: 'done', step: runner.state.total, total: runner.state.total });
      tell({ type: 'point', id: runner.point.id, state: runner.state });
      return;
    }
    runner.snapshot = next.value;
    const { step, total } = next.value;
    runner.state = { ...runner.state, status: 'running', step, total };
  } catch (error) {
    if (isGgdlnError(error) && (error.code === 'GGDLN_CANCELLED' || error.code === 'GGDLN_INCOMPATIBLE')) throw error;
    runner.state = failedState(runner.state, error, `learners.${runner.point.source}`);
    tell({ type: 'point', id: runner.point.id, state: runner.state });
  }
}

/** Shows the estimate of a runner as it stands. */
async function show(runner: Runner, tell: Workbench['tell']): Promise<void> {
  const { snapshot, point } = runner;
  if (!snapshot || runner.state.status !== 'running') return;
  const record = await snapshot.partial();
  const { step, total } = snapshot;
  const stage = { status: 'running', step, total } as const;
  runner.state = record ? stateOf(record, stage) : { ...runner.state, ...stage };
  tell({ type: 'point', id: point.id, state: runner.state });
  runner.shown = performance.now();
}

function shareOf({ state: { status, step, total } }: Runner): number {
  return status === 'done' || status === 'failed' ? 1 : step / total;
}

function progressOf(runners: readonly Runner[]): {
  readonly step: number;
  readonly total: number;
  readonly unit: string;
  readonly share: number;
} {
  if (runners.length === 0) return { step: 0, total: 0, unit: 'steps', share: 1 };
  const cost = ({ cost, state }: Runner) => Math.max(cost, 1e-9) * state.total;
  const all = runners.reduce((sum, runner) => sum + cost(runner), 0);
  const share = runners.reduce((sum, runner) => sum + cost(runner) * shareOf(runner), 0) / all;
  const step = runners.reduce((sum, { state }) => sum + state.step, 0);
  const total = runners.reduce((sum, { state }) => sum + state.total, 0);
  return { step, total, unit: 'steps', share };
}

async function estimate(
  runners: readonly Runner[],
  live: LiveExperiment,
): Promise<Pick<Simulation, 'seconds' | 'bytes' | 'dominant'>> {
  const costs = runners.map(({ cost, state }) => cost * state.total);
  const seconds = costs.reduce((sum, cost) => sum + cost, 0);
  const first = live.points[0];
  if (!first) return { seconds, bytes: 0, dominant: '' };
  const { train, test } = (await live.prepare(first)).problem;
  const p = train.X.rows * train.Y.cols;
  const bytes = 8 * (4 * p * p + 2 * (train.X.data.length + test.X.data.length) + 4 * p * test.X.rows);
  const slowest = runners[costs.indexOf(Math.max(...costs))];
  const axis = slowest && Object.keys(slowest.point.axes).find((path) => path.endsWith('.width'));
  const half = slowest !== undefined && Math.max(...costs) > seconds / 2 && runners.length > 1;
  const dominant = half && axis ? axis : `learners.${slowest?.point.source ?? ''}`;
  return { seconds, bytes, dominant };
}
