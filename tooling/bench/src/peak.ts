import type { LinalgBackend } from '@ggdln/core';
import { createRandom } from '@ggdln/core';
import { median } from './contest.ts';
import type { Precision } from './job.ts';

/** Floating-point operations a millisecond of an n × n matrix product, the best that a job can be held to. */
export function measurePeak(linalg: LinalgBackend, n = 1024): Record<Precision, number> {
  return { float64: speed(linalg, new Float64Array(n * n), n), float32: speed(linalg, new Float32Array(n * n), n) };
}

function speed(linalg: LinalgBackend, array: Float64Array | Float32Array, n: number): number {
  const rng = createRandom('peak');
  const [a, b] = [rng.fillGaussian(array.slice()), rng.fillGaussian(array.slice())];
  const c = array.slice();
  const times = Array.from({ length: 8 }, () => {
    const start = performance.now();
    multiply(linalg, n, a, b, c);
    return performance.now() - start;
  });
  return (2 * n ** 3) / median(times.slice(1));
}

function multiply<A extends Float64Array | Float32Array>(linalg: LinalgBackend, n: number, a: A, b: A, c: A): void {
  linalg.multiplyInto({ m: n, n, k: n }, a, b, c);
}
