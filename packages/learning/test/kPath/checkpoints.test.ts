import { describe, expect, it } from 'vitest';
import {
  createMemoryStore,
  type KPathStore,
  kPathStateFromJson,
  kPathStateToJson,
  learnKPath,
} from '../../src/kPath/index.ts';
import { context, options, task } from './problems.ts';

describe('checkpoints of k paths', () => {
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
});
