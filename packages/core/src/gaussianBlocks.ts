import type { Words } from './xoshiro.ts';
import { type GaussianTables, gaussianTables } from './ziggurat.ts';

/** Float32 draws that need a look at the curve are settled after their block. */
export const BLOCK = 1024;
/** Numbers that are taken from here at a time. */
export const CHUNK = 4096;

/**
 * The loops that most draws come from: those in the certain part of their layers. They call nothing and know nothing of
 * curves, so they run several times as fast in WebAssembly, with the same bits.
 */
export interface GaussianBlocks {
  /** What `drawSingles` drew; CHUNK numbers. */
  readonly singles: Float32Array;
  /** Place in the block and word of each draw that has yet to be settled. */
  readonly uncertain: Int32Array;
  /**
   * Draws a block of `count` ≤ BLOCK numbers into `singles` from `start`, a multiple of BLOCK, on. One word each: 8 bits
   * choose the layer, 24 the abscissa, which lies in the middle of its cell and so is symmetric about 0.
   * @returns 2 × the number of those to be settled.
   */
  drawSingles(words: Words, start: number, count: number, scale: number): number;
  /** What `drawDoubles` drew; CHUNK numbers. */
  readonly doubles: Float64Array;
  /**
   * Draws numbers `start` … `end` − 1 of `doubles`, two words each, and stops before the first to be settled.
   * @returns Its place.
   */
  drawDoubles(words: Words, start: number, end: number, scale: number): number;
  /** x_{start + i} ← x_{start + i} + singles_i for i < count. */
  addSingles(x: Float32Array, start: number, count: number): void;
  /** x_{start + i} ← x_{start + i} + doubles_i for i < count. */
  addDoubles(x: Float64Array, start: number, count: number): void;
}

/** In plain JavaScript. */
export function plainBlocks(): GaussianBlocks {
  const singles = new Float32Array(CHUNK);
  const doubles = new Float64Array(CHUNK);
  const uncertain = new Int32Array(2 * BLOCK);
  return {
    singles,
    doubles,
    uncertain,
    drawSingles: (words, start, count, scale) =>
      drawSingles(words, gaussianTables(256), singles.subarray(start, start + count), scale, uncertain),
    drawDoubles: (words, start, end, scale) => drawDoubles(words, gaussianTables(128), doubles, start, end, scale),
    addSingles(x, start, count) {
      for (let i = 0; i < count; i++) x[start + i] += singles[i];
    },
    addDoubles(x, start, count) {
      for (let i = 0; i < count; i++) x[start + i] += doubles[i];
    },
  };
}

function drawSingles(
  words: Words,
  { steps, limits }: GaussianTables,
  out: Float32Array,
  scale: number,
  uncertain: Int32Array,
): number {
  const factor = Math.fround(scale);
  let [a, b, c, d] = words;
  let place = 0;
  for (let i = 0; i < out.length; i++) {
    // `nextWord`, written out so that the state stays in registers.
    const product = Math.imul(b, 5);
    const word = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    const layer = word & 255;
    const u = (word & -256) | 128;
    out[i] = Math.fround(u * steps[layer]) * factor;
    if (Math.abs(u) >= limits[layer]) {
      uncertain[place] = i;
      uncertain[place + 1] = word;
      place += 2;
    }
  }
  words[0] = a;
  words[1] = b;
  words[2] = c;
  words[3] = d;
  return place;
}

function drawDoubles(
  words: Words,
  { edges, ratios }: GaussianTables,
  out: Float64Array,
  start: number,
  end: number,
  scale: number,
): number {
  let [a, b, c, d] = words;
  let i = start;
  for (; i < end; i++) {
    // `nextWord` twice, written out so that the state stays in registers.
    const c1 = c ^ a;
    const d1 = d ^ b;
    const b1 = b ^ c1;
    const a1 = a ^ d1;
    const c2 = c1 ^ (b << 9);
    const d2 = (d1 << 11) | (d1 >>> 21);
    const product = Math.imul(b, 5);
    const low = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const layer = low & 127;
    const second = Math.imul(b1, 5);
    const high = Math.imul((second << 7) | (second >>> 25), 9) >>> 0;
    const u = (high * 0x200000 + (low >>> 11)) * 2 ** -52 - 1;
    if (Math.abs(u) >= ratios[layer]) break;
    out[i] = scale * (u * edges[layer]);
    const c3 = c2 ^ a1;
    const d3 = d2 ^ b1;
    b = b1 ^ c3;
    a = a1 ^ d3;
    c = c3 ^ (b1 << 9);
    d = (d3 << 11) | (d3 >>> 21);
  }
  words[0] = a;
  words[1] = b;
  words[2] = c;
  words[3] = d;
  return i;
}
