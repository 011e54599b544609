import { createGln, createMlp, type Gln, type GlnOptions } from '@ggdln/architectures';
import { createRandom, type Matrix, type Parameters } from '@ggdln/core';
import { createWasmBackend, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { forgettingOverRuns, learnTasksOnline, online, onlineState, type TaskExamples } from '../../src/index.ts';

const linalg = await createWasmBackend();
const root = createRandom('online tasks');
const N0 = 6;
const ones = (rows: number) => matrix(rows, 1, new Float64Array(rows).fill(1));

/** P inputs with labels ±1; the last entry of every input is `side`. */
function task(name: string, P = 40, side = 0): TaskExamples {
  const draw = (part: string) => {
    const X = matrix(P, N0, root.stream(`${name}/${part}`).fillGaussian(new Float64Array(P * N0)));
    for (let i = 0; i < P; i++) X.data[i * N0 + N0 - 1] = side;
    return { X, gates: [ones(P)] };
  };
  const teacher = root.stream(`${name}/teacher`).fillGaussian(new Float64Array(N0));
  const inputs = draw('train');
  const y = Float64Array.from({ length: P }, (_, i) => {
    let along = 0;
    for (let j = 0; j < N0 - 1; j++) along += inputs.X.data[i * N0 + j] * teacher[j];
    return along > 0 ? 1 : -1;
  });
  return { inputs, y, test: draw('test') };
}

const gln = (changes: Partial<GlnOptions> = {}): Gln =>
  createGln({
    depth: 1,
    width: 5,
    kind: 'bernoulli',
    coding: 'plus-minus',
    contextBits: 2,
    offsetDeviation: 0.5,
    epsilon: 0.01,
    varianceMin: 0.1,
    targetRange: 2,
    standardise: false,
    ...changes,
  });

const rng = root.stream('network');
const rowOf = ({ data, cols }: Matrix, t: number) => data.slice(t * cols, (t + 1) * cols);
const meanSquare = (f: Float64Array, y: Float64Array) => f.reduce((sum, v, i) => sum + (v - y[i]) ** 2, 0) / y.length;

/** Half-spaces that see the last entry of an input and nothing else. */
function byTask(network: Gln): Parameters {
  const start = network.start({ inputs: N0, gates: [1], outputs: 1 }, rng);
  const only = (name: string, values: Float64Array) =>
    name.startsWith('V') ? values.map((_, k) => (k % N0 === N0 - 1 ? 1 : 0)) : values.map(() => 0);
  return Object.fromEntries(
    Object.entries(start).map(([name, values]) => [name, name.startsWith('W') ? values : only(name, values)]),
  );
}

/** The learner `online` on examples in a row. */
async function learnt(network: Gln, parts: readonly TaskExamples[], test: TaskExamples) {
  const rows = parts.flatMap(({ inputs: { X }, y }) =>
    Array.from(y, (target, i) => ({ x: X.data.subarray(i * N0, (i + 1) * N0), target })),
  );
  const X = matrix(rows.length, N0);
  rows.forEach(({ x }, i) => {
    X.data.set(x, i * N0);
  });
  const Y = matrix(
    rows.length,
    1,
    Float64Array.from(rows, ({ target }) => target),
  );
  const problem = {
    architecture: network,
    train: { X, Y, gates: [ones(X.rows)] },
    test: { X: test.inputs.X, Y: matrix(test.y.length, 1, test.y), gates: test.inputs.gates },
    gateNames: [['always on']],
    temperature: 0,
  };
  const run = online({ schedule: 'constant' }).run(problem, { rng, linalg });
  for (;;) {
    const step = await run.next();
    if (step.done) return step.value;
  }
}

const kinds = [{ kind: 'bernoulli' }, { kind: 'gaussian' }] as const;

describe('learnTasksOnline', () => {
  it.each(kinds)('is the learner "online" on the examples of all tasks in a row: $kind', async (kind) => {
    const network = gln(kind);
    const tasks = [task('a'), task('b')];
    const { train, state } = await learnTasksOnline({ architecture: network, tasks }, { rng });
    const one = await learnt(network, tasks.slice(0, 1), tasks[0]);
    expect(rowOf(train[0], 0)).toEqual(one.predictor.mean.value.data);
    const both = await learnt(network, tasks, tasks[0]);
    expect(rowOf(train[0], 1)).toEqual(both.predictor.mean.value.data);
    expect(state).toEqual(onlineState(both));
    expect(state.steps).toBe(80);
  });

  it('learns a task in one pass, and forgets it for one with opposite labels', async () => {
    const one = task('a', 200);
    const tasks = [one, { ...one, y: one.y.map((y) => -y) }];
    const { train, online: before } = await learnTasksOnline({ architecture: gln(), tasks }, { rng });
    const error = (t: number) => meanSquare(rowOf(train[0], t), one.y);
    expect(error(0)).toBeLessThan(0.4);
    expect(error(1)).toBeGreaterThan(2);
    expect(meanSquare(before[0], one.y)).toBeGreaterThan(error(0));
    // Nothing of the task was known before its first example.
    expect(before[1][0]).toBe(rowOf(train[1], 0)[0]);
  });

  it.each(['single', 'own'] as const)('forgets nothing where contexts know the task, %s head', async (heads) => {
    const network = gln();
    const [a, b] = [task('a', 40, 1), task('b', 40, -1)];
    const learn = (tasks: TaskExamples[]) =>
      learnTasksOnline({ architecture: network, tasks }, { rng, heads, start: byTask(network) });
    const [ab, ba] = [await learn([a, b]), await learn([b, a])];
    expect(rowOf(ab.train[0], 1)).toEqual(rowOf(ab.train[0], 0));
    expect(rowOf(ab.test[0], 1)).toEqual(rowOf(ab.test[0], 0));
    // And the order is of no account.
    expect(rowOf(ab.train[0], 1)).toEqual(rowOf(ba.train[1], 1));
    expect(rowOf(ab.train[1], 1)).toEqual(rowOf(ba.train[0], 1));
    expect(meanSquare(rowOf(ab.train[0], 1), a.y)).toBeLessThan(0.8);
    // Contexts that don't know it forget.
    const drawn = await learnTasksOnline({ architecture: network, tasks: [a, b] }, { rng, heads });
    expect(rowOf(drawn.train[0], 1)).not.toEqual(rowOf(drawn.train[0], 0));
  });

  it('with heads of their own learns the same neurons below, and each head from its own task alone', async () => {
    const tasks = [task('a'), task('b'), task('c')];
    const learn = (heads: 'single' | 'own') =>
      learnTasksOnline({ architecture: gln({ depth: 2 }), tasks: tasks.map(deep) }, { rng, heads });
    const [single, own] = [await learn('single'), await learn('own')];
    for (const name of ['W1', 'W2']) expect(own.state.weights[name]).toEqual(single.state.weights[name]);
    expect(own.state.weights.W3).not.toEqual(single.state.weights.W3);
    expect(rowOf(own.train[0], 0)).toEqual(rowOf(single.train[0], 0));
    expect(rowOf(own.train[1], 1)).not.toEqual(rowOf(single.train[1], 1));
    // A head that hasn't learnt yet weighs all neurons alike, and these have learnt.
    expect(own.online[1][0]).toBe(rowOf(own.train[1], 0)[0]);
  });

  it('gives a forgetting matrix with error bars over seeds', async () => {
    const tasks = [task('a'), task('b')];
    const runs = [];
    for (let seed = 0; seed < 4; seed++)
      runs.push((await learnTasksOnline({ architecture: gln(), tasks }, { rng: rng.stream(seed) })).train);
    const { value, stderr } = forgettingOverRuns(
      runs,
      tasks.map(({ y }) => y),
    );
    expect(value.data[2]).toBeGreaterThan(value.data[0]);
    expect(Math.min(...stderr.data)).toBeGreaterThan(0);
  });

  it('goes through a task again when asked', async () => {
    const tasks = [task('a')];
    const error = async (passes: number) => {
      const { train, online: first, state } = await learnTasksOnline({ architecture: gln(), tasks }, { rng, passes });
      expect(state.steps).toBe(40 * passes);
      return { error: meanSquare(rowOf(train[0], 0), tasks[0].y), first };
    };
    const [once, often] = [await error(1), await error(10)];
    expect(often.error).toBeLessThan(0.5 * once.error);
    expect(often.first).toEqual(once.first);
  });

  it('says what does not fit', async () => {
    const [one] = [task('a', 4)];
    const run = (changes: object, more: object = {}) =>
      learnTasksOnline({ architecture: gln(), tasks: [one], ...changes }, { rng, ...more });
    const relu = createMlp({ activation: 'relu', depth: 1, width: 4, sigma: 1 });
    await expect(run({ architecture: relu })).rejects.toThrow(
      /for gated linear networks \(gln\), not mlp.*descendTasks/,
    );
    const shut = { ...one, inputs: { X: one.inputs.X, gates: [matrix(4, 1)] } };
    await expect(run({ tasks: [shut] })).rejects.toThrow(/tasks\[0\] has gates other than one column of ones/);
    await expect(run({ tasks: [{ ...one, y: one.y.map(() => 0.5) }] })).rejects.toThrow(/a target is 0\.5/);
    await expect(run({}, { stepSize: -1 })).rejects.toThrow(/stepSize is -1\. Give a number > 0/);
    await expect(run({}, { passes: 0 })).rejects.toThrow(/passes is 0\. Give a whole number ≥ 1/);
    await expect(run({}, { schedule: 'fast' })).rejects.toThrow(/schedule is "fast"\. Give "constant" or "decaying"/);
    await expect(run({}, { heads: 'two' })).rejects.toThrow(/heads is "two"\. Give "single" or "own"/);
    await expect(run({}, { start: {} })).rejects.toThrow(/parameter W1 is not a Float64Array/);
    await expect(run({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
  });
});

/** The same for a network of two hidden layers. */
function deep({ inputs, test, ...rest }: TaskExamples): TaskExamples {
  const twice = <T>(some: { X: Matrix; gates: readonly T[] }) => ({ X: some.X, gates: [some.gates[0], some.gates[0]] });
  return { ...rest, inputs: twice(inputs), ...(test ? { test: twice(test) } : {}) };
}
