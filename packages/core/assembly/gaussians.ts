// The loops of src/gaussianBlocks.ts for src/wasmGaussianBlocks.ts, with the same bits. A module without a memory of its own: it works
// in the memory of whoever instantiates it. Addresses are in bytes; `state` is that of the generator's four words.

/** Bytes of a register. */
const WIDTH: usize = 16;

/** Writes the next `count` words of xoshiro128**. */
function writeWords(state: usize, out: usize, count: i32): void {
  let a = load<i32>(state);
  let b = load<i32>(state, 4);
  let c = load<i32>(state, 8);
  let d = load<i32>(state, 12);
  const end = out + ((<usize>count) << 2);
  for (; out < end; out += 4) {
    store<i32>(out, rotl<i32>(b * 5, 7) * 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotl<i32>(d, 11);
  }
  store<i32>(state, a);
  store<i32>(state, b, 4);
  store<i32>(state, c, 8);
  store<i32>(state, d, 12);
}

/** Words of a whole block, and of each of its four parts. */
const BLOCK: i32 = 1024;
const PART: usize = <usize>BLOCK / 4;

/** The state PART words later: the generator is linear over bits, so what each half byte of a state becomes is added. */
function jump(jumps: usize, from: v128, work: usize): v128 {
  v128.store(work, from);
  let to = i32x4.splat(0);
  for (let i: usize = 0; i < 16; i++) {
    const byte = <usize>load<u8>(work + i);
    to = v128.xor(to, v128.load(jumps + (i << 9) + ((byte & 15) << 4)));
    to = v128.xor(to, v128.load(jumps + (i << 9) + 256 + ((byte >> 4) << 4)));
  }
  return to;
}

function turn(x: v128, by: i32): v128 {
  return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by));
}

function times(x: v128, shift: i32): v128 {
  return i32x4.add(x, i32x4.shl(x, shift));
}

/** Writes the words of a block like `writeWords`, its four parts side by side. */
function writeBlock(state: usize, jumps: usize, out: usize): void {
  const first = v128.load(state);
  const second = jump(jumps, first, out);
  const third = jump(jumps, second, out);
  const fourth = jump(jumps, third, out);
  const low = i32x4.shuffle(first, second, 0, 4, 1, 5);
  const lower = i32x4.shuffle(third, fourth, 0, 4, 1, 5);
  const high = i32x4.shuffle(first, second, 2, 6, 3, 7);
  const higher = i32x4.shuffle(third, fourth, 2, 6, 3, 7);
  let a = i64x2.shuffle(low, lower, 0, 2);
  let b = i64x2.shuffle(low, lower, 1, 3);
  let c = i64x2.shuffle(high, higher, 0, 2);
  let d = i64x2.shuffle(high, higher, 1, 3);
  const end = out + 4 * PART;
  for (; out < end; out += WIDTH) {
    let words0 = i32x4.splat(0);
    let words1 = words0;
    let words2 = words0;
    let words3 = words0;
    for (let k = 0; k < 4; k++) {
      words0 = words1;
      words1 = words2;
      words2 = words3;
      words3 = times(turn(times(b, 2), 7), 3);
      const shifted = i32x4.shl(b, 9);
      c = v128.xor(c, a);
      d = v128.xor(d, b);
      b = v128.xor(b, c);
      a = v128.xor(a, d);
      c = v128.xor(c, shifted);
      d = turn(d, 11);
    }
    const even = i32x4.shuffle(words0, words1, 0, 4, 1, 5);
    const odd = i32x4.shuffle(words2, words3, 0, 4, 1, 5);
    const evens = i32x4.shuffle(words0, words1, 2, 6, 3, 7);
    const odds = i32x4.shuffle(words2, words3, 2, 6, 3, 7);
    v128.store(out, i64x2.shuffle(even, odd, 0, 2));
    v128.store(out + 4 * PART, i64x2.shuffle(even, odd, 1, 3));
    v128.store(out + 8 * PART, i64x2.shuffle(evens, odds, 0, 2));
    v128.store(out + 12 * PART, i64x2.shuffle(evens, odds, 1, 3));
  }
  // The fourth part ends where the block does.
  store<i32>(state, i32x4.extract_lane(a, 3));
  store<i32>(state, i32x4.extract_lane(b, 3), 4);
  store<i32>(state, i32x4.extract_lane(c, 3), 8);
  store<i32>(state, i32x4.extract_lane(d, 3), 12);
}

