// C += alpha · A B in float64 SIMD, after the scheme of K. Goto and R. van de Geijn (ACM TOMS 34, 2008): blocks of A
// and B are packed into panels of 4 rows and 4 columns, in the order in which the innermost tile reads them. A and B
// are given by the strides of their rows and columns (in elements), so that transposes and blocks cost nothing.

/** Rows and columns of the tile that is kept in registers: 8 of the 16 vector registers hold sums. */
const TILE: i32 = 4;
/** Depth of a packed block: a panel of either factor (8 KiB) stays in the first-level cache. */
const DEPTH: i32 = 256;
/** Rows of a packed block of A (256 KiB: second-level cache). */
const ROWS: i32 = 128;
/** Columns of a packed block of B (2 MiB). */
const COLUMNS: i32 = 1024;

const packedA = memory.data(<i32>(ROWS * DEPTH * 8), 16);
const packedB = memory.data(<i32>(COLUMNS * DEPTH * 8), 16);
const edgeTile = memory.data(<i32>(TILE * TILE * 8), 16);

/**
 * C += alpha · A B with A m × k, B k × n and C m × n (rows of C are contiguous, `cRow` apart). With `lower`, tiles
 * that lie wholly above the diagonal of C are left as they are.
 */
export function multiplyAdd(
  m: i32,
  n: i32,
  k: i32,
  alpha: f64,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  c: usize,
  cRow: i32,
  lower: bool,
): void {
  for (let j = 0; j < n; j += COLUMNS) {
    const columns = min(COLUMNS, n - j);
    for (let p = 0; p < k; p += DEPTH) {
      const depth = min(DEPTH, k - p);
      pack(at(b, p * bRow + j * bColumn), columns, bColumn, depth, bRow, packedB);
      for (let i = 0; i < m; i += ROWS) {
        const rows = min(ROWS, m - i);
        if (lower && i + rows <= j) continue;
        pack(at(a, i * aRow + p * aColumn), rows, aRow, depth, aColumn, packedA);
        multiplyPacked(rows, columns, depth, alpha, at(c, i * cRow + j), cRow, lower ? i - j : columns);
      }
    }
  }
}

/** Address of the element with this index. */
export function at(base: usize, index: i32): usize {
  return base + ((<usize>index) << 3);
}

/**
 * Packs `count` vectors of length `depth` into panels of 4 vectors side by side: entry p of the 4 vectors of a panel
 * is contiguous. The last panel is filled up with zeros.
 */
function pack(source: usize, count: i32, countStride: i32, depth: i32, depthStride: i32, target: usize): void {
  let q = 0;
  for (; q + TILE <= count; q += TILE) {
    const from = at(source, q * countStride);
    if (countStride === 1) packContiguous(from, depth, depthStride, target);
    else if (depthStride === 1) packRows(from, (<usize>countStride) << 3, depth, target);
    else packStrided(from, TILE, countStride, depth, depthStride, target);
    target = at(target, TILE * depth);
  }
  if (q < count) packStrided(at(source, q * countStride), count - q, countStride, depth, depthStride, target);
}

/** A full panel whose 4 vectors lie side by side already. */
function packContiguous(source: usize, depth: i32, depthStride: i32, target: usize): void {
  const step = (<usize>depthStride) << 3;
  for (let p = 0; p < depth; p++) {
    v128.store(target, v128.load(source));
    v128.store(target, v128.load(source, 16), 16);
    source += step;
    target += 32;
  }
}

/** A panel of `count` ≤ 4 vectors with any strides. */
function packStrided(source: usize, count: i32, countStride: i32, depth: i32, depthStride: i32, target: usize): void {
  for (let p = 0; p < depth; p++) {
    for (let q = 0; q < TILE; q++) {
      const value = q < count ? load<f64>(at(source, q * countStride + p * depthStride)) : 0;
      store<f64>(at(target, p * TILE + q), value);
    }
  }
}

