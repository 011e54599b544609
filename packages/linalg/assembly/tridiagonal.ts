// Reduction of a symmetric matrix with entries of order one to tridiagonal form by Householder reflections, from the
// last row upwards (G. Golub and C. Van Loan, Matrix Computations, section 8.3), and the product of the reflections.

import { at, multiplyAdd } from './product';

/** Reflections that are applied together as I − RᵀTR. */
const GROUP: i32 = 32;
/** A row with a smaller square (beside entries of order one) counts as zero; with it τ² stays a number. */
const SMALLEST_SQUARE: f64 = 1e-100;

/**
 * A = Q T Qᵀ. On exit row i of `a` holds the reflection vector of step i in its first i entries, `tau` the factors of
 * the reflections I − τ u uᵀ, `d` the diagonal of T and `e[i]` its entry (i, i − 1). Only the lower triangle is read.
 * @param work Room for 2n numbers.
 */
export function tridiagonalise(n: i32, a: usize, d: usize, e: usize, tau: usize, work: usize): void {
  const w = work;
  const p = at(work, n);
  memory.fill(w, 0, (<usize>n) << 3);
  let pending = w; // the update of the step before, −(u wᵀ + w uᵀ); none yet
  for (let i = n - 1; i >= 0; i--) {
    const row = at(a, i * n);
    const size = i + 1;
    updateRow(size, row, load<f64>(at(pending, i)), load<f64>(at(w, i)), pending, w);
    store<f64>(at(d, i), load<f64>(at(row, i)));
    store<f64>(at(tau, i), 0);
    store<f64>(at(e, i), 0);
    if (i > 0) {
      const factor = reflect(i, row, at(e, i));
      store<f64>(at(tau, i), factor);
      updateAndMultiply(i, a, n, pending, w, row, p);
      finishStep(i, row, factor, p, w);
      pending = row;
    }
  }
}

/** row −= first · w + second · u. */
function updateRow(size: i32, row: usize, first: f64, second: f64, u: usize, w: usize): void {
  for (let j = 0; j < size; j++) {
    const to = at(row, j);
    store<f64>(to, load<f64>(to) - (first * load<f64>(at(w, j)) + second * load<f64>(at(u, j))));
  }
}

/**
 * Turns x (length n) into the vector u of the reflection that takes it to (0, …, 0, value), and returns τ.
 * A vector that has only its last entry keeps it (τ = 0); one far smaller than rounding errors counts as zero.
 */
function reflect(n: i32, x: usize, value: usize): f64 {
  const last = load<f64>(at(x, n - 1));
  const rest = dot(n - 1, x, x);
  store<f64>(value, last);
  if (rest === 0) return 0;
  const square = rest + last * last;
  if (square < SMALLEST_SQUARE) {
    store<f64>(value, 0);
    return 0;
  }
  const norm = Math.sqrt(square);
  const image = last > 0 ? -norm : norm;
  store<f64>(value, image);
  const first = last - image;
  store<f64>(at(x, n - 1), first);
  return 2 / (rest + first * first);
}

/** w = τ p − (τ²/2)(pᵀu) u, so that (I − τuuᵀ) A (I − τuuᵀ) = A − u wᵀ − w uᵀ where p = A u. */
function finishStep(n: i32, u: usize, tau: f64, p: usize, w: usize): void {
  const shift = 0.5 * tau * tau * dot(n, p, u);
  for (let j = 0; j < n; j++) store<f64>(at(w, j), tau * load<f64>(at(p, j)) - shift * load<f64>(at(u, j)));
}

/** Σ x_j y_j with two running sums. */
function dot(n: i32, x: usize, y: usize): f64 {
  let sum = f64x2.splat(0);
  const even = x + ((<usize>(n & ~1)) << 3);
  while (x < even) {
    sum = f64x2.add(sum, f64x2.mul(v128.load(x), v128.load(y)));
    x += 16;
    y += 16;
  }
  const total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  return n & 1 ? total + load<f64>(x) * load<f64>(y) : total;
}

/**
 * On the lower triangle of the leading n × n block: A −= u wᵀ + w uᵀ and then p = A v, in one pass over memory,
 * two rows at a time.
 */
function updateAndMultiply(n: i32, a: usize, row: i32, u: usize, w: usize, v: usize, p: usize): void {
  let i = 0;
  for (; i + 2 <= n; i += 2) updateTwoRows(i, at(a, i * row), (<usize>row) << 3, u, w, v, p);
  if (i < n) updateLastRow(i, at(a, i * row), u, w, v, p);
}

