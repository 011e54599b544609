import { createGgdln, createMlp } from '@ggdln/architectures';
import { type Architecture, createRandom, type Matrix } from '@ggdln/core';
import { createWasmBackend, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  descendTasks,
  forgettingOverRuns,
  sampleTaskChain,
  type TaskExamples,
  type TaskSequence,
} from '../../src/index.ts';

const linalg = await createWasmBackend();
const root = createRandom('continual learners');
const gaussian = (name: string, rows: number, cols: number): Matrix =>
  matrix(rows, cols, root.stream(name).fillGaussian(new Float64Array(rows * cols)));
const ones = (rows: number) => matrix(rows, 1, new Float64Array(rows).fill(1));

/** Tasks of P random inputs of 6 numbers. */
function tasksOf(count: number, depth = 1, P = 3): TaskExamples[] {
  return Array.from({ length: count }, (_, t) => {
    const inputs = (name: string) => ({ X: gaussian(`${name}/${t}`, P, 6), gates: new Array(depth).fill(ones(P)) });
    return {
      inputs: inputs('train'),
      test: inputs('test'),
      y: root.stream(`y/${t}`).fillGaussian(new Float64Array(P)),
    };
  });
}

const relu = (width: number, depth = 1): Architecture => createMlp({ activation: 'relu', depth, width, sigma: 1 });
const fit = { rng: root.stream('start'), linalg };
const rowOf = ({ data, cols }: Matrix, t: number) => data.slice(t * cols, (t + 1) * cols);
const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.hypot(...Array.from(a, (value, i) => value - b[i]));

