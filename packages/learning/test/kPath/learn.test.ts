import { routingGate } from '@ggdln/architectures/gdln';
import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { type KPathOptions, type KPathTask, learnKPath } from '../../src/kPath/index.ts';
import { context, options, task } from './problems.ts';

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
      'an ε of 0',
      { optimizer: { use: 'adam', rate: 0.1, epsilon: 0 } },
      'epsilon is 0. It must be above 0: gradients may be 0',
    ],
    [
      'more weight decay than the rate allows',
      { optimizer: { use: 'sgd', rate: 0.1, weightDecay: 1000 } },
      /the stability limit 2\/\(λ_max \+ weight decay 1000\) was 0\.002 at the start/,
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
