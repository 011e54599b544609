// Eigenvalues and eigenvectors of a tridiagonal matrix by implicit QL with Wilkinson's shift (B. Parlett, The Symmetric
// Eigenvalue Problem, chapter 8). Rotations are collected over many sweeps and then applied to the eigenvectors eight
// rows at a time: each such panel stays in cache and each rotation passes one column on in registers.

import { at } from './product';

/** Rows of the eigenvector matrix in a panel. */
const PANEL: i32 = 8;
/** Sweeps for one eigenvalue before giving up; two or three are usual. */
const MAX_SWEEPS: i32 = 60;
/**
 * A coupling below this is dropped: a quarter of the rounding error of a matrix whose largest entry is about one.
 * Without it a large eigenvalue above a block of zeros keeps stirring their rounding errors and QL never ends.
 */
const NEGLIGIBLE: f64 = 0.25 * f64.EPSILON;

let stored: i32 = 0; // rotations collected
let sweeps: i32 = 0; // sweeps collected

/**
 * Diagonalises T = (d, e), with e[i] the entry (i, i − 1), entries of order one; d becomes the eigenvalues, unsorted,
 * and the columns of z (n × n) are rotated with them. Returns −1, or the index of an eigenvalue that didn't converge.
 * @param rotations Room for `capacity` ≥ n ≥ 1 rotations (2 numbers each). @param marks Room for 2 · capacity integers.
 * @param panel Room for 8n numbers.
 */
export function diagonalise(
  n: i32,
  d: usize,
  e: usize,
  z: usize,
  rotations: usize,
  marks: usize,
  capacity: i32,
  panel: usize,
): i32 {
  stored = 0;
  sweeps = 0;
  memory.copy(e, at(e, 1), (<usize>(n - 1)) << 3); // from here on e[i] couples i and i + 1
  store<f64>(at(e, n - 1), 0);
  for (let l = 0; l < n; l++) {
    let count = 0;
    for (let m = blockEnd(n, l, d, e); m > l; m = blockEnd(n, l, d, e)) {
      if (++count > MAX_SWEEPS) return l;
      if (stored + n > capacity || sweeps === capacity) applyRotations(n, z, rotations, marks, panel);
      sweep(l, m, d, e, rotations, marks);
    }
  }
  applyRotations(n, z, rotations, marks, panel);
  return -1;
}

/** The last index of the block that starts at l and is coupled throughout. */
function blockEnd(n: i32, l: i32, d: usize, e: usize): i32 {
  let m = l;
  for (; m < n - 1; m++) {
    const size = Math.abs(load<f64>(at(d, m))) + Math.abs(load<f64>(at(d, m + 1)));
    if (Math.abs(load<f64>(at(e, m))) <= f64.EPSILON * size + NEGLIGIBLE) break;
  }
  return m;
}

/** √(x² + y²) without underflow; arguments are of order one or less. */
function hypotenuse(x: f64, y: f64): f64 {
  const square = x * x + y * y;
  if (square > 1e-280) return Math.sqrt(square);
  const large = max(Math.abs(x), Math.abs(y));
  if (large === 0) return 0;
  const ratio = min(Math.abs(x), Math.abs(y)) / large;
  return large * Math.sqrt(1 + ratio * ratio);
}

/** Wilkinson's shift: the eigenvalue of the leading 2 × 2 block that is nearer to its first entry. */
function wilkinsonShift(l: i32, d: usize, e: usize): f64 {
  const first = load<f64>(at(d, l));
  const coupling = load<f64>(at(e, l));
  const halfGap = 0.5 * (load<f64>(at(d, l + 1)) - first);
  const root = hypotenuse(halfGap, coupling);
  return first - coupling * (coupling / (halfGap >= 0 ? halfGap + root : halfGap - root));
}

/**
 * One implicit QL sweep over the block l … m: a rotation in the plane (m − 1, m) that the shift determines, then
 * rotations that chase the bulge up to l.
 */
