import { createRandom, type Problem } from '@ggdln/core';
import { createMlMatrixBackend, type Matrix, matrix } from '@ggdln/linalg';
import { expect, it } from 'vitest';
import { theoryPlugin } from '../src/index.ts';

const linalg = createMlMatrixBackend();
const random = createRandom(1);

function normal(rows: number, cols: number): Matrix {
  const out = matrix(rows, cols);
  for (let i = 0; i < out.data.length; i++) out.data[i] = random.gaussian();
  return out;
}

function problemOf(family: string, activation?: string): Problem {
  const on = (rows: number) => [matrix(rows, 1, new Float64Array(rows).fill(1))];
  return {
    train: { X: normal(6, 3), Y: normal(6, 1), gates: on(6) },
    test: { X: normal(4, 3), Y: normal(4, 1), gates: on(4) },
    gateNames: [['all']],
    architecture: {
      family,
      widths: [30],
      sigma: 1,
      shapes: () => ({}),
      predict: () => expect.unreachable(),
      ...(activation ? { activation } : {}),
    },
    temperature: 0.1,
  };
}

it.each([
  ['nngp', 3, problemOf('mlp', 'relu')],
  ['ntk', 4, problemOf('mlp', 'relu')],
  ['bpkr', 5, problemOf('dln')],
  ['bpkr-exact', 5, problemOf('dln')],
  ['bpkr-relu', 5, problemOf('mlp', 'relu')],
  ['infinite-gates', 3, problemOf('ggdln')],
])('%s says what its kernels need when they can’t fit into memory', async (name, held, problem) => {
  const theory = theoryPlugin.theory![name].create({});
  const needed = 8 * held * 6 * (6 + 4);
  const refused = theory.solve(problem, { rng: random, linalg, memoryLimit: needed - 1 });
  await expect(refused).rejects.toMatchObject({ code: 'GGDLN_INPUT' });
  await expect(refused).rejects.toThrow(
    /6 examples and 4 test inputs need about .* times 6 × 10 numbers.*with so many test inputs, at most 5 ex/,
  );
  await theory.solve(problem, { rng: random, linalg, memoryLimit: needed });
});
