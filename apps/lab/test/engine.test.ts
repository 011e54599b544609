import { createRegistry, type RunView } from '@ggdln/core';
import { createMemoryStore, type ExperimentSpec, planPoints, resolveSpec, runExperiment } from '@ggdln/experiments';
import { chooseLinalg } from '@ggdln/linalg';
import { standardPlugins } from '@ggdln/standard';
import { afterEach, describe, expect, it } from 'vitest';
import type { OpenChannel } from '../src/engine/channel.ts';
import { createSession } from '../src/engine/createSession.ts';
import { createDesk } from '../src/engine/desk.ts';
import type { RunStatus, Session } from '../src/engine/session.ts';
import { atPlace } from '../src/panels/run.ts';
import type { LabSpec } from '../src/state/labState.ts';
import { matrixLike, metricsLike } from './likeCommands.ts';

const registry = createRegistry(standardPlugins);

const spec = {
  ggdln: 1,
  name: 'engine-test',
  title: 'A small experiment',
  seed: 4,
  temperature: 0.1,
  dataset: { use: 'noisy-teacher', inputs: 5, trainSize: 12, testSize: 20 },
  gating: { use: 'half-spaces', gates: 2 },
  architecture: { use: 'ggdln', depth: 1 },
  sweep: { 'architecture.width': [8, 30] },
  learners: [{ use: 'block-gibbs', sweeps: 400, batches: 40 }],
  theories: [{ use: 'ggdln' }, { use: 'infinite-width' }],
} satisfies LabSpec;

/** A worker without a thread: messages are cloned as between threads. */
const openDesk: OpenChannel = (_, onReport) => {
  const desk = createDesk({
    registry,
    loadPlugin: async ({ name }) => {
      throw new Error(`${name} was to be loaded`);
    },
    fetchFile: async () => undefined,
    post: (report) => {
      const copy = structuredClone(report);
      setTimeout(() => onReport(copy), 0);
    },
  });
  return { ask: (request) => desk.ask(structuredClone(request)), dispose: () => desk.ask({ type: 'close' }) };
};

const sessions: Session[] = [];
function start(): Session {
  const session = createSession({ registry, openChannel: openDesk });
  sessions.push(session);
  return session;
}
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

function until<Value>(
  readable: { get(): Value; subscribe(listener: () => void): () => void },
  holds: (value: Value) => boolean,
): Promise<Value> {
  return new Promise((resolve) => {
    const look = () => {
      if (!holds(readable.get())) return;
      end();
      resolve(readable.get());
    };
    const end = readable.subscribe(look);
    look();
  });
}
const phase = (session: Session, wanted: RunStatus['phase']) =>
  until(session.status, (status) => status.phase === wanted);
const finished = ({ points }: RunView) => points.length > 0 && points.every(({ status }) => status === 'done');
const simulated = ({ points }: RunView) => points.filter(({ role }) => role === 'exact-sampling');

