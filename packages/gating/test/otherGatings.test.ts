import { createRandom } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { alwaysOn, alwaysOnGates, oneHotTaskGates, oneHotTasks } from '../src/index.ts';

const X = matrix(4, 2, Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8));
const tasks = Int32Array.of(2, 0, 1, 2);
const context = { rng: createRandom(1) };

describe('always-on', () => {
  it('is one gate equal to 1', () => {
    expect(alwaysOnGates(X)).toEqual({ values: matrix(4, 1, Float64Array.of(1, 1, 1, 1)), names: ['always on'] });
    expect(() => alwaysOn().gates({ inputs: 3 }, X)).toThrow(/X is 4 × 2.*fitted on inputs of dimension 3/);
  });
});

describe('one-hot-tasks', () => {
  it('opens the gate of the task of each input and no other', async () => {
    const gating = oneHotTasks({ tasks: 0, alwaysOn: false });
    const { values, names } = gating.gates(await gating.fit(X, { ...context, tasks }), X, tasks);
    expect(names).toEqual(['task 0', 'task 1', 'task 2']);
    expect([...values.data]).toEqual([0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  it('takes a given number of tasks, and an always-on gate before theirs', async () => {
    const gating = oneHotTasks({ tasks: 4, alwaysOn: true });
    const { values, names } = gating.gates(await gating.fit(X, context), X, tasks);
    expect(names).toEqual(['always on', 'task 0', 'task 1', 'task 2', 'task 3']);
    expect([...values.data.slice(0, 5)]).toEqual([1, 0, 0, 1, 0]);
  });

  it('refuses inputs without tasks, too few tasks, and a task without a gate', async () => {
    const gating = oneHotTasks({ tasks: 0, alwaysOn: false });
    expect(() => gating.fit(X, context)).toThrow(/come without tasks. Use a dataset of several tasks/);
    const state = await gating.fit(X, { ...context, tasks });
    expect(() => gating.gates(state, X)).toThrow(/come without tasks/);
    expect(() => gating.gates(state, X, tasks.slice(1))).toThrow(/3 tasks for 4 inputs/);
    expect(() => gating.gates(state, X, Int32Array.of(0, 0, 3, 0))).toThrow(/row 2 belongs to task 3.*tasks 0 to 2/);
    expect(() => oneHotTasks({ tasks: 2, alwaysOn: false }).fit(X, { ...context, tasks })).toThrow(
      /option tasks to at least 3/,
    );
    expect(() => oneHotTaskGates(Int32Array.of(-1), 2)).toThrow(/row 0 belongs to task -1/);
    expect(() => oneHotTaskGates(tasks, 0)).toThrow(/tasks = 0/);
  });
});