describe('descendTasks', () => {
  it.each([1, 2])('fits each task in its turn, from an output of 0, L = %i', async (depth) => {
    const tasks = tasksOf(3, depth);
    const { train, steps } = await descendTasks({ architecture: relu(60, depth), tasks }, { ...fit, tolerance: 1e-5 });
    tasks.forEach(({ y }, t) => {
      expect(distance(rowOf(train[t], t), y)).toBeLessThan(1e-4);
      expect(steps[t]).toBeGreaterThan(3);
    });
    expect(distance(rowOf(train[0], 2), tasks[0].y)).toBeGreaterThan(1e-3);
  });

  it('plain and accelerated descent end at the same outputs, the closer the wider', async () => {
    const tasks = tasksOf(2);
    const gap = async (width: number) => {
      const sequence = { architecture: relu(width), tasks };
      const plain = await descendTasks(sequence, { ...fit, momentum: 0 });
      const fast = await descendTasks(sequence, { ...fit, momentum: 0.9 });
      return distance(plain.test[0].data, fast.test[0].data) / Math.hypot(...plain.test[0].data);
    };
    expect(await gap(2000)).toBeLessThan(0.02);
  });

  it('forgets nothing of a task that comes again', async () => {
    const [one] = tasksOf(1);
    const { train } = await descendTasks({ architecture: relu(40), tasks: [one, one] }, fit);
    expect(distance(rowOf(train[0], 1), one.y)).toBeLessThan(1e-3);
  });

  it('with gates that are shut for the other task leaves it as it was', async () => {
    const gates = (t: number) =>
      matrix(
        3,
        2,
        Float64Array.from({ length: 6 }, (_, k) => (k % 2 === t ? 1 : 0)),
      );
    const tasks = tasksOf(2).map(({ inputs, y }, t) => ({ inputs: { X: inputs.X, gates: [gates(t)] }, y }));
    const sequence = { architecture: createGgdln({ depth: 1, width: 1000, sigma: 1 }), tasks };
    const { train } = await descendTasks(sequence, fit);
    // Weights below are shared: what is left falls as 1/√N.
    const shut = distance(rowOf(train[0], 1), tasks[0].y);
    expect(shut).toBeLessThan(0.15);
    const open = tasks.map(({ inputs, y }) => ({ inputs: { X: inputs.X, gates: [gates(0)] }, y }));
    const both = await descendTasks({ ...sequence, tasks: open }, fit);
    expect(distance(rowOf(both.train[0], 1), tasks[0].y)).toBeGreaterThan(3 * shut);
  });

  it('with heads of their own changes the old head’s outputs through the shared weights alone', async () => {
    const tasks = tasksOf(2);
    const sequence = { architecture: relu(500), tasks };
    const own = await descendTasks(sequence, { ...fit, heads: 'own' });
    const single = await descendTasks(sequence, fit);
    expect(distance(rowOf(own.train[1], 1), tasks[1].y)).toBeLessThan(1e-3);
    const forgot = distance(rowOf(own.train[0], 1), tasks[0].y);
    expect(forgot).toBeGreaterThan(1e-4);
    expect(forgot).toBeLessThan(distance(rowOf(single.train[0], 1), tasks[0].y));
    expect(rowOf(own.train[0], 0)).toEqual(rowOf(single.train[0], 0));
  });

  it('says what does not fit', async () => {
    const tasks = tasksOf(2);
    const run = (changes: Partial<TaskSequence>, more = {}) =>
      descendTasks({ architecture: relu(10), tasks, ...changes }, { ...fit, ...more });
    await expect(run({ tasks: [] })).rejects.toThrow(/there are no tasks\. Give at least one/);
    await expect(run({ tasks: [tasks[0], { ...tasks[1], y: new Float64Array(2) }] })).rejects.toThrow(
      /tasks\[1\]\.y \(P\) is 2 × 1\. It should be 3 × 1/,
    );
    const ungated = { X: tasks[1].inputs.X, gates: [] };
    await expect(run({ tasks: [tasks[0], { ...tasks[1], inputs: ungated }] })).rejects.toThrow(
      /tasks\[1\]\.inputs has gates for 0 layers\. Give them for 1/,
    );
    await expect(run({ architecture: { ...relu(10), gradient: undefined } as never })).rejects.toThrow(
      /family "mlp" has no analytic gradient/,
    );
    await expect(run({}, { steps: 2 })).rejects.toThrow(
      /not fitted to 0\.0001 after 2 steps, the error is .*more steps/,
    );
    await expect(run({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
  });
});

describe('numbers that descendTasks can’t go by', () => {
  it.each([
    [{ tolerance: Number.NaN }, /tolerance is NaN/],
    [{ tolerance: 0 }, /tolerance is 0/],
    [{ steps: 0 }, /steps is 0.*whole number ≥ 1/],
    [{ momentum: 1 }, /momentum is 1.*< 1/],
    [{ momentum: -0.1 }, /momentum is -0\.1/],
    [{ heads: 'both' as 'own' }, /heads is "both".*"single" or "own"/],
  ])('are refused: %j', async (wrong, message) => {
    await expect(descendTasks({ architecture: relu(10), tasks: tasksOf(2) }, { ...fit, ...wrong })).rejects.toThrow(
      message,
    );
  });

  it('are said where the error leaves their range, at once', async () => {
    const [task] = tasksOf(1);
    const tasks = [{ ...task, y: task.y.map((value) => 1e200 * value) }];
    await expect(descendTasks({ architecture: relu(10), tasks }, fit)).rejects.toMatchObject({
      code: 'GGDLN_NUMERICAL',
      message: expect.stringMatching(/the error is Infinity at step 0/),
    });
  });
});

describe('sampleTaskChain', () => {
  const sequence = { architecture: relu(50), tasks: tasksOf(2) };
  const options = { lambda: 2, beta: 20, chains: 24, rng: root.stream('chain'), linalg };

  it('holds a task while it learns it, and the stiffer the more of the one before', async () => {
    const kept = async (lambda: number) => {
      const { runs, acceptance } = await sampleTaskChain(sequence, { ...options, lambda });
      expect(acceptance).toBeGreaterThan(0.5);
      const mean = (s: number, t: number) =>
        sequence.tasks[s].y.map((_, i) => runs.reduce((sum, run) => sum + rowOf(run.train[s], t)[i] / runs.length, 0));
      // A stiff chain learns less of the task than the noise lets it.
      expect(distance(mean(1, 1), sequence.tasks[1].y)).toBeLessThan(lambda === 0 ? 0.6 : 2);
      return distance(mean(0, 1), mean(0, 0));
    };
    expect(await kept(30)).toBeLessThan(0.8 * (await kept(0)));
  });

  it('gives a chain the same numbers whatever others run', async () => {
    const whole = await sampleTaskChain(sequence, { ...options, chains: 4 });
    const part = await sampleTaskChain(sequence, { ...options, chains: 2, first: 2 });
    expect(part.runs[0].train[1].data).toEqual(whole.runs[2].train[1].data);
  });

  it.each([
    [{ lambda: -1 }, /lambda is -1\. Give a finite number ≥ 0/],
    [{ beta: 0 }, /beta is 0\. Give a finite number > 0/],
    [{ chains: 1 }, /chains is 1\. Give a whole number ≥ 2/],
    [{ updates: 1 }, /updates is 1\. Give a whole number ≥ 2/],
  ])('refuses %o', async (changes, message) => {
    await expect(sampleTaskChain(sequence, { ...options, ...changes })).rejects.toThrow(message);
  });
});

describe('forgettingOverRuns', () => {
  it('is the mean squared error of each run, averaged, with its standard error', () => {
    const run = (f: number) => [matrix(1, 2, Float64Array.of(f, 0))];
    const { value, stderr } = forgettingOverRuns([run(1), run(3)], [Float64Array.of(0, 0)]);
    expect([value.data[0], stderr.data[0]]).toEqual([2.5, 2]);
  });

  it('needs two runs, and targets of their shape', () => {
    expect(() => forgettingOverRuns([[matrix(1, 2)]], [new Float64Array(2)])).toThrow(/1 runs have no error bar/);
    const runs = [[matrix(1, 2)], [matrix(1, 2)]];
    expect(() => forgettingOverRuns(runs, [new Float64Array(3)])).toThrow(/runs\[0\]\[0\] .* is 1 × 2/);
  });
});
