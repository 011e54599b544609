import type { Matrix } from '@ggdln/core';

/**
 * Eigenvalues of a small symmetric matrix, ascending: Householder reflections to a tridiagonal matrix, then bisection
 * by Sturm's count. For pictures on a page (4/3 n³ operations; n ≤ 150 there): solvers use a backend.
 */
export function symmetricEigenvalues(matrix: Matrix): Float64Array {
  const { diagonal, beside } = tridiagonal(matrix);
  const n = diagonal.length;
  const reach = Array.from(diagonal, (d, i) => {
    const radius = Math.abs(beside[i - 1] ?? 0) + Math.abs(beside[i] ?? 0);
    return [d - radius, d + radius];
  });
  const low = Math.min(...reach.map(([from]) => from));
  const high = Math.max(...reach.map(([, to]) => to));
  const precision = 1e-15 * Math.max(Math.abs(low), Math.abs(high), 1e-300);
  return Float64Array.from({ length: n }, (_, k) => {
    let [a, b] = [low, high];
    while (b - a > precision) {
      const middle = (a + b) / 2;
      if (middle <= a || middle >= b) break;
      if (countBelow(diagonal, beside, middle) > k) b = middle;
      else a = middle;
    }
    return (a + b) / 2;
  });
}

/** How many eigenvalues of a tridiagonal matrix lie below x. */
function countBelow(diagonal: Float64Array, beside: Float64Array, x: number): number {
  let count = 0;
  let pivot = 1;
  for (let i = 0; i < diagonal.length; i++) {
    const coupling = i === 0 ? 0 : beside[i - 1] ** 2 / pivot;
    pivot = diagonal[i] - x - coupling;
    // A pivot of exactly 0 counts as just below: the count is right for one side of x.
    if (pivot === 0) pivot = -1e-300;
    if (pivot < 0) count++;
  }
  return count;
}

/** Similar to the matrix; only its lower triangle is read. */
function tridiagonal({ rows: n, data }: Matrix): { diagonal: Float64Array; beside: Float64Array } {
  const a = Float64Array.from(data, (value, at) =>
    at % n <= Math.floor(at / n) ? value : data[(at % n) * n + Math.floor(at / n)],
  );
  const beside = new Float64Array(Math.max(0, n - 1));
  for (let k = 0; k + 2 < n; k++) {
    const v = Float64Array.from({ length: n - k - 1 }, (_, i) => a[(k + 1 + i) * n + k]);
    const norm = Math.hypot(...v);
    const alpha = v[0] > 0 ? -norm : norm;
    beside[k] = alpha;
    v[0] -= alpha;
    const length = Math.hypot(...v);
    if (length > 0)
      reflect(
        a,
        n,
        k + 1,
        v.map((value) => value / length),
      );
  }
  if (n > 1) beside[n - 2] = a[(n - 1) * n + n - 2];
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i]), beside };
}

/** H A H with H = I − 2vvᵀ on the rows and columns from `from` on. */
function reflect(a: Float64Array, n: number, from: number, v: Float64Array): void {
  const size = v.length;
  const p = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) p[i] += a[(from + i) * n + from + j] * v[j];
  }
  const along = p.reduce((sum, value, i) => sum + value * v[i], 0);
  for (let i = 0; i < size; i++) p[i] -= along * v[i];
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) a[(from + i) * n + from + j] -= 2 * (v[i] * p[j] + p[i] * v[j]);
  }
}