function sweep(l: i32, m: i32, d: usize, e: usize, rotations: usize, marks: usize): void {
  const start = stored;
  let cosine: f64 = 1;
  let sine: f64 = 1;
  let carried: f64 = 0; // what the rotation before has to take off the next diagonal entry
  let g = load<f64>(at(d, m)) - wilkinsonShift(l, d, e);
  let i = m - 1;
  for (; i >= l; i--) {
    const bulge = sine * load<f64>(at(e, i));
    const rest = cosine * load<f64>(at(e, i));
    const norm = hypotenuse(bulge, g);
    store<f64>(at(e, i + 1), norm);
    if (norm === 0) break;
    sine = bulge / norm;
    cosine = g / norm;
    const below = load<f64>(at(d, i + 1)) - carried;
    const mix = (load<f64>(at(d, i)) - below) * sine + 2 * cosine * rest;
    carried = sine * mix;
    store<f64>(at(d, i + 1), below + carried);
    g = cosine * mix - rest;
    const to = at(rotations, 2 * stored++);
    store<f64>(to, cosine);
    store<f64>(to, sine, 8);
  }
  if (i >= l) {
    // The chain broke: the block has split at i + 1 and the next sweep takes its part.
    store<f64>(at(d, i + 1), load<f64>(at(d, i + 1)) - carried);
  } else {
    store<f64>(at(d, l), load<f64>(at(d, l)) - carried);
    store<f64>(at(e, l), g);
  }
  store<f64>(at(e, m), 0);
  const mark = marks + ((<usize>sweeps) << 3);
  store<i32>(mark, m);
  store<i32>(mark, stored - start, 4);
  sweeps++;
}

/** Applies what was collected to the columns of z and starts a new collection. */
function applyRotations(n: i32, z: usize, rotations: usize, marks: usize, panel: usize): void {
  for (let row = 0; row < n; row += PANEL) {
    const rows = min(PANEL, n - row);
    const from = at(z, row * n);
    for (let k = 0; k < PANEL; k++) {
      for (let j = 0; j < n; j++) store<f64>(at(panel, j * PANEL + k), k < rows ? load<f64>(at(from, k * n + j)) : 0);
    }
    let rotation = rotations;
    for (let s = 0; s < sweeps; s++) {
      const mark = marks + ((<usize>s) << 3);
      const count = load<i32>(mark, 4);
      rotatePanel(at(panel, load<i32>(mark) * PANEL), count, rotation);
      rotation = at(rotation, 2 * count);
    }
    for (let k = 0; k < rows; k++) {
      for (let j = 0; j < n; j++) store<f64>(at(from, k * n + j), load<f64>(at(panel, j * PANEL + k)));
    }
  }
  stored = 0;
  sweeps = 0;
}

/** One sweep on a panel: `count` rotations of neighbouring columns, from the column at `column` downwards. */
function rotatePanel(column: usize, count: i32, rotation: usize): void {
  let x0 = v128.load(column);
  let x1 = v128.load(column, 16);
  let x2 = v128.load(column, 32);
  let x3 = v128.load(column, 48);
  for (let k = 0; k < count; k++) {
    const c = v128.load64_splat(rotation);
    const s = v128.load64_splat(rotation, 8);
    const before = column - 64;
    const y0 = v128.load(before);
    v128.store(column, f64x2.add(f64x2.mul(s, y0), f64x2.mul(c, x0)));
    x0 = f64x2.sub(f64x2.mul(c, y0), f64x2.mul(s, x0));
    const y1 = v128.load(before, 16);
    v128.store(column, f64x2.add(f64x2.mul(s, y1), f64x2.mul(c, x1)), 16);
    x1 = f64x2.sub(f64x2.mul(c, y1), f64x2.mul(s, x1));
    const y2 = v128.load(before, 32);
    v128.store(column, f64x2.add(f64x2.mul(s, y2), f64x2.mul(c, x2)), 32);
    x2 = f64x2.sub(f64x2.mul(c, y2), f64x2.mul(s, x2));
    const y3 = v128.load(before, 48);
    v128.store(column, f64x2.add(f64x2.mul(s, y3), f64x2.mul(c, x3)), 48);
    x3 = f64x2.sub(f64x2.mul(c, y3), f64x2.mul(s, x3));
    column = before;
    rotation += 16;
  }
  v128.store(column, x0);
  v128.store(column, x1, 16);
  v128.store(column, x2, 32);
  v128.store(column, x3, 48);
}