describe('a session', () => {
  it('leaves a finished result on screen, marked, until the next run has numbers of its own', async () => {
    const session = start();
    session.open(spec);
    session.play();
    await phase(session, 'done');
    const before = await until(session.view, finished);
    const shown: RunView[] = [];
    session.view.subscribe(() => shown.push(session.view.get()));
    session.open({ ...spec, seed: 5 }, { keep: true });
    expect(session.earlier.get()).toBe(true);
    session.play();
    await until(session.earlier, (earlier) => !earlier);
    const first = await until(session.view, (view) => JSON.stringify(view.spec) !== JSON.stringify(before.spec));
    expect(simulated(first).some(({ metrics }) => metrics.length > 0)).toBe(true);
    // Nothing was drawn in between: what stood there stood there whole.
    expect(shown.filter((view) => JSON.stringify(view.spec) !== JSON.stringify(before.spec))[0]).toBe(first);
  });

  it('ends with the numbers of ggdln run', async () => {
    const session = start();
    session.open(spec);
    session.play();
    await phase(session, 'done');
    const view = await until(session.view, finished);
    const resolved = resolveSpec(spec as unknown as ExperimentSpec, registry);
    const { backend: linalg } = await chooseLinalg();
    const store = createMemoryStore();
    await runExperiment(resolved, { registry, linalg, store });
    for (const { id } of await planPoints(resolved, linalg.name)) {
      const point = view.points.find((one) => one.id === id);
      const record = await store.get(id);
      if (!record) throw new Error(`ggdln run has no ${id}`);
      const { metrics, arrays } = record;
      const isTheory = record.role === 'theory';
      expect(point?.metrics).toEqual(isTheory ? metricsLike(metrics) : metrics);
      for (const name of ['mean', 'U1']) {
        expect(point?.arrays[name]).toEqual(isTheory && arrays[name] ? matrixLike(arrays[name]) : arrays[name]);
      }
    }
  });

  it('has its theory before anything is sampled, with data, gates and an estimate', async () => {
    const session = start();
    session.open(spec);
    await phase(session, 'ready');
    const view = await until(
      session.view,
      ({ points }) => points.filter(({ status }) => status === 'done').length === 4,
    );
    expect(view.status).toBe('empty');
    expect(view.axis).toMatchObject({ column: 'architecture.width', scale: 'linear' });
    expect(view.metrics.map(({ metric }) => metric)).toEqual(['bias', 'variance']);
    expect(session.problem.get()?.trainX).toMatchObject({ rows: 12, cols: 5 });
    expect(session.problem.get()?.gateNames[0]).toHaveLength(session.problem.get()!.trainGates[0].cols);
    expect(session.estimate.get()?.seconds).toBeGreaterThan(0);
  });

  it('shows nothing of a simulation before it is asked for, and rests after a step', async () => {
    const session = start();
    session.open(spec);
    await phase(session, 'ready');
    expect(
      simulated(session.view.get()).every(({ metrics, status }) => metrics.length === 0 && status === 'waiting'),
    ).toBe(true);
    expect(session.view.get().snapshot).toEqual({ index: 0, count: 0, live: true });
    session.step();
    await phase(session, 'paused');
    await until(session.view, (view) => simulated(view).some(({ step }) => step > 0));
  });

  it('tells the options that cure a run that diverged, by their path', async () => {
    const session = start();
    const learner = { use: 'gradient-descent', learningRate: 1e3 };
    session.open({ ...spec, learners: [learner] });
    session.play();
    const view = await until(session.view, ({ points }) => points.some(({ status }) => status === 'failed'));
    const failed = view.points.find(({ status }) => status === 'failed');
    expect(failed?.error?.problem).toMatch(/at step \d+.*learningRate 1000 is above the stability limit/);
    const cure = Object.entries(failed?.error?.changes ?? {});
    expect(cure.map(([path]) => path)).toEqual(['learners.gradient-descent.learningRate']);
    expect(cure[0][1]).toBeGreaterThan(0);
    expect(cure[0][1]).toBeLessThan(1e3);
  });

  it('takes data and gates of the run before away when another has none', async () => {
    const session = start();
    session.open(spec);
    await until(session.problem, (problem) => problem !== undefined);
    session.open({ name: 'a-study', study: { use: 'memorisation' }, seed: 1 });
    expect(session.problem.get()).toBeUndefined();
    expect(session.view.get()).toMatchObject({ study: 'memorisation', equation: 'galu/3' });
  });

  it('goes on by single sweeps, pauses, and comes back to the same start', async () => {
    const session = start();
    session.open(spec);
    await phase(session, 'ready');
    const courses: string[] = [];
    for (const _ of [1, 2]) {
      const steps: number[] = [];
      for (let k = 0; k < 4; k++) {
        const before = simulated(session.view.get()).reduce((sum, { step }) => sum + step, 0);
        session.step();
        await until(session.view, (view) => simulated(view).reduce((sum, { step }) => sum + step, 0) > before);
        steps.push(simulated(session.view.get()).reduce((sum, { step }) => sum + step, 0));
      }
      courses.push(steps.join());
      session.reset();
      await phase(session, 'ready');
    }
    const [first, second] = courses;
    expect(second).toBe(first);
    expect(
      first
        .split(',')
        .map(Number)
        .every((step, k, all) => k === 0 || step === all[k - 1] + 1),
    ).toBe(true);
  });

  it('shows earlier snapshots with the estimates of their time', async () => {
    const session = start();
    session.open(spec);
    session.play();
    await phase(session, 'done');
    await until(session.view, finished);
    const { count } = session.view.get().snapshot;
    expect(count).toBeGreaterThan(1);
    session.show(0);
    const early = session.view.get();
    expect(early.snapshot).toMatchObject({ index: 0, live: false });
    expect(simulated(early).every(({ status }) => status === 'done')).toBe(false);
    session.show('live');
    expect(simulated(session.view.get()).every(({ status }) => status === 'done')).toBe(true);
  });

  it('is stopped at once and keeps what is there', async () => {
    const session = start();
    session.open({ ...spec, learners: [{ use: 'block-gibbs', sweeps: 200000, batches: 40 }] });
    session.play();
    await until(session.status, ({ progress }) => progress > 0);
    session.cancel();
    expect(session.status.get().phase).toBe('stopped');
    const view = await until(session.view, ({ status }) => status === 'stopped');
    expect(view.points.filter(({ role }) => role === 'theory')).not.toHaveLength(0);
  });

  it('pauses once it is precise enough, and goes on to the end when played again', async () => {
    const session = start();
    session.open({ ...spec, learners: [{ use: 'block-gibbs', sweeps: 3000, batches: 60 }] });
    session.setStopRule({ metric: 'bias', stderr: 1 });
    session.play();
    await phase(session, 'paused');
    expect(session.status.get().word).toBe('Precise enough');
    const view = await until(session.view, ({ status }) => status === 'paused');
    for (const { metrics, provisional, status } of simulated(view)) {
      expect(provisional).toBe(false);
      expect(metrics.find(({ metric }) => metric === 'bias')?.stderr).toBeLessThan(1);
      expect(status).toBe('running');
    }
    session.play();
    await phase(session, 'done');
  });

  it('says in words what is wrong with an experiment, and opens the next one', async () => {
    const session = start();
    session.open({ ...spec, gating: { use: 'half-space' } });
    expect(session.status.get().phase).toBe('failed');
    expect(session.error.get()?.problem).toMatch(/half-space/);
    session.open({ ...spec, learners: [{ use: 'online' }] });
    await phase(session, 'failed');
    expect(session.error.get()?.code).toBe('GGDLN_INCOMPATIBLE');
    session.open(spec);
    await phase(session, 'ready');
    expect(session.error.get()).toBeUndefined();
  });
});

