import { createRegistry } from '@ggdln/core';
import { standardPlugins } from '@ggdln/standard';
import { expect, test } from 'vitest';
import { createSession } from '../src/engine/createSession.ts';
import type { Half, Report, Request, Told } from '../src/engine/messages.ts';
import type { LabSpec } from '../src/state/labState.ts';

const spec = {
  ggdln: 1,
  name: 'session-test',
  temperature: 0.1,
  dataset: { use: 'noisy-teacher', inputs: 5, trainSize: 12, testSize: 20 },
  gating: { use: 'half-spaces', gates: 2 },
  architecture: { use: 'ggdln', depth: 1, width: 8 },
  learners: [{ use: 'block-gibbs' }],
  theories: [{ use: 'ggdln' }],
} satisfies LabSpec;

const point = { id: 'one', source: 'block-gibbs', role: 'exact-sampling', axes: {} } as const;
const metric = { metric: 'bias', value: 0.25, stderr: 0.01 };
const state = {
  status: 'done',
  step: 5,
  total: 5,
  provisional: false,
  metrics: [metric],
  arrays: {},
  diagnostics: {},
} as const;
const progress = { type: 'progress', step: 5, total: 5, unit: 'sweeps', share: 1 } as const;
const failure = { problem: 'there is no such file', remedy: 'Add it', code: 'GGDLN_DATA' };

/** A session whose workers say what the test says, when it says it. */
async function open() {
  const asked: string[] = [];
  const channels = new Map<Half, (report: Report) => void>();
  const session = createSession({
    registry: createRegistry(standardPlugins),
    openChannel: (half, onReport) => {
      channels.set(half, onReport);
      return {
        ask: ({ type }: Request) => asked.push(`${half} ${type}`),
        dispose: () => asked.push(`${half} ended`),
      };
    },
  });
  session.open(spec);
  // Files of the user's own are looked for first.
  await expect.poll(() => channels.size).toBe(2);
  const say = (half: Half, told: Told, run = 1) => channels.get(half)?.({ ...told, run } as Report);
  const phase = () => session.status.get().phase;
  return { session, asked, say, phase };
}

async function run() {
  const lab = await open();
  lab.session.play();
  lab.say('simulation', { type: 'planned', points: [point] });
  lab.say('simulation', { type: 'ready' });
  return lab;
}

test('a run is done when theory and simulation are, in any order', async () => {
  for (const [first, second] of [
    ['theory', 'simulation'],
    ['simulation', 'theory'],
  ] as const) {
    const { say, phase } = await run();
    say('simulation', progress);
    say(first, { type: 'done' });
    expect(phase()).toBe('running');
    say(second, { type: 'done' });
    expect(phase()).toBe('done');
  }
});

test('who hears that a run is done has its last numbers', async () => {
  const { session, say } = await run();
  say('theory', { type: 'done' });
  say('simulation', { type: 'point', id: 'one', state });
  const seen: unknown[] = [];
  session.view.subscribe(() => seen.push(session.view.get().points[0]?.metrics));
  say('simulation', { type: 'done' });
  expect(seen).toEqual([[metric]]);
  expect(session.view.get()).toMatchObject({ status: 'done', points: [{ status: 'done' }] });
});

test('a run that was stopped stays stopped, whatever its workers had still told', async () => {
  const { session, say, phase } = await run();
  say('theory', { type: 'done' });
  session.cancel();
  say('simulation', progress);
  say('simulation', { type: 'done' });
  expect(phase()).toBe('stopped');
});

test('theory that comes after a stop does not make it done', async () => {
  const { session, say, phase } = await run();
  say('simulation', { type: 'done' });
  session.cancel();
  say('theory', { type: 'done' });
  expect(phase()).toBe('stopped');
});

test('what has failed neither goes on nor comes to an end, and is opened anew when it is played', async () => {
  const { session, asked, say, phase } = await open();
  session.play();
  say('theory', { type: 'failed', error: failure });
  say('simulation', { type: 'ready' });
  say('simulation', { type: 'done' });
  expect(phase()).toBe('failed');
  expect(asked).not.toContain('simulation play');
  session.play();
  expect(phase()).toBe('opening');
  await expect.poll(() => asked.filter((what) => what === 'simulation open').length).toBe(2);
  say('simulation', { type: 'ready' }, 2);
  expect(phase()).toBe('running');
});

test('reports of the run before a reset change nothing', async () => {
  const { session, say, phase } = await run();
  session.reset();
  say('simulation', { type: 'ready' });
  say('simulation', { type: 'done' });
  say('theory', { type: 'done' });
  expect(phase()).toBe('opening');
  expect(session.view.get().points).toEqual([]);
});
