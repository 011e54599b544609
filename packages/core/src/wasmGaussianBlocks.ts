import { BLOCK, CHUNK, type GaussianBlocks } from './gaussianBlocks.ts';
import { gaussiansBase64 } from './wasm/gaussiansBinary.gen.ts';
import { nextWord, type Words } from './xoshiro.ts';
import { gaussianTables } from './ziggurat.ts';

/** What assembly/gaussians.ts exports. */
interface Loops {
  drawSingles(
    state: number,
    jumps: number,
    table: number,
    out: number,
    count: number,
    scale: number,
    uncertain: number,
  ): number;
  drawDoubles(state: number, table: number, out: number, count: number, scale: number): number;
  addSingles(x: number, y: number, count: number): void;
  addDoubles(x: number, y: number, count: number): void;
}

/** Where things lie in the module's memory, in bytes. */
const STATE = 0;
const SINGLE_TABLE = 64;
const DOUBLE_TABLE = SINGLE_TABLE + 8 * 256;
const UNCERTAIN = DOUBLE_TABLE + 16 * 128;
const DRAWS = UNCERTAIN + 8 * BLOCK;
const SUMS = DRAWS + 8 * CHUNK;
const JUMPS = SUMS + 8 * CHUNK;
const PAGES = 2;

/** In WebAssembly; undefined where it does not run with SIMD. */
export function wasmBlocks(): GaussianBlocks | undefined {
  const made = tryLoops();
  if (!made) return undefined;
  const { loops, buffer } = made;
  writeTables(buffer);
  writeJumps(new Int32Array(buffer, JUMPS, 32 * 16 * 4));
  const state = new Int32Array(buffer, STATE, 4);
  const singles = new Float32Array(buffer, DRAWS, CHUNK);
  const doubles = new Float64Array(buffer, DRAWS, CHUNK);
  const singleSums = new Float32Array(buffer, SUMS, CHUNK);
  const doubleSums = new Float64Array(buffer, SUMS, CHUNK);
  return {
    singles,
    doubles,
    uncertain: new Int32Array(buffer, UNCERTAIN, 2 * BLOCK),
    drawSingles(words, start, count, scale) {
      copyWords(words, state);
      const out = DRAWS + 4 * start;
      const places = loops.drawSingles(STATE, JUMPS, SINGLE_TABLE, out, count, scale, UNCERTAIN);
      copyWords(state, words);
      return places;
    },
    drawDoubles(words, start, end, scale) {
      copyWords(words, state);
      const count = loops.drawDoubles(STATE, DOUBLE_TABLE, DRAWS + 8 * start, end - start, scale);
      copyWords(state, words);
      return start + count;
    },
    addSingles(x, start, count) {
      const sums = singleSums.subarray(0, count);
      sums.set(x.subarray(start, start + count));
      loops.addSingles(SUMS, DRAWS, count);
      x.set(sums, start);
    },
    addDoubles(x, start, count) {
      const sums = doubleSums.subarray(0, count);
      sums.set(x.subarray(start, start + count));
      loops.addDoubles(SUMS, DRAWS, count);
      x.set(sums, start);
    },
  };
}

/** One by one: `set` costs as much as ten draws. */
function copyWords(from: Words, to: Words): void {
  to[0] = from[0];
  to[1] = from[1];
  to[2] = from[2];
  to[3] = from[3];
}

/** Both numbers that a draw needs lie side by side. */
function writeTables(buffer: ArrayBuffer): void {
  const view = new DataView(buffer);
  const { steps, limits } = gaussianTables(256);
  for (let layer = 0; layer < 256; layer++) {
    view.setFloat32(SINGLE_TABLE + 8 * layer, steps[layer], true);
    view.setInt32(SINGLE_TABLE + 8 * layer + 4, limits[layer], true);
  }
  const { edges, ratios } = gaussianTables(128);
  for (let layer = 0; layer < 128; layer++) {
    view.setFloat64(DOUBLE_TABLE + 16 * layer, edges[layer], true);
    view.setFloat64(DOUBLE_TABLE + 16 * layer + 8, ratios[layer], true);
  }
}

/**
 * What each half byte of a state, low bits first, becomes a quarter of a block later. The generator is linear over bits,
 * so the state becomes the sum, bit by bit, of what its 32 half bytes become.
 */
function writeJumps(jumps: Int32Array): void {
  const words = new Int32Array(4);
  for (let bit = 0; bit < 128; bit++) {
    words.fill(0);
    words[bit >> 5] = 1 << (bit & 31);
    for (let n = 0; n < BLOCK / 4; n++) nextWord(words);
    const own = 1 << (bit & 3);
    for (let halfByte = own; halfByte < 16; halfByte++) {
      if (!(halfByte & own)) continue;
      const place = 4 * (16 * (bit >> 2) + halfByte);
      for (let k = 0; k < 4; k++) jumps[place + k] ^= words[k];
    }
  }
}

function tryLoops(): { readonly loops: Loops; readonly buffer: ArrayBuffer } | undefined {
  try {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
    const binary = Uint8Array.from(atob(gaussiansBase64), (character) => character.charCodeAt(0));
    const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
    return { loops: instance.exports as unknown as Loops, buffer: memory.buffer };
  } catch {
    return undefined;
  }
}
