import type { Dataset, Matrix } from '@ggdln/core';
import { toRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  conflictingTasks,
  permutedTasks,
  relatedTeachers,
  rotatedTasks,
  semanticHierarchy,
  splitTasks,
  xor,
} from '../src/index.ts';
import { rotateImages } from '../src/rotations.ts';
import { failure, memoryFiles, rng } from './support.ts';

/** Rows and targets of one task, in order. */
function taskOf({ train }: Dataset, task: number) {
  const rows = Array.from(train.tasks ?? []).flatMap((own, row) => (own === task ? [row] : []));
  const X = toRows(train.X);
  return { X: rows.map((row) => X[row]), y: rows.map((row) => train.Y.data[row]) };
}
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
/** Mean of x·x'/N0 over the pairs of the same number. */
const overlap = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]) =>
  a.reduce((sum, row, i) => sum + dot(row, b[i]) / row.length, 0) / a.length;
const sizes = { tasks: 3, trainSize: 60, testSize: 9, inputs: 40 } as const;
const digits = { base: 'mnist', tasks: 2, trainSize: 20, testSize: 4, classes: [3, 8] } as const;
const context = { files: memoryFiles() };

const families = {
  permuted: (options: object, seed = 1) => permutedTasks(options, rng(seed), context),
  rotated: (options: object, seed = 1) => rotatedTasks(options, rng(seed), context),
  split: (options: object, seed = 1) => splitTasks(options, rng(seed), context),
  conflicting: (options: object, seed = 1) => conflictingTasks(options, rng(seed), context),
  related: async (options: object, seed = 1) => relatedTeachers(options, rng(seed)),
};

describe.each(Object.entries(families))('%s tasks', (_name, make) => {
  it('take turns, with |x|² = N0', async () => {
    const { train, test } = await make(sizes);
    expect(Array.from(train.tasks ?? []).slice(0, 7)).toEqual([0, 1, 2, 0, 1, 2, 0]);
    expect([train.X.rows, train.X.cols, test.X.rows, test.tasks?.length]).toEqual([60, 40, 9, 9]);
    for (const row of toRows(train.X)) expect(dot(row, row)).toBeCloseTo(40, 10);
  });

  it('sets of fewer examples are part of larger ones, also where tasks share them unequally', async () => {
    const few = await make({ ...sizes, trainSize: 31 });
    const many = await make(sizes);
    expect(many.train.X.data.slice(0, 31 * 40)).toEqual(few.train.X.data);
    expect(many.train.Y.data.slice(0, 31)).toEqual(few.train.Y.data);
    expect(many.test).toEqual(few.test);
    expect((await make(sizes, 2)).train.X.data).not.toEqual(many.train.X.data);
  });

  it('refuse tasks without examples', async () => {
    const message = await failure('GGDLN_INPUT', () => make({ ...sizes, testSize: 2 }));
    expect(message).toContain('2 test examples leave 1 of 3 tasks without any');
  });
});

describe('permutedTasks', () => {
  it('keeps labels and numbers, and moves as many inputs as it is asked to at most', async () => {
    for (const fraction of [0, 0.5, 1]) {
      const dataset = await permutedTasks({ ...sizes, fraction }, rng());
      const [first, second] = [taskOf(dataset, 0), taskOf(dataset, 1)];
      expect(second.y).toEqual(first.y);
      expect([...second.X[0]].sort()).toEqual([...first.X[0]].sort());
      const moved = first.X[0].filter((value, j) => value !== second.X[0][j]).length;
      expect(moved).toBeLessThanOrEqual(fraction * 40);
      if (fraction > 0) expect(moved).toBeGreaterThan(fraction * 40 - 10);
    }
  });

  it('permutes pixels of digits, the same of every image', async () => {
    const dataset = await permutedTasks({ ...digits, fraction: 1 }, rng(), context);
    const [first, second] = [taskOf(dataset, 0), taskOf(dataset, 1)];
    expect(overlap(first.X, first.X)).toBeCloseTo(1, 12);
    for (let i = 1; i < 10; i++) expect(dot(second.X[0], second.X[i])).toBeCloseTo(dot(first.X[0], first.X[i]), 9);
    expect(dataset.provenance).toMatchObject({ madeFrom: { base: 'mnist', dataset: 'mnist' } });
  });
});

describe('rotatedTasks', () => {
  it('turns clusters so that inputs overlap by the cosine', async () => {
    const dataset = await rotatedTasks({ ...sizes, angle: 50 }, rng());
    const tasks = [0, 1, 2].map((task) => taskOf(dataset, task).X);
    expect(overlap(tasks[0], tasks[1])).toBeCloseTo(Math.cos((50 * Math.PI) / 180), 12);
    expect(overlap(tasks[0], tasks[2])).toBeCloseTo(Math.cos((100 * Math.PI) / 180), 12);
    expect(dot(tasks[2][0], tasks[2][5])).toBeCloseTo(dot(tasks[0][0], tasks[0][5]), 10);
  });

  it('turns images about their centre: a quarter turn moves every pixel to its place', () => {
    const image = { rows: 1, cols: 9, data: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9) };
    const turned = rotateImages(image, 3, Math.PI / 2);
    // Counter-clockwise: the right column becomes the top row.
    [3, 6, 9, 2, 5, 8, 1, 4, 7].forEach((value, i) => {
      expect(turned.data[i]).toBeCloseTo(value, 12);
    });
    const whole: Matrix = rotateImages(image, 3, 2 * Math.PI);
    whole.data.forEach((value, i) => {
      expect(value).toBeCloseTo(image.data[i], 12);
    });
  });

  it('a small turn of digits changes them less than a large one', async () => {
    const at = async (angle: number) => {
      const dataset = await rotatedTasks({ ...digits, angle, pixels: 28 }, rng(), context);
      return overlap(taskOf(dataset, 0).X, taskOf(dataset, 1).X);
    };
    const [small, large] = [await at(10), await at(90)];
    expect(small).toBeGreaterThan(0.8);
    expect(large).toBeLessThan(0.6);
  });
});

