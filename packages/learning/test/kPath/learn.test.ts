import { routingGate } from '@ggdln/architectures/gdln';
import { createRandom } from '@ggdln/core';
import { createMlMatrixBackend, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  classesOf,
  createMemoryStore,
  type KPathOptions,
  type KPathStore,
  type KPathTask,
  kPathStateFromJson,
  kPathStateToJson,
  learnKPath,
  permutedPixels,
  relabellings,
  turnedPixels,
} from '../../src/kPath/index.ts';
import { task } from './problems.ts';

const linalg = createMlMatrixBackend();
const context = () => ({ linalg, rng: createRandom(1).stream('k-path') });
const options: KPathOptions = {
  gate: { mode: '2_plus_mod_permute' },
  network: { width: 8 },
  start: { gain: 0.5 },
  optimizer: { use: 'sgd', rate: 0.1, momentum: 0.9 },
  batch: 10,
  epochs: 30,
  scoreEvery: 10,
};

describe('learning k paths', () => {
  it('learns the trained pairs, and scores all of them on both halves', async () => {
    const { state, scores } = await learnKPath(task, options, context());
    expect(scores.map(({ epoch }) => epoch)).toEqual([0, 10, 20, 30]);
    const [first, last] = [scores[0], scores[3]];
    expect(first.loss).toBeNull();
    expect(first.train.selectedLoss).toBeGreaterThan(1);
    expect(last.train.selectedLoss).toBeLessThan(0.2);
    expect(last.test.selectedAccuracy).toBeGreaterThan(0.8);
    expect(last.test.unselectedAccuracy).not.toBeNull();
    const trained = state.gate.data.reduce((sum, value) => sum + value, 0);
    expect(trained).toBe(8);
    const mean = last.test.accuracies.data.reduce(
      (sum, value, pair) => sum + (state.gate.data[pair] === 1 ? value / trained : 0),
      0,
    );
    expect(last.test.selectedAccuracy).toBeCloseTo(mean, 14);
  });

  it('goes on from a state, also one that went through JSON, with the same bits', async () => {
    const straight = await learnKPath(task, options, context());
    const store = createMemoryStore();
    const checkpoints = { store, every: 4, keep: 2 };
    await learnKPath(task, { ...options, epochs: 13 }, { ...context(), checkpoints });
    expect(await store.epochs()).toEqual([12, 13]);
    const resumed = await learnKPath(task, options, { ...context(), checkpoints });
    expect(resumed.state.parameters).toEqual(straight.state.parameters);
    expect(resumed.state.moments).toEqual(straight.state.moments);
    // The end of the shorter run had a score of its own.
    expect(resumed.scores.map(({ epoch }) => epoch)).toEqual([0, 10, 13, 20, 30]);
    expect(resumed.scores.filter(({ epoch }) => epoch !== 13)).toEqual(straight.scores);
    const half = await learnKPath(task, { ...options, epochs: 20 }, context());
    const from = kPathStateFromJson(JSON.parse(JSON.stringify(kPathStateToJson(half.state))));
    expect(from).toEqual(half.state);
    const later = await learnKPath(task, options, { ...context(), from });
    expect(later).toEqual(straight);
    // Nothing is left to do.
    expect(await learnKPath(task, options, { ...context(), from: later.state })).toEqual(straight);
  });

  it('goes on from the middle of an epoch, where it was cancelled or whenever it last wrote', async () => {
    const straight = await learnKPath(task, options, context());
    for (const kept of [{ everySteps: 3 }, { everySeconds: 0 }, {}]) {
      const store = createMemoryStore();
      const checkpoints = { store, ...kept };
      // 4 steps are an epoch: cut in the third, the sixth and the ninth.
      for (const cut of [10, 22, 35]) {
        const controller = new AbortController();
        const onProgress = ({ done }: { readonly done: number }) => {
          if (done === cut) controller.abort();
        };
        const { signal } = controller;
        await expect(
          learnKPath(task, options, { ...context(), checkpoints, signal, onProgress }),
        ).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
        const [epoch] = (await store.epochs()).slice(-1);
        expect(await store.read(epoch)).toMatchObject({ epoch: Math.floor(cut / 4), steps: cut });
      }
      expect(await learnKPath(task, options, { ...context(), checkpoints })).toEqual(straight);
    }
  });

  it('writes every so many steps, so that a killed run loses no more', async () => {
    const steps: number[] = [];
    const memory = createMemoryStore();
    const store: KPathStore = {
      ...memory,
      write: async (state) => {
        steps.push(state.steps);
        await memory.write(state);
      },
    };
    await learnKPath(task, { ...options, epochs: 3 }, { ...context(), checkpoints: { store, everySteps: 3 } });
    expect(steps).toEqual([3, 6, 9, 12]);
  });

  it('does not stop again where it stopped below a loss', async () => {
    const until = { ...options, scoreEvery: 1, stopBelow: 0.5 };
    const checkpoints = { store: createMemoryStore() };
    const first = await learnKPath(task, until, { ...context(), checkpoints });
    expect(await learnKPath(task, until, { ...context(), checkpoints })).toEqual(first);
    const further = await learnKPath(task, { ...until, stopBelow: 0.4 }, { ...context(), checkpoints });
    expect(further.state.epoch).toBeGreaterThan(first.state.epoch);
  });

  it('has null where all pairs are trained, and stops below a loss', async () => {
    const gate = { mode: 'fully_connected' };
    const { scores } = await learnKPath(task, { ...options, gate, scoreEvery: 1, stopBelow: 0.5 }, context());
    const last = scores[scores.length - 1];
    expect(last.test.unselectedAccuracy).toBeNull();
    expect(last.train.selectedLoss).toBeLessThan(0.5);
    expect(scores[scores.length - 2].train.selectedLoss).toBeGreaterThanOrEqual(0.5);
  });

  it('takes steps as PyTorch does', async () => {
    // One weight of interest: the same run by hand from the recorded gradients would need them; compare laws instead.
    const run = (optimizer: KPathOptions['optimizer']) =>
      learnKPath(
        task,
        { ...options, ...(optimizer ? { optimizer } : {}), epochs: 1, batch: 40, shuffle: false },
        context(),
      );
    const [plain, heavy, damped, decayed] = await Promise.all([
      run({ use: 'sgd', rate: 0.1 }),
      run({ use: 'sgd', rate: 0.1, momentum: 0.9 }),
      run({ use: 'sgd', rate: 0.1, momentum: 0.9, dampening: 0.5 }),
      run({ use: 'sgd', rate: 0.1, weightDecay: 0.5 }),
    ]);
    // The first step has neither momentum nor dampening.
    expect(heavy.state.parameters).toEqual(plain.state.parameters);
    expect(damped.state.parameters).toEqual(plain.state.parameters);
    expect(decayed.state.parameters).not.toEqual(plain.state.parameters);
    const adam = await run({ use: 'adam', rate: 0.01 });
    const start = (
      await learnKPath(task, { ...options, epochs: 1, batch: 40, optimizer: { use: 'sgd', rate: 1e-30 } }, context())
    ).state;
    // The first step of Adam has the length of the rate in every weight that has a slope.
    const moved = adam.state.parameters.map((value, i) => Math.abs(value - start.parameters[i]));
    expect(Math.max(...moved)).toBeCloseTo(0.01, 5);
    const nesterov = await run({ use: 'sgd', rate: 0.1, momentum: 0.5, nesterov: true });
    nesterov.state.parameters.forEach((value, i) => {
      const step = plain.state.parameters[i] - start.parameters[i];
      expect(value - start.parameters[i]).toBeCloseTo(1.5 * step, 5);
    });
  });

  it.each<[string, Partial<KPathOptions>, string | RegExp]>([
    [
      'more partners than domains',
      { gate: { mode: '5_plus_mod' } },
      'mode 5_plus_mod asks for 5 partners among 4 domains. Give at most 4',
    ],
    ['no trained pair', { gate: { mode: 'mod', classes: 0 } }, 'the gate has no trained pair'],
    [
      'a gate of another size',
      { gate: routingGate(3, 'fully_connected') },
      'gate (M × M) is 3 × 3. It should be 4 × 4',
    ],
    ['gates between', { gate: matrix(4, 4, new Float64Array(16).fill(0.5)) }, 'the gate has an entry 0.5'],
    [
      'a NaN gate',
      { gate: matrix(4, 4, new Float64Array(16).fill(Number.NaN)) },
      'gate (M × M) has NaN at row 0, column 0',
    ],
    ['large batches', { batch: 50 }, 'a batch has 50 of 40 examples'],
    ['no epochs', { epochs: 0 }, 'epochs is 0'],
    ['a rate of 0', { optimizer: { use: 'sgd', rate: 0 } }, 'the rate is 0'],
    ['a momentum of 1', { optimizer: { use: 'sgd', rate: 1, momentum: 1 } }, 'momentum is 1. It must be in [0, 1)'],
    [
      'Nesterov without momentum',
      { optimizer: { use: 'sgd', rate: 1, nesterov: true } },
      'Nesterov steps with momentum 0',
    ],
    [
      'a rate beyond the stability limit',
      { optimizer: { use: 'sgd', rate: 1e4, momentum: 0.9 } },
      /after \d+ steps of rate 10000; the stability limit 2\(1 \+ 0\.9\)\/λ_max was [\d.]+ at the start.*Lower the rate, e\.g\. to [\d.]+/,
    ],
  ])('refuses %s', async (_, changed, message) => {
    await expect(learnKPath(task, { ...options, ...changed }, context())).rejects.toThrow(message);
  });

  it.each<[string, Partial<KPathTask>, string]>([
    ['relabellings that lose a class', { labels: [[0, 0, 1]] }, 'labels[0] is [0, 0, 1]. Give each of 0 … 2 once'],
    ['no domains', { labels: [] }, 'there are no output domains'],
    ['fewer inputs than outputs', { inputs: task.inputs?.slice(1) ?? [] }, 'there are 3 input and 4 output domains'],
    [
      'labels that are no class',
      { train: { ...task.train, labels: new Int32Array(40).fill(3) } },
      'train.labels has the class 3',
    ],
    ['other numbers of labels', { test: { ...task.test, labels: [0] } }, 'test has 60 inputs and 1 labels'],
    [
      'pixels that are not there',
      { inputs: Array.from({ length: 4 }, () => Int32Array.of(0, 6)) },
      'one of which reads pixel 6',
    ],
    [
      'other features',
      { test: { X: matrix(1, 5), labels: [0] }, inputs: Array.from({ length: 4 }, () => Int32Array.of(0)) },
      'training inputs have 6 features, test inputs 5',
    ],
  ])('refuses a task with %s', async (_, changed, message) => {
    await expect(learnKPath({ ...task, ...changed }, options, context())).rejects.toThrow(message);
  });

  it('refuses states of another network or nature', async () => {
    const { state } = await learnKPath(task, { ...options, epochs: 1 }, context());
    const from = { ...state, parameters: state.parameters.slice(1) };
    await expect(learnKPath(task, options, { ...context(), from })).rejects.toThrow('the state has arrays of');
    const other = { ...options, batch: 8 };
    await expect(learnKPath(task, other, { ...context(), from: state })).rejects.toThrow(
      'the state has 4 steps in 1 epochs, but an epoch has 5 here. Go on with the batch size',
    );
    const long = { ...state, epoch: 40, steps: 160 };
    await expect(learnKPath(task, options, { ...context(), from: long })).rejects.toThrow(
      'the state has 40 epochs behind it, of 30. Ask for as many epochs or more',
    );
    expect(() => kPathStateFromJson({ epoch: 1 })).toThrow('the state has epoch 1 and steps undefined');
    expect(() => kPathStateFromJson({ ...kPathStateToJson(state), parameters: 'x' })).toThrow('parameters is no list');
    expect(() => kPathStateFromJson({ ...kPathStateToJson(state), scores: null })).toThrow(
      'gate, moments or scores are absent',
    );
    await expect(createMemoryStore().read(3)).rejects.toThrow('there is no state of epoch 3');
  });

  it.each([
    [{ every: 0 }, 'every is 0. It must be a whole number above 0'],
    [{ everySteps: 1.5 }, 'everySteps is 1.5'],
    [{ everySeconds: Number.NaN }, 'everySeconds is NaN. It must be at least 0'],
    [{ keep: 0 }, 'keep is 0'],
  ])('refuses checkpoints %j', async (kept, message) => {
    const checkpoints = { store: createMemoryStore(), ...kept };
    await expect(learnKPath(task, options, { ...context(), checkpoints })).rejects.toThrow(message);
  });

  it('takes inputs that are already transformed', async () => {
    const shown = ({ X, labels }: KPathTask['train']) => ({
      X: (task.inputs ?? []).map((map) => {
        const { rows, cols, data } = X as ReturnType<typeof matrix>;
        return matrix(
          rows,
          cols,
          Float64Array.from(data, (__, i) => data[Math.floor(i / cols) * cols + map[i % cols]]),
        );
      }),
      labels,
    });
    const { inputs: _, ...rest } = task;
    const given = { ...rest, train: shown(task.train), test: shown(task.test) };
    const [a, b] = await Promise.all([task, given].map((each) => learnKPath(each, options, context())));
    expect(b.state).toEqual(a.state);
    await expect(learnKPath({ ...given, inputs: task.inputs ?? [] }, options, context())).rejects.toThrow(
      'train.X has 4 matrices for 4 domains and maps beside them',
    );
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort();
    await expect(learnKPath(task, options, { ...context(), signal })).rejects.toMatchObject({
      code: 'GGDLN_CANCELLED',
    });
  });
});

