import { BLOCK, CHUNK, type GaussianBlocks, plainBlocks } from './gaussianBlocks.ts';
import { portableExpNearZero, portableLog } from './portableMath.ts';
import { wasmBlocks } from './wasmGaussianBlocks.ts';
import { nextWord, uniform, type Words } from './xoshiro.ts';
import { type GaussianTables, gaussianTables } from './ziggurat.ts';

let kept: GaussianBlocks | undefined;

/** The fastest loops that run here. They keep nothing from one call to the next but their memory. */
function gaussianBlocks(): GaussianBlocks {
  kept ??= wasmBlocks() ?? plainBlocks();
  return kept;
}

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

/** So few numbers are drawn sooner than a block is on its way. */
const SHORT = 32;

/** Fills an array with normals. A float64 array gets what `gaussian` gives one by one; float32 draws are of their own kind. */
export function fillGaussian(
  words: Words,
  out: Float64Array | Float32Array,
  scale: number,
  blocks: GaussianBlocks = gaussianBlocks(),
): void {
  if (out.length < SHORT && out instanceof Float64Array) {
    for (let i = 0; i < out.length; i++) out[i] = scale * gaussian(words);
    return;
  }
  for (let start = 0; start < out.length; start += CHUNK) {
    const count = Math.min(CHUNK, out.length - start);
    const draws = drawChunk(blocks, words, out, count, scale);
    out.set(count < CHUNK ? draws.subarray(0, count) : draws, start);
  }
}

/** Adds to an array what `fillGaussian` would fill it with. */
export function addGaussian(
  words: Words,
  x: Float64Array | Float32Array,
  scale: number,
  blocks: GaussianBlocks = gaussianBlocks(),
): void {
  for (let start = 0; start < x.length; start += CHUNK) {
    const count = Math.min(CHUNK, x.length - start);
    drawChunk(blocks, words, x, count, scale);
    if (x instanceof Float32Array) blocks.addSingles(x, start, count);
    else blocks.addDoubles(x, start, count);
  }
}

/** The next draws for an array of this kind, in the memory of `blocks`. */
function drawChunk(
  blocks: GaussianBlocks,
  words: Words,
  kind: Float64Array | Float32Array,
  count: number,
  scale: number,
): Float64Array | Float32Array {
  return kind instanceof Float32Array
    ? drawSingles(blocks, words, count, scale)
    : drawDoubles(blocks, words, count, scale);
}

function drawSingles(blocks: GaussianBlocks, words: Words, count: number, scale: number): Float32Array {
  const { singles, uncertain } = blocks;
  const tables = gaussianTables(256);
  for (let start = 0; start < count; start += BLOCK) {
    const places = blocks.drawSingles(words, start, Math.min(BLOCK, count - start), scale);
    for (let k = 0; k < places; k += 2) {
      singles[start + uncertain[k]] = scale * settle(words, tables, uncertain[k + 1]);
    }
  }
  return singles;
}

function drawDoubles(blocks: GaussianBlocks, words: Words, count: number, scale: number): Float64Array {
  const { doubles } = blocks;
  let place = blocks.drawDoubles(words, 0, count, scale);
  while (place < count) {
    doubles[place] = scale * gaussian(words);
    place = blocks.drawDoubles(words, place + 1, count, scale);
  }
  return doubles;
}

/** Accepts the draw of a word under the curve or in the tail, or draws anew. */
function settle(words: Words, tables: GaussianTables, word: number): number {
  const layer = word & 255;
  const x = ((word & -256) | 128) * tables.steps[layer];
  if (layer === 0) return gaussianTail(words, tables.tail, x < 0);
  return underCurve(words, tables, layer, x) ? x : gaussian(words);
}

/** Wider than the rounding of what it is compared with. */
const MARGIN = 1e-14;

/** Whether a point at x, at a random height within its layer, lies under exp(−x²/2). */
function underCurve(words: Words, { edges, heights }: GaussianTables, layer: number, x: number): boolean {
  const low = heights[layer];
  const high = heights[layer + 1];
  const height = high + uniform(words) * (low - high);
  // The curve is low · eʸ with 0 ≤ y < 1; most points are far enough from it for the first terms to tell.
  const y = 0.5 * (edges[layer] * edges[layer] - x * x);
  const terms = 1 + y * (1 + y * (0.5 + y * (1 / 6)));
  if (height < low * (terms - MARGIN)) return true;
  if (height > low * (terms + y * y * y * y * 0.125 + MARGIN)) return false;
  return height < low * portableExpNearZero(y);
}

function gaussianTail(words: Words, from: number, negative: boolean): number {
  for (;;) {
    const x = portableLog(1 - uniform(words)) / from;
    const y = portableLog(1 - uniform(words));
    if (-2 * y >= x * x) return negative ? x - from : from - x;
  }
}