/** A full panel of 4 contiguous rows, `step` bytes apart: transposed in 2 × 2 blocks. */
function packRows(source: usize, step: usize, depth: i32, target: usize): void {
  const even = depth & ~1;
  const row2 = source + 2 * step;
  for (let p = 0; p < even; p += 2) {
    const at = (<usize>p) << 3;
    const x0 = v128.load(source + at);
    const x1 = v128.load(source + step + at);
    const x2 = v128.load(row2 + at);
    const x3 = v128.load(row2 + step + at);
    v128.store(target, v128.shuffle<f64>(x0, x1, 0, 2));
    v128.store(target, v128.shuffle<f64>(x2, x3, 0, 2), 16);
    v128.store(target, v128.shuffle<f64>(x0, x1, 1, 3), 32);
    v128.store(target, v128.shuffle<f64>(x2, x3, 1, 3), 48);
    target += 64;
  }
  if (even < depth) {
    const at = (<usize>even) << 3;
    store<f64>(target, load<f64>(source + at));
    store<f64>(target, load<f64>(source + step + at), 8);
    store<f64>(target, load<f64>(row2 + at), 16);
    store<f64>(target, load<f64>(row2 + step + at), 24);
  }
}

/** C += alpha · (packed A)(packed B), tile by tile; tiles above the diagonal `row + offset = column` are skipped. */
function multiplyPacked(rows: i32, columns: i32, depth: i32, alpha: f64, c: usize, cRow: i32, offset: i32): void {
  const step = (<usize>cRow) << 3;
  for (let j = 0; j < columns; j += TILE) {
    const panelB = at(packedB, j * depth);
    const width = min(TILE, columns - j);
    for (let i = 0; i < rows; i += TILE) {
      if (i + TILE - 1 + offset < j) continue;
      const panelA = at(packedA, i * depth);
      const height = min(TILE, rows - i);
      const target = at(c, i * cRow + j);
      if (width === TILE && height === TILE) addTile(depth, panelA, panelB, alpha, target, step);
      else addEdgeTile(depth, panelA, panelB, alpha, target, step, height, width);
    }
  }
}

/** The part of a tile that lies inside C. */
function addEdgeTile(depth: i32, a: usize, b: usize, alpha: f64, c: usize, step: usize, height: i32, width: i32): void {
  memory.fill(edgeTile, 0, <usize>(TILE * TILE * 8));
  addTile(depth, a, b, alpha, edgeTile, <usize>(TILE * 8));
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const to = at(c + <usize>i * step, j);
      store<f64>(to, load<f64>(to) + load<f64>(at(edgeTile, i * TILE + j)));
    }
  }
}

/** The innermost loop: a 4 × 4 tile of C += alpha · (panel of A)(panel of B). */
function addTile(depth: i32, a: usize, b: usize, alpha: f64, c: usize, step: usize): void {
  let c00 = f64x2.splat(0);
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
    const a0 = v128.load64_splat(a);
    c00 = f64x2.add(c00, f64x2.mul(a0, b0));
    c01 = f64x2.add(c01, f64x2.mul(a0, b1));
    const a1 = v128.load64_splat(a, 8);
    c10 = f64x2.add(c10, f64x2.mul(a1, b0));
    c11 = f64x2.add(c11, f64x2.mul(a1, b1));
    const a2 = v128.load64_splat(a, 16);
    c20 = f64x2.add(c20, f64x2.mul(a2, b0));
    c21 = f64x2.add(c21, f64x2.mul(a2, b1));
    const a3 = v128.load64_splat(a, 24);
    c30 = f64x2.add(c30, f64x2.mul(a3, b0));
    c31 = f64x2.add(c31, f64x2.mul(a3, b1));
    a += 32;
    b += 32;
  }
  const factor = f64x2.splat(alpha);
  addRow(c, factor, c00, c01);
  addRow(c + step, factor, c10, c11);
  addRow(c + 2 * step, factor, c20, c21);
  addRow(c + 3 * step, factor, c30, c31);
}

function addRow(c: usize, factor: v128, left: v128, right: v128): void {
  v128.store(c, f64x2.add(v128.load(c), f64x2.mul(factor, left)));
  v128.store(c, f64x2.add(v128.load(c, 16), f64x2.mul(factor, right)), 16);
}
