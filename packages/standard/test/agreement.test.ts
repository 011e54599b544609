import { createRandom, createRegistry, type LearnerResult, type Problem } from '@ggdln/core';
import { createWasmBackend, type Matrix, matrix } from '@ggdln/linalg';
import { expect, it } from 'vitest';
import { standardPlugins } from '../src/index.ts';

// Theory and exact sampling know nothing of each other; here they are given the same problems.

const registry = createRegistry(standardPlugins);
const linalg = await createWasmBackend();

function gaussian(rows: number, cols: number, name: string): Matrix {
  return matrix(rows, cols, createRandom(name).fillGaussian(new Float64Array(rows * cols)));
}

/** Open half-spaces through the origin, with one gate always on. */
function gatesOf(X: Matrix, count: number, name: string): Matrix {
  const outputs = linalg.gemm(X, gaussian(count, X.cols, name), { transB: true });
  return matrix(
    X.rows,
    count,
    outputs.data.map((value, at) => (at % count === 0 || value > 0 ? 1 : 0)),
  );
}

function problemOf(family: 'ggdln' | 'dln', gates: readonly number[], outputs: number): Problem {
  const part = (name: string, P: number) => {
    const X = gaussian(P, 12, `${name} X`);
    const teacher = gaussian(12, outputs, 'teacher');
    return {
      X,
      Y: linalg.gemm(X, teacher, { alpha: 2.5 / Math.sqrt(12) }),
      gates: gates.map((count, layer) => (count === 1 ? ones(P) : gatesOf(X, count, `directions ${layer}`))),
    };
  };
  const architecture = registry
    .get('architecture', family)
    .create({ depth: gates.length, width: 60, widths: [], sigma: 1 });
  return {
    train: part('train', 16),
    test: part('test', 8),
    gateNames: gates.map((count) => Array.from({ length: count }, (_, m) => `gate ${m + 1}`)),
    architecture,
    temperature: 0.05,
  };
}

function ones(P: number): Matrix {
  return matrix(P, 1, new Float64Array(P).fill(1));
}

async function sample(problem: Problem): Promise<LearnerResult> {
  const { create } = registry.get('learner', 'block-gibbs');
  const options = { sweeps: 800, chains: 2, burnIn: 0.1, batches: 20, estimator: 'conditional' };
  const work = create(options).run(problem, { rng: createRandom('sampling'), linalg });
  for (;;) {
    const next = await work.next();
    if (next.done) return next.value;
  }
}

/** Root mean square of a − b over that of b. */
function relative(a: Matrix, b: Matrix): number {
  let [difference, size] = [0, 0];
  b.data.forEach((value, i) => {
    difference += (a.data[i] - value) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(difference / size);
}

it.each([
  ['ggdln', 'ggdln', [3], 2],
  ['ggdln', 'ggdln', [2, 2], 1],
  ['bpkr', 'dln', [1], 2],
  ['bpkr', 'dln', [1, 1], 1],
] as const)(
  'theory %s and exact sampling of %s with gates %j and %d outputs agree at finite width',
  async (theory, family, gates, outputs) => {
    const problem = problemOf(family, gates, outputs);
    const solver = registry.get('theory', theory);
    const context = { rng: createRandom('theory'), linalg };
    const { predictor } = await solver.create({}).solve(problem, context);
    const infinite = await registry.get('theory', 'infinite-width').create({}).solve(problem, context);
    const sampled = await sample(problem);
    // Corrections of order 1/N remain (theory page ggdln, section 10): a few percent at N = 60, far from infinite width.
    const off = relative(sampled.predictor.mean.value, predictor.mean);
    expect(off).toBeLessThan(0.04);
    const variance = relative(sampled.predictor.variance.value, predictor.variance);
    expect(variance).toBeLessThan(0.12);
    expect(variance).toBeLessThan(relative(infinite.predictor.variance, sampled.predictor.variance.value));
  },
);
