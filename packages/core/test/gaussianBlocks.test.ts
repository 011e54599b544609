import { afterEach, describe, expect, it, vi } from 'vitest';
import { BLOCK, CHUNK, plainBlocks } from '../src/gaussianBlocks.ts';
import { addGaussian, fillGaussian } from '../src/gaussians.ts';
import { createRandom } from '../src/index.ts';
import { wasmBlocks } from '../src/wasmGaussianBlocks.ts';

/** FNV-1a over the 32-bit words of an array. */
function checksum(numbers: Float32Array | Float64Array): number {
  let sum = 0x811c9dc5;
  for (const word of new Int32Array(numbers.buffer)) sum = Math.imul(sum ^ word, 0x01000193);
  return sum >>> 0;
}

const bytesOf = (numbers: Float32Array | Float64Array) => Buffer.from(numbers.buffer);
const startWords = () => Int32Array.from([7, -11, 13, 1 << 31]);
const lengths = [
  0,
  1,
  3,
  31,
  32,
  33,
  BLOCK - 1,
  BLOCK,
  BLOCK + 1,
  3 * BLOCK,
  CHUNK - 1,
  CHUNK,
  CHUNK + 1,
  25 * CHUNK + 5,
];

describe.each([Float32Array, Float64Array])('blocks of draws in WebAssembly, %o', (Numbers) => {
  it('have the bits of those in plain JavaScript and leave the stream where they do, for any length', () => {
    const [fast, plain] = [wasmBlocks(), plainBlocks()];
    if (!fast) throw new Error('no WebAssembly here');
    const [fastWords, plainWords] = [startWords(), startWords()];
    for (const length of lengths) {
      const [ours, theirs] = [new Numbers(length), new Numbers(length)];
      fillGaussian(fastWords, ours, 0.7, fast);
      fillGaussian(plainWords, theirs, 0.7, plain);
      expect(bytesOf(ours).equals(bytesOf(theirs)), `${length} numbers`).toBe(true);
      expect([...fastWords], `state after ${length} numbers`).toEqual([...plainWords]);
    }
  });

  it('are added with the bits of one addition each, and nothing past the end', () => {
    for (const blocks of [wasmBlocks(), plainBlocks()]) {
      for (const length of lengths) {
        const room = new Numbers(length + 2).fill(3.3);
        const x = room.subarray(1, length + 1);
        const expected = x.slice();
        const noise = new Numbers(length);
        fillGaussian(startWords(), noise, 0.01, plainBlocks());
        for (let i = 0; i < length; i++) expected[i] += noise[i];
        addGaussian(startWords(), x, 0.01, blocks);
        expect(bytesOf(x.slice()).equals(bytesOf(expected)), `${length} numbers`).toBe(true);
        expect([room[0], room[length + 1]]).toEqual([Numbers.of(3.3)[0], Numbers.of(3.3)[0]]);
      }
    }
  });
});

describe('streams of normals', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('give the numbers that they always gave', () => {
    expect(checksum(createRandom('kept').fillGaussian(new Float32Array(COUNT)))).toBe(FLOAT32);
    expect(checksum(createRandom('kept').fillGaussian(new Float64Array(COUNT)))).toBe(FLOAT64);
  });

  it('do without WebAssembly', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    vi.resetModules();
    const { createRandom: createPlain } = await import('../src/index.ts');
    expect(checksum(createPlain('kept').fillGaussian(new Float32Array(COUNT)))).toBe(FLOAT32);
    expect(createPlain('kept').addGaussian(new Float64Array(40))).toEqual(
      createRandom('kept').fillGaussian(new Float64Array(40)),
    );
  });
});

/** Streams of one seed stay as they are from version to version, unless a changeset says so. */
const COUNT = 4_000_001;
const FLOAT32 = 183848114;
const FLOAT64 = 2249101473;