function updateTwoRows(i: i32, row0: usize, step: usize, u: usize, w: usize, v: usize, p: usize): void {
  const here = (<usize>i) << 3;
  const row1 = row0 + step;
  const u0 = v128.load64_splat(u + here);
  const u1 = v128.load64_splat(u + here, 8);
  const w0 = v128.load64_splat(w + here);
  const w1 = v128.load64_splat(w + here, 8);
  const v0 = v128.load64_splat(v + here);
  const v1 = v128.load64_splat(v + here, 8);
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  for (let j: usize = 0; j < here; j += 16) {
    const wj = v128.load(w + j);
    const uj = v128.load(u + j);
    const vj = v128.load(v + j);
    const a0 = f64x2.sub(v128.load(row0 + j), f64x2.add(f64x2.mul(u0, wj), f64x2.mul(w0, uj)));
    const a1 = f64x2.sub(v128.load(row1 + j), f64x2.add(f64x2.mul(u1, wj), f64x2.mul(w1, uj)));
    v128.store(row0 + j, a0);
    v128.store(row1 + j, a1);
    sum0 = f64x2.add(sum0, f64x2.mul(a0, vj));
    sum1 = f64x2.add(sum1, f64x2.mul(a1, vj));
    v128.store(p + j, f64x2.add(v128.load(p + j), f64x2.add(f64x2.mul(a0, v0), f64x2.mul(a1, v1))));
  }
  const a00 = updatedEntry(row0 + here, u + here, w + here, u + here, w + here);
  const a10 = updatedEntry(row1 + here, u + here + 8, w + here + 8, u + here, w + here);
  const a11 = updatedEntry(row1 + here + 8, u + here + 8, w + here + 8, u + here + 8, w + here + 8);
  const x0 = load<f64>(v + here);
  const x1 = load<f64>(v + here, 8);
  store<f64>(p + here, f64x2.extract_lane(sum0, 0) + f64x2.extract_lane(sum0, 1) + (a00 * x0 + a10 * x1));
  store<f64>(p + here, f64x2.extract_lane(sum1, 0) + f64x2.extract_lane(sum1, 1) + (a10 * x0 + a11 * x1), 8);
}

/** The last row of a block with an odd number of them. */
function updateLastRow(i: i32, row: usize, u: usize, w: usize, v: usize, p: usize): void {
  const here = (<usize>i) << 3;
  updateRow(i, row, load<f64>(u + here), load<f64>(w + here), u, w);
  const diagonal = updatedEntry(row + here, u + here, w + here, u + here, w + here);
  const last = load<f64>(v + here);
  for (let j = 0; j < i; j++) store<f64>(at(p, j), load<f64>(at(p, j)) + last * load<f64>(at(row, j)));
  store<f64>(p + here, dot(i, row, v) + diagonal * last);
}

/** a −= u_i w_j + w_i u_j, and the new a. */
function updatedEntry(a: usize, ui: usize, wi: usize, uj: usize, wj: usize): f64 {
  const value = load<f64>(a) - (load<f64>(ui) * load<f64>(wj) + load<f64>(wi) * load<f64>(uj));
  store<f64>(a, value);
  return value;
}

/**
 * Q of A = Q T Qᵀ from the reflections that `tridiagonalise` left. `q` (n × n) holds zeros on entry.
 * @param work Room for (2n + 2 · GROUP) · GROUP numbers.
 */
export function formReflections(n: i32, a: usize, tau: usize, q: usize, work: usize): void {
  const r = work;
  const product = at(r, GROUP * n);
  const t = at(product, GROUP * n);
  for (let i = 0; i < n; i++) store<f64>(at(q, i * (n + 1)), 1);
  for (let start = 1; start < n; start += GROUP) {
    const count = min(GROUP, n - start);
    const size = start + count - 1; // the last reflection of the group acts on the first `size` coordinates
    memory.fill(r, 0, (<usize>(count * size)) << 3);
    for (let k = 0; k < count; k++) memory.copy(at(r, k * size), at(a, (start + k) * n), (<usize>(start + k)) << 3);
    groupFactor(count, size, r, at(tau, start), t);
    memory.fill(product, 0, (<usize>(count * size)) << 3);
    multiplyAdd(count, size, size, 1, r, size, 1, q, n, 1, product, size, false);
    applyFactor(count, size, t, product);
    multiplyAdd(size, size, count, -1, r, 1, size, product, size, 1, q, n, false);
  }
}

/** The lower-triangular T (rows GROUP apart) with H_last ⋯ H_first = I − RᵀTR. */
function groupFactor(count: i32, size: i32, r: usize, tau: usize, t: usize): void {
  for (let k = 0; k < count; k++) {
    const factor = load<f64>(at(tau, k));
    const row = at(t, k * GROUP);
    for (let j = 0; j < k; j++) store<f64>(at(row, j), 0);
    for (let i = 0; i < k; i++) {
      const overlap = factor * dot(size, at(r, k * size), at(r, i * size));
      for (let j = 0; j <= i; j++) {
        store<f64>(at(row, j), load<f64>(at(row, j)) - overlap * load<f64>(at(t, i * GROUP + j)));
      }
    }
    store<f64>(at(row, k), factor);
  }
}

/** X ← T X for a lower-triangular T, from the last row up. */
function applyFactor(count: i32, size: i32, t: usize, x: usize): void {
  for (let k = count - 1; k >= 0; k--) {
    const to = at(x, k * size);
    const row = at(t, k * GROUP);
    const own = load<f64>(at(row, k));
    for (let c = 0; c < size; c++) store<f64>(at(to, c), own * load<f64>(at(to, c)));
    for (let j = 0; j < k; j++) {
      const factor = load<f64>(at(row, j));
      const from = at(x, j * size);
      for (let c = 0; c < size; c++) store<f64>(at(to, c), load<f64>(at(to, c)) + factor * load<f64>(at(from, c)));
    }
  }
}
