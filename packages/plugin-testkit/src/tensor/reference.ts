import { createRandom } from '@ggdln/core';
import type * as tensorFlow from '@tensorflow/tfjs-core';
import { demand } from '../check.ts';
import { relativeDistance } from '../compare.ts';

/** TensorFlow.js as it is imported by the program under test. */
export type Tensors = typeof tensorFlow;

/** An array of numbers with its shape, row-major. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Normal numbers that depend on name and shape alone, rounded to float32 so that the backend is given the same. */
export function gaussianNumbers(name: string, ...shape: number[]): Numbers {
  const size = shape.reduce((product, count) => product * count, 1);
  return { shape, data: createRandom(17).stream(`${name} ${shape}`).fillGaussian(new Float32Array(size)) };
}

/** The tensor of some numbers. */
export function tensorOf(tf: Tensors, { shape, data }: Numbers): tensorFlow.Tensor {
  return tf.tensor(data, [...shape], 'float32');
}

/** C = op(A) op(B) in float64 by its definition; A is m × k after op, B is k × n. */
export function productReference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  size: { readonly m: number; readonly k: number; readonly n: number },
  trans: { readonly a: boolean; readonly b: boolean } = { a: false, b: false },
): Float64Array {
  const { m, k, n } = size;
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[trans.a ? p * m + i : i * k + p] * b[trans.b ? j * k + p : p * n + j];
      out[i * n + j] = sum;
    }
  }
  return out;
}

/** erf(x) for |x| ≤ 5 by its power series, to 1e-10. */
export function erfReference(x: number): number {
  let term = x;
  let sum = x;
  for (let i = 1; i < 120; i++) {
    term *= (-x * x) / i;
    sum += term / (2 * i + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** Runs operations, reads their results and frees every tensor. */
export async function compute(tf: Tensors, run: () => readonly tensorFlow.Tensor[]): Promise<Numbers[]> {
  const results = tf.tidy(() => [...run()]);
  const read = await Promise.all(
    results.map(async (result) => ({ shape: result.shape, data: Float32Array.from(await result.data()) })),
  );
  tf.dispose(results);
  return read;
}

/** Demands shape and numbers, up to `tolerance` of the largest. */
export function demandNumbers(
  what: string,
  found: Numbers,
  expected: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  tolerance: number,
): void {
  demand(
    found.shape.join() === expected.shape.join(),
    `${what} has the shape [${found.shape}], expected [${expected.shape}]`,
  );
  const distance = relativeDistance(found.data, expected.data);
  demand(
    distance <= tolerance,
    `${what} is ${distance} (of 1 + the largest number) from the sum in float64, expected at most ${tolerance}`,
  );
}
