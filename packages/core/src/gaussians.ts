import { portableExpNearZero, portableLog } from './portableMath.ts';
import { nextWord, uniform, type Words } from './xoshiro.ts';
import { type GaussianTables, gaussianTables } from './ziggurat.ts';

/** One standard normal: the ziggurat of Marsaglia and Tsang 2000 in the form of Doornik 2005, on two words. */
export function gaussian(words: Words): number {
  const tables = gaussianTables(128);
  const { edges, ratios, tail } = tables;
  for (;;) {
    const low = nextWord(words) >>> 0;
    const layer = low & 127;
    const u = ((nextWord(words) >>> 0) * 0x200000 + (low >>> 11)) * 2 ** -52 - 1;
    const x = u * edges[layer];
    if (Math.abs(u) < ratios[layer]) return x;
    if (layer === 0) return gaussianTail(words, tail, x < 0);
    if (underCurve(words, tables, layer, x)) return x;
  }
}

/** Fills a float64 array with what `gaussian` gives one by one. */
export function fillDouble(words: Words, out: Float64Array, scale: number): void {
  for (let i = fillCertain(words, out, 0, scale); i < out.length; i = fillCertain(words, out, i + 1, scale)) {
    out[i] = scale * gaussian(words);
  }
}

/** Fills from `start` up to the first draw outside the certain part of its layer, before which the state is left. */
function fillCertain(words: Words, out: Float64Array, start: number, scale: number): number {
  const { edges, ratios } = gaussianTables(128);
  let [a, b, c, d] = words;
  let i = start;
  for (; i < out.length; i++) {
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

/** Numbers filled before those that need a look at the curve are settled. */
const BLOCK = 1024;

/**
 * Fills a float32 array with normals, one word a draw: 8 bits choose the layer, 24 the abscissa, which lies in the middle
 * of its cell and so is symmetric about 0. The one draw in 66 that falls outside the certain part of its layer is settled
 * after its block, so that the loop calls nothing.
 */
export function fillSingle(words: Words, out: Float32Array, scale: number): void {
  const tables = gaussianTables(256);
  const uncertain = new Int32Array(2 * BLOCK);
  for (let start = 0; start < out.length; start += BLOCK) {
    const end = Math.min(start + BLOCK, out.length);
    const count = fillBlock(words, tables, out, start, end, scale, uncertain);
    for (let k = 0; k < count; k += 2) out[uncertain[k]] = scale * settle(words, tables, uncertain[k + 1]);
  }
}

/** @returns 2 × the number of draws to be settled; their places and words are in `uncertain`. */
function fillBlock(
  words: Words,
  { steps, limits }: GaussianTables,
  out: Float32Array,
  start: number,
  end: number,
  scale: number,
  uncertain: Int32Array,
): number {
  let [a, b, c, d] = words;
  let count = 0;
  for (let i = start; i < end; i++) {
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
    out[i] = u * steps[layer] * scale;
    if (Math.abs(u) >= limits[layer]) {
      uncertain[count] = i;
      uncertain[count + 1] = word;
      count += 2;
    }
  }
  words[0] = a;
  words[1] = b;
  words[2] = c;
  words[3] = d;
  return count;
}

/** Accepts the draw of a word under the curve or in the tail, or draws anew. */
function settle(words: Words, tables: GaussianTables, word: number): number {
  const layer = word & 255;
  const x = ((word & -256) | 128) * tables.steps[layer];
  if (layer === 0) return gaussianTail(words, tables.tail, x < 0);
  return underCurve(words, tables, layer, x) ? x : gaussian(words);
}

/** Whether a point at x, at a random height within its layer, lies under exp(−x²/2). */
function underCurve(words: Words, { edges, heights }: GaussianTables, layer: number, x: number): boolean {
  const [low, high] = [heights[layer], heights[layer + 1]];
  const height = high + uniform(words) * (low - high);
  return height < low * portableExpNearZero(0.5 * (edges[layer] * edges[layer] - x * x));
}

function gaussianTail(words: Words, from: number, negative: boolean): number {
  for (;;) {
    const x = portableLog(1 - uniform(words)) / from;
    const y = portableLog(1 - uniform(words));
    if (-2 * y >= x * x) return negative ? x - from : from - x;
  }
}
