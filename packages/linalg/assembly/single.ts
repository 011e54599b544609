// C = alpha · A B + beta · C in float32 SIMD: the scheme of product.ts with tiles of 4 × 8. A module of its own without
// any memory: it works in the memory of whoever instantiates it (the float64 kernels, TensorFlow.js), in place.

/** Rows of the tile that is kept in registers. */
const HIGH: i32 = 4;
/** Columns of the tile: two registers of four numbers. */
const WIDE: i32 = 8;
/** Depth of a packed block. */
const DEPTH: i32 = 256;
/** Rows of a packed block of A (256 KiB: second-level cache). */
const ROWS: i32 = 256;
/** Columns of a packed block of B (2 MiB). */
const COLUMNS: i32 = 2048;

const EDGE_BYTES: usize = HIGH * WIDE * 4;
const LEFT_BYTES: usize = ROWS * DEPTH * 4;
const RIGHT_BYTES: usize = COLUMNS * DEPTH * 4;

let edgeTile: usize = 0;
let packedA: usize = 0;
let packedB: usize = 0;

/** Bytes of working space that `multiply` needs. */
export function workBytes(): usize {
  return EDGE_BYTES + LEFT_BYTES + RIGHT_BYTES;
}

/**
 * C = alpha · A B + beta · C with A m × k, B k × n and C m × n, contiguous. A and B are given by the strides of their
 * rows and columns, so that transposes cost nothing. What C held is not read where beta is 0.
 * @param work Address of `workBytes()` bytes.
 */
export function multiply(
  m: i32,
  n: i32,
  k: i32,
  alpha: f32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  beta: f32,
  c: usize,
  work: usize,
): void {
  edgeTile = work;
  packedA = edgeTile + EDGE_BYTES;
  packedB = packedA + LEFT_BYTES;
  scale(m * n, beta, c);
  for (let j = 0; j < n; j += COLUMNS) {
    const columns = min(COLUMNS, n - j);
    for (let p = 0; p < k; p += DEPTH) {
      const depth = min(DEPTH, k - p);
      packRight(at(b, p * bRow + j * bColumn), columns, bColumn, depth, bRow);
      for (let i = 0; i < m; i += ROWS) {
        const rows = min(ROWS, m - i);
        packLeft(at(a, i * aRow + p * aColumn), rows, aRow, depth, aColumn);
        multiplyPacked(rows, columns, depth, alpha, at(c, i * n + j), n);
      }
    }
  }
}

function scale(count: i32, beta: f32, c: usize): void {
  if (beta === 1) return;
  if (beta === 0) {
    memory.fill(c, 0, (<usize>count) << 2);
    return;
  }
  for (let i = 0; i < count; i++) store<f32>(at(c, i), beta * load<f32>(at(c, i)));
}

/** Address of the float32 with this index. */
function at(base: usize, index: i32): usize {
  return base + ((<usize>index) << 2);
}

/** Rows of A in panels of 4 side by side; the last is filled up with zeros. */
function packLeft(source: usize, rows: i32, rowStride: i32, depth: i32, depthStride: i32): void {
  let target = packedA;
  for (let i = 0; i < rows; i += HIGH) {
    packFour(at(source, i * rowStride), min(HIGH, rows - i), rowStride, depth, depthStride, target, 16);
    target += (<usize>depth) << 4;
  }
}

/** Columns of B in panels of 8 side by side, each made of two halves. */
function packRight(source: usize, columns: i32, columnStride: i32, depth: i32, depthStride: i32): void {
  let target = packedB;
  for (let j = 0; j < columns; j += WIDE) {
    const from = at(source, j * columnStride);
    const rest = columns - j;
    packFour(from, min(4, rest), columnStride, depth, depthStride, target, 32);
    packFour(at(from, 4 * columnStride), max(0, min(4, rest - 4)), columnStride, depth, depthStride, target + 16, 32);
    target += (<usize>depth) << 5;
  }
}

/** Entry p of `count` ≤ 4 vectors goes to `target + p · step`; zeros fill up to 4. */
function packFour(
  source: usize,
  count: i32,
  stride: i32,
  depth: i32,
  depthStride: i32,
  target: usize,
  step: usize,
): void {
  if (count === 4 && stride === 1) packSideBySide(source, depth, (<usize>depthStride) << 2, target, step);
  else if (count === 4 && depthStride === 1) packRows(source, (<usize>stride) << 2, depth, target, step);
  else packStrided(source, count, stride, depth, depthStride, target, step);
}