describe('a sweep of the gates', () => {
  const swept = {
    ...spec,
    architecture: { use: 'ggdln', depth: 1, width: 20 },
    gating: { use: 'half-spaces' },
    sweep: { 'gating.gates': [2, 3, 5] },
    learners: [],
  } satisfies LabSpec;

  it('tells the gates of every place, and the data once', async () => {
    const session = start();
    session.open(swept);
    const view = await until(
      session.view,
      (now) => finished(now) && now.points.filter(({ problem }) => problem).length === 4,
    );
    const columns = (x: number) => atPlace(view, { x }).problem?.trainGates[0]?.cols;
    expect([2, 3, 5].map(columns)).toEqual([3, 4, 6]);
    const [first, ...others] = [2, 3, 5].map((x) => atPlace(view, { x }).problem);
    for (const other of others) expect(other?.trainX).toBe(first?.trainX);
    // The place that is shown where nothing is chosen is the middle one.
    expect(atPlace(view, {}).problem?.trainGates[0]?.cols).toBe(4);
    // The same object as long as the view is: panels keep what they made of it.
    expect(atPlace(view, { x: 5 })).toBe(atPlace(view, { x: 5 }));
  });

  it('says nothing twice where every place has the same problem', async () => {
    const session = start();
    session.open({ ...spec, learners: [] });
    const view = await until(session.view, finished);
    expect(view.points.some(({ problem }) => problem !== undefined)).toBe(false);
    expect(atPlace(view, { x: 30 })).toBe(view);
  });

  it('tells data that are swept', async () => {
    const session = start();
    session.open({ ...swept, gating: { use: 'half-spaces', gates: 2 }, sweep: { 'dataset.trainSize': [8, 12] } });
    const view = await until(session.view, (now) => finished(now) && now.points.some(({ problem }) => problem));
    expect([8, 12].map((x) => atPlace(view, { x }).problem?.trainX.rows)).toEqual([8, 12]);
  });
});
