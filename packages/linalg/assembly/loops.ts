// Loops over float64 arrays in SIMD. A module of its own without any memory: it works in the memory of whoever
// instantiates it, in place.

/** Bytes of a register. */
const WIDTH: usize = 16;

/** out ← a ∘ b. */
export function multiply(count: i32, a: usize, b: usize, out: usize): void {
  const end = out + ((<usize>count) << 3);
  const pairs = out + ((<usize>(count & ~1)) << 3);
  const fours = out + ((<usize>(count & ~3)) << 3);
  while (out < fours) {
    v128.store(out, f64x2.mul(v128.load(a), v128.load(b)));
    v128.store(out, f64x2.mul(v128.load(a, WIDTH), v128.load(b, WIDTH)), WIDTH);
    a += 2 * WIDTH;
    b += 2 * WIDTH;
    out += 2 * WIDTH;
  }
  if (out < pairs) {
    v128.store(out, f64x2.mul(v128.load(a), v128.load(b)));
    a += WIDTH;
    b += WIDTH;
    out += WIDTH;
  }
  if (out < end) store<f64>(out, load<f64>(a) * load<f64>(b));
}

/** sums ← sums + |a ∘ b|; returns Σ |a ∘ b|. */
export function addSizes(count: i32, a: usize, b: usize, sums: usize): f64 {
  const end = sums + ((<usize>count) << 3);
  const pairs = sums + ((<usize>(count & ~1)) << 3);
  let both = f64x2.splat(0);
  while (sums < pairs) {
    const sizes = f64x2.abs(f64x2.mul(v128.load(a), v128.load(b)));
    v128.store(sums, f64x2.add(v128.load(sums), sizes));
    both = f64x2.add(both, sizes);
    a += WIDTH;
    b += WIDTH;
    sums += WIDTH;
  }
  let total = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  if (sums < end) {
    const size = abs<f64>(load<f64>(a) * load<f64>(b));
    store<f64>(sums, load<f64>(sums) + size);
    total += size;
  }
  return total;
}

/** x ← max(x, 0) in float32; NaN stays. */
export function rectify(count: i32, x: usize): void {
  const end = x + ((<usize>count) << 2);
  const fours = x + ((<usize>(count & ~3)) << 2);
  const zero = f32x4.splat(0);
  while (x < fours) {
    v128.store(x, f32x4.max(v128.load(x), zero));
    x += WIDTH;
  }
  while (x < end) {
    store<f32>(x, max<f32>(load<f32>(x), 0));
    x += 4;
  }
}

/** x ← 0 where y is 0, in float32. */
export function clearWhereZero(count: i32, y: usize, x: usize): void {
  const end = x + ((<usize>count) << 2);
  const fours = x + ((<usize>(count & ~3)) << 2);
  const zero = f32x4.splat(0);
  while (x < fours) {
    v128.store(x, v128.and(v128.load(x), f32x4.ne(v128.load(y), zero)));
    y += WIDTH;
    x += WIDTH;
  }
  while (x < end) {
    if (load<f32>(y) === 0) store<f32>(x, 0);
    y += 4;
    x += 4;
  }
}