function packSideBySide(source: usize, depth: i32, sourceStep: usize, target: usize, step: usize): void {
  for (let p = 0; p < depth; p++) {
    v128.store(target, v128.load(source));
    source += sourceStep;
    target += step;
  }
}

function packStrided(
  source: usize,
  count: i32,
  stride: i32,
  depth: i32,
  depthStride: i32,
  target: usize,
  step: usize,
): void {
  for (let p = 0; p < depth; p++) {
    for (let q = 0; q < 4; q++) {
      const value: f32 = q < count ? load<f32>(at(source, q * stride + p * depthStride)) : 0;
      store<f32>(at(target, q), value);
    }
    target += step;
  }
}

/** Four contiguous vectors `row` bytes apart: transposed in 4 × 4 blocks. */
function packRows(source: usize, row: usize, depth: i32, target: usize, step: usize): void {
  let p = 0;
  for (; p + 4 <= depth; p += 4) {
    const x0 = v128.load(source);
    const x1 = v128.load(source + row);
    const x2 = v128.load(source + 2 * row);
    const x3 = v128.load(source + 3 * row);
    const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
    const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
    const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
    v128.store(target, v128.shuffle<f64>(low01, low23, 0, 2));
    v128.store(target + step, v128.shuffle<f64>(low01, low23, 1, 3));
    v128.store(target + 2 * step, v128.shuffle<f64>(high01, high23, 0, 2));
    v128.store(target + 3 * step, v128.shuffle<f64>(high01, high23, 1, 3));
    source += 16;
    target += 4 * step;
  }
  packStrided(source, 4, <i32>(row >> 2), depth - p, 1, target, step);
}

/** C += alpha · (packed A)(packed B), tile by tile. */
function multiplyPacked(rows: i32, columns: i32, depth: i32, alpha: f32, c: usize, cRow: i32): void {
  const step = (<usize>cRow) << 2;
  for (let j = 0; j < columns; j += WIDE) {
    const panelB = at(packedB, j * depth);
    const width = min(WIDE, columns - j);
    for (let i = 0; i < rows; i += HIGH) {
      const panelA = at(packedA, i * depth);
      const height = min(HIGH, rows - i);
      const target = at(c, i * cRow + j);
      if (width === WIDE && height === HIGH) addTile(depth, panelA, panelB, alpha, target, step);
      else addEdgeTile(depth, panelA, panelB, alpha, target, step, height, width);
    }
  }
}

/** The part of a tile that lies inside C. */
function addEdgeTile(depth: i32, a: usize, b: usize, alpha: f32, c: usize, step: usize, height: i32, width: i32): void {
  memory.fill(edgeTile, 0, <usize>(HIGH * WIDE * 4));
  addTile(depth, a, b, alpha, edgeTile, <usize>(WIDE * 4));
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const to = at(c + <usize>i * step, j);
      store<f32>(to, load<f32>(to) + load<f32>(at(edgeTile, i * WIDE + j)));
    }
  }
}

/** The innermost loop: a 4 × 8 tile of C += alpha · (panel of A)(panel of B). */
function addTile(depth: i32, a: usize, b: usize, alpha: f32, c: usize, step: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const end = b + ((<usize>depth) << 5);
  while (b < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(a0, b0));
    c01 = f32x4.add(c01, f32x4.mul(a0, b1));
    const a1 = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(a1, b0));
    c11 = f32x4.add(c11, f32x4.mul(a1, b1));
    const a2 = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(a2, b0));
    c21 = f32x4.add(c21, f32x4.mul(a2, b1));
    const a3 = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(a3, b0));
    c31 = f32x4.add(c31, f32x4.mul(a3, b1));
    a += 16;
    b += 32;
  }
  const factor = f32x4.splat(alpha);
  addRow(c, factor, c00, c01);
  addRow(c + step, factor, c10, c11);
  addRow(c + 2 * step, factor, c20, c21);
  addRow(c + 3 * step, factor, c30, c31);
}

function addRow(c: usize, factor: v128, left: v128, right: v128): void {
  v128.store(c, f32x4.add(v128.load(c), f32x4.mul(factor, left)));
  v128.store(c, f32x4.add(v128.load(c, 16), f32x4.mul(factor, right)), 16);
}
