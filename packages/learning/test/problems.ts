import { createGgdln, type GatedNetwork } from '@ggdln/architectures';
import { createRandom, type LearnerResult, type LearnerSnapshot, type Problem, type RunContext } from '@ggdln/core';
import { createMlMatrixBackend, type LinalgBackend, type Matrix, matrix } from '@ggdln/linalg';
import { blockGibbs } from '../src/index.ts';

export const linalg: LinalgBackend = createMlMatrixBackend();

export function normal(rows: number, cols: number, seed: string): Matrix {
  return matrix(rows, cols, createRandom(seed).fillGaussian(new Float64Array(rows * cols)));
}

export interface ProblemSize {
  readonly widths: readonly number[];
  readonly gates: readonly number[];
  readonly P?: number;
  readonly N0?: number;
  readonly sigma?: number;
  readonly temperature?: number;
  readonly tests?: number;
  readonly outputs?: number;
}

export type GatedProblem = Problem & { readonly architecture: GatedNetwork };

/** A random problem with real-valued gates, different in every layer. */
export function randomProblem(size: ProblemSize): GatedProblem {
  const { widths, gates, P = 6, N0 = 3, sigma = 1, temperature = 0.2, tests = 3, outputs = 1 } = size;
  const part = (name: string, rows: number) => ({
    X: normal(rows, N0, `${name} X`),
    Y: normal(rows, outputs, `${name} Y`),
    gates: gates.map((count, i) => normal(rows, count, `${name} gates ${i}`)),
  });
  return {
    train: part('train', P),
    test: part('test', tests),
    gateNames: gates.map((count) => Array.from({ length: count }, (_, m) => `gate ${m}`)),
    architecture: createGgdln({ depth: widths.length, widths, sigma }),
    temperature,
  };
}

/** Runs a sampler to its end. */
export async function sample(
  problem: Problem,
  options: Parameters<typeof blockGibbs>[0],
  context: Partial<RunContext> = {},
): Promise<{ result: LearnerResult; snapshots: LearnerSnapshot[] }> {
  const run = blockGibbs(options).run(problem, { rng: createRandom(11), linalg, ...context });
  const snapshots: LearnerSnapshot[] = [];
  for (;;) {
    const step = await run.next();
    if (step.done) return { result: step.value, snapshots };
    snapshots.push(step.value);
  }
}