describe('domains', () => {
  it('turn pictures counter-clockwise: at 90° what was below is on the right', () => {
    const [still, quarter, half] = turnedPixels(3, { side: 3, channels: 2 });
    expect(Array.from(still)).toEqual(Array.from({ length: 18 }, (_, i) => i));
    // The picture 0 1 2 / 3 4 5 / 6 7 8 becomes 2 5 8 / 1 4 7 / 0 3 6.
    expect(Array.from(quarter.subarray(0, 9))).toEqual([2, 5, 8, 1, 4, 7, 0, 3, 6]);
    expect(Array.from(quarter.subarray(9))).toEqual([11, 14, 17, 10, 13, 16, 9, 12, 15]);
    expect(Array.from(half.subarray(0, 9))).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
    // At 45° the corners come from outside.
    const [, turned] = turnedPixels(6, { side: 9 });
    expect(turned[0]).toBe(-1);
    expect(turned[40]).toBe(40);
  });

  it('shuffle pixels, all planes alike, each domain by itself', () => {
    const maps = permutedPixels(3, { side: 4, channels: 3 }, createRandom(1));
    for (const map of maps) {
      expect(new Set(map).size).toBe(48);
      for (let i = 0; i < 16; i++) expect([map[16 + i], map[32 + i]]).toEqual([map[i] + 16, map[i] + 32]);
    }
    expect(Array.from(maps[0])).not.toEqual(Array.from({ length: 48 }, (_, i) => i));
    expect(permutedPixels(5, { side: 4, channels: 3 }, createRandom(1)).slice(0, 3)).toEqual(maps);
    expect(() => permutedPixels(3, { side: 0 }, createRandom(1))).toThrow('pictures have side 0');
  });

  it('rename classes lexicographically, which leaves the first ones, or at random', () => {
    const published = relabellings(100, 10, 'lexicographic', createRandom(1));
    for (const map of published) expect(map.slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
    const random = relabellings(100, 10, 'random', createRandom(1));
    expect(random[0]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(random.map(([first]) => first)).size).toBe(10);
  });

  it('read classes from one-hot targets', () => {
    expect(Array.from(classesOf(matrix(2, 3, Float64Array.of(0, 1, 0, 0, 0, 1))))).toEqual([1, 2]);
    expect(() => classesOf(matrix(1, 2, Float64Array.of(1, 1)))).toThrow(
      'row 0 of the targets, [1, 1], names no class',
    );
  });
});