describe('splitTasks', () => {
  it('similarity 1 gives the same clusters, 0 unrelated ones', async () => {
    const at = async (similarity: number) => {
      const options = { ...sizes, inputs: 400, similarity, spread: 0 };
      const dataset = await splitTasks(options, rng());
      return overlap(taskOf(dataset, 0).X, taskOf(dataset, 1).X);
    };
    expect(await at(1)).toBeCloseTo(1, 12);
    // Centres of independent normals: overlap ρ² within about 5/√(4·400).
    expect(Math.abs((await at(0.7)) - 0.49)).toBeLessThan(0.125);
    expect(Math.abs(await at(0))).toBeLessThan(0.125);
  });

  it('gives each task its own classes of images', async () => {
    const dataset = await splitTasks({ ...digits, tasks: 1 }, rng(), context);
    expect(dataset.provenance).toMatchObject({ madeFrom: { tasks: [{ targets: ['digit 3 +1, digit 8 −1'] }] } });
    const message = await failure('GGDLN_INPUT', () => splitTasks(digits, rng(), context));
    expect(message).toContain('2 tasks need 4 classes, 2 are listed. Ask for at most 1 tasks');
  });
});

describe('conflictingTasks', () => {
  it('turns over the stated share of labels, never the first task', async () => {
    const options = { ...sizes, trainSize: 3000, flipped: 0.3, inputNoise: 0 };
    const dataset = await conflictingTasks(options, rng());
    const [first, second, third] = [0, 1, 2].map((task) => taskOf(dataset, task));
    expect(second.X).toEqual(first.X);
    const flipped = (y: readonly number[]) => y.filter((label, i) => label !== first.y[i]).length / y.length;
    // Five standard errors of 1000 draws.
    for (const { y } of [second, third]) expect(Math.abs(flipped(y) - 0.3)).toBeLessThan(5 * Math.sqrt(0.21 / 1000));
    expect(second.y).not.toEqual(third.y);
    const opposed = await conflictingTasks({ ...options, flipped: 1 }, rng());
    expect(taskOf(opposed, 1).y).toEqual(taskOf(opposed, 0).y.map((label) => -label));
  });

  it('needs files for images', async () => {
    const message = await failure('GGDLN_INPUT', () => conflictingTasks(digits, rng()));
    expect(message).toContain('nothing was given to read mnist from');
  });
});

describe('relatedTeachers', () => {
  it('inputs and teachers overlap by the squares of the similarities', () => {
    const N0 = 500;
    const options = { tasks: 2, inputs: N0, trainSize: 2 * N0, testSize: 2, inputSimilarity: 0.8, ruleSimilarity: 0.6 };
    const dataset = relatedTeachers(options, rng());
    const [first, second] = [taskOf(dataset, 0), taskOf(dataset, 1)];
    expect(Math.abs(overlap(first.X, second.X) - 0.64)).toBeLessThan(0.02);
    const same = relatedTeachers({ ...options, inputSimilarity: 1 }, rng());
    const [a, b] = [taskOf(same, 0), taskOf(same, 1)];
    expect(a.X).toEqual(b.X);
    // On the same inputs ⟨y y′⟩/⟨y²⟩ is the teachers' overlap: 0.36 within 5 of 1/√N0.
    expect(Math.abs(dot(a.y, b.y) / Math.sqrt(dot(a.y, a.y) * dot(b.y, b.y)) - 0.36)).toBeLessThan(5 / Math.sqrt(N0));
    const equal = relatedTeachers({ ...options, inputSimilarity: 1, ruleSimilarity: 1 }, rng());
    expect(taskOf(equal, 1)).toEqual(taskOf(equal, 0));
  });
});

describe('small sets in closed form', () => {
  it('xor has its corners in turn, and no linear rule', () => {
    const { train } = xor({}, rng());
    expect(toRows(train.X)).toEqual([
      [1, 1],
      [-1, 1],
      [1, -1],
      [-1, -1],
    ]);
    expect(Array.from(train.Y.data)).toEqual([1, -1, -1, 1]);
    for (let j = 0; j < 2; j++)
      expect(
        dot(
          toRows(train.X).map((row) => row[j]),
          Array.from(train.Y.data),
        ),
      ).toBe(0);
    const noisy = xor({ spread: 0.1, inputs: 5, trainSize: 100 }, rng());
    expect(noisy.train.X.cols).toBe(5);
  });

  it('a hierarchy has its broadest distinction first', async () => {
    const { train } = semanticHierarchy({ levels: 2, branches: 2 });
    expect([train.X.rows, train.X.cols, train.Y.cols]).toEqual([4, 4, 7]);
    const Y = toRows(train.Y);
    // Shared properties: root only, root and branch, all three.
    expect(Y.map((row) => dot(row, Y[0]))).toEqual([3, 2, 1, 1]);
    for (const row of toRows(train.X)) expect(dot(row, row)).toBeCloseTo(4, 14);
    const message = await failure('GGDLN_INPUT', () => semanticHierarchy({ levels: 10, branches: 10 }));
    expect(message).toContain('10 levels of 10 branches are 10000000000 items');
  });
});
