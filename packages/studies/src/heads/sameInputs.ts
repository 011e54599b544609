import type { LinalgBackend, Matrix, RandomStream } from '@ggdln/core';
import { columnVector, inner, matrix } from '@ggdln/linalg';

/** Inputs and targets. */
export interface HeadTask {
  readonly X: Matrix;
  readonly y: Float64Array;
}

/** Two tasks on the same inputs. */
export interface SameInputs {
  readonly tasks: readonly [HeadTask, HeadTask];
  /** Held-out inputs, with the targets of the second task's least rule. */
  readonly test: HeadTask;
}

/** Sizes of the tasks: P inputs of N0 ≥ P numbers, and held-out ones. */
export interface SameInputsSizes {
  readonly examples: number;
  readonly features: number;
  readonly tests: number;
}

/**
 * Gaussian inputs that two tasks share, and rules whose cosine in the kernel's metric is exactly γ.
 * Source: theory page continual, section 8.
 */
export function sameInputs(
  gamma: number,
  { examples: P, features, tests }: SameInputsSizes,
  rng: RandomStream,
  linalg: LinalgBackend,
): SameInputs {
  const draw = (name: string, rows: number) =>
    matrix(rows, features, rng.stream(name).fillGaussian(new Float64Array(rows * features)));
  const [X, test] = [draw('X', P), draw('test', tests)];
  const L = linalg.cholesky(linalg.syrk(X, { alpha: 1 / features }));
  const [one, two] = ['one', 'two'].map((name) => rng.stream(name).fillGaussian(new Float64Array(P)));
  const dot = (a: Float64Array, b: Float64Array) => inner(columnVector(a), columnVector(b));
  const share = dot(one, two) / dot(one, one);
  for (let i = 0; i < P; i++) two[i] -= share * one[i];
  const [n1, n2] = [Math.sqrt(P / dot(one, one)), Math.sqrt(P / dot(two, two))];
  const second = one.map((value, i) => gamma * n1 * value + Math.sqrt(1 - gamma * gamma) * n2 * two[i]);
  const targets = (z: Float64Array) => linalg.gemm(L, columnVector(z)).data;
  const [y1, y2] = [targets(one.map((value) => n1 * value)), targets(second)];
  const rule = linalg.choleskySolve(L, columnVector(y2));
  const onTests = linalg.gemm(linalg.gemm(test, X, { transB: true, alpha: 1 / features }), rule).data;
  return {
    tasks: [
      { X, y: y1 },
      { X, y: y2 },
    ],
    test: { X: test, y: onTests },
  };
}
