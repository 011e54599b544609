import {
  type Architecture,
  createRandom,
  type LinalgBackend,
  type Matrix,
  type Problem,
  type RandomStream,
  type RunContext,
} from '@ggdln/core';
import { createMlMatrixBackend, matrix } from '@ggdln/linalg';

/** Sizes of a sample problem. */
export interface SampleProblemOptions {
  /** P. Default 12. */
  readonly examples?: number;
  /** P_test. Default 5. */
  readonly testExamples?: number;
  /** N0. Default 6. */
  readonly inputs?: number;
  /** C. Default 1. */
  readonly outputs?: number;
  /** Gates of each layer, top first; the first gate of each layer is always on. Default 3 a layer. */
  readonly gates?: readonly number[];
  /** T. Default 0.1. */
  readonly temperature?: number;
  readonly seed?: number;
}

/**
 * A small well-posed problem for a network: normal inputs and targets, 0/1 gates, so that `testLearner` and
 * `testTheory` have something to learn and to solve.
 */
export function sampleProblem(architecture: Architecture, options: SampleProblemOptions = {}): Problem {
  const { examples = 12, testExamples = 5, temperature = 0.1, seed = 1 } = options;
  const gates = options.gates ?? architecture.widths.map(() => 3);
  const rng = createRandom(seed).stream('sample problem');
  const part = (name: string, rows: number) => sampleExamples(rng.stream(name), rows, options, gates);
  return {
    train: part('train', examples),
    test: part('test', testExamples),
    gateNames: gates.map((count) => Array.from({ length: count }, (_, m) => (m === 0 ? 'always on' : `gate ${m}`))),
    architecture,
    temperature,
  };
}

/** Standard normal entries. */
export function sampleMatrix(rng: RandomStream, rows: number, cols: number): Matrix {
  return matrix(rows, cols, rng.fillGaussian(new Float64Array(rows * cols)));
}

/** A context with its own streams, so that equal seeds mean equal randomness. */
export function sampleContext(linalg: LinalgBackend | undefined, signal?: AbortSignal): RunContext {
  const rng = createRandom(7).stream('plugin-testkit');
  return { rng, linalg: linalg ?? createMlMatrixBackend(), ...(signal ? { signal } : {}) };
}

function sampleExamples(
  rng: RandomStream,
  rows: number,
  { inputs = 6, outputs = 1 }: SampleProblemOptions,
  gates: readonly number[],
): Problem['train'] {
  const X = sampleMatrix(rng, rows, inputs);
  const Y = sampleMatrix(rng, rows, outputs);
  return { X, Y, gates: gates.map((count) => sampleGates(rng, rows, count)) };
}

function sampleGates(rng: RandomStream, rows: number, count: number): Matrix {
  return matrix(
    rows,
    count,
    Float64Array.from({ length: rows * count }, (_, i) => (i % count === 0 ? 1 : rng.integer(2))),
  );
}