/** The entries of the layers that the words at an address and after it choose. */
function entriesOf(table: usize, words: usize): v128 {
  const first = v128.load64_zero(table + ((<usize>load<u8>(words)) << 3));
  return v128.load64_lane(table + ((<usize>load<u8>(words, 4)) << 3), first, 1);
}

/**
 * Float32 draws as all are in the certain part of their layers. `out` has room for `count` numbers, rounded up to whole
 * registers. An entry of the table is the step of a layer (f32) and its limit (i32); `jumps` has for each half byte of a
 * state, low bits first, the 16 states that it becomes PART words later.
 * @returns 2 × the number of draws to be settled; their places and words are at `uncertain`.
 */
export function drawSingles(
  state: usize,
  jumps: usize,
  table: usize,
  out: usize,
  count: i32,
  scale: f32,
  uncertain: usize,
): i32 {
  if (count === BLOCK) writeBlock(state, jumps, out);
  else writeWords(state, out, count);
  const scales = f32x4.splat(scale);
  let place = uncertain;
  for (let i = 0; i < count; i += 4) {
    const words = v128.load(out);
    const u = v128.or(v128.and(words, i32x4.splat(-256)), i32x4.splat(128));
    const low = entriesOf(table, out);
    const high = entriesOf(table, out + 8);
    const steps = i32x4.shuffle(low, high, 0, 2, 4, 6);
    const limits = i32x4.shuffle(low, high, 1, 3, 5, 7);
    let beyond = i32x4.bitmask(i32x4.ge_s(i32x4.abs(u), limits));
    // What lies past the last draw is not one.
    if (count - i < 4) beyond &= (1 << (count - i)) - 1;
    while (beyond) {
      const k = ctz<i32>(beyond);
      store<i32>(place, i + k);
      store<i32>(place, load<i32>(out + (k << 2)), 4);
      place += 8;
      beyond &= beyond - 1;
    }
    v128.store(out, f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(u), steps), scales));
    out += WIDTH;
  }
  return <i32>((place - uncertain) >> 2);
}

/**
 * Float64 draws up to the first outside the certain part of its layer, before which the state is left. An entry of the
 * table is the edge of a layer and the ratio of the next to it (f64 both).
 * @returns The number of draws.
 */
export function drawDoubles(state: usize, table: usize, out: usize, count: i32, scale: f64): i32 {
  let a = load<i32>(state);
  let b = load<i32>(state, 4);
  let c = load<i32>(state, 8);
  let d = load<i32>(state, 12);
  let i = 0;
  for (; i < count; i++) {
    const c1 = c ^ a;
    const d1 = d ^ b;
    const b1 = b ^ c1;
    const a1 = a ^ d1;
    const c2 = c1 ^ (b << 9);
    const d2 = rotl<i32>(d1, 11);
    const low = <u32>(rotl<i32>(b * 5, 7) * 9);
    const high = <u32>(rotl<i32>(b1 * 5, 7) * 9);
    const entry = table + ((<usize>(low & 127)) << 4);
    const u = <f64>(<i64>(((<u64>high) << 21) | (low >>> 11))) * (1.0 / 4503599627370496.0) - 1.0;
    if (abs<f64>(u) >= load<f64>(entry, 8)) break;
    store<f64>(out, scale * (u * load<f64>(entry)));
    out += 8;
    const c3 = c2 ^ a1;
    const d3 = d2 ^ b1;
    b = b1 ^ c3;
    a = a1 ^ d3;
    c = c3 ^ (b1 << 9);
    d = rotl<i32>(d3, 11);
  }
  store<i32>(state, a);
  store<i32>(state, b, 4);
  store<i32>(state, c, 8);
  store<i32>(state, d, 12);
  return i;
}

/** x ← x + y in float32; both have room for whole registers. */
export function addSingles(x: usize, y: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) {
    v128.store(x, f32x4.add(v128.load(x), v128.load(y)));
    x += WIDTH;
    y += WIDTH;
  }
}

/** x ← x + y in float64; both have room for whole registers. */
export function addDoubles(x: usize, y: usize, count: i32): void {
  for (let i = 0; i < count; i += 2) {
    v128.store(x, f64x2.add(v128.load(x), v128.load(y)));
    x += WIDTH;
    y += WIDTH;
  }
}
