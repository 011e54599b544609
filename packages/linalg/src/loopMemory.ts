import { inputError } from '@ggdln/core';
import { loopsBase64 } from './wasm/loopsBinary.gen.ts';

/**
 * Memory for long arrays, and loops over them. Arrays that were made here are gone over by SIMD instructions where they
 * are, several times as fast as by JavaScript; others, and all where there is no such memory, by plain loops with the
 * same results (`addSizes` adds in another order). Loops throw GGDLN_INPUT where they would leave an array.
 */
export interface LoopMemory {
  /** An array of zeros: in this memory while there is room, an ordinary one after that. Never given back. */
  float64(length: number): Float64Array;
  /** As `float64`; two of its numbers take the place of one. */
  float32(length: number): Float32Array;
  /** out_i ← a_i · b_i for `count` numbers from the given places on; `out` may be `a` or `b` at the same place. */
  multiply(
    count: number,
    a: Float64Array,
    aStart: number,
    b: Float64Array,
    bStart: number,
    out: Float64Array,
    outStart: number,
  ): void;
  /** sums_i ← sums_i + |a_i · b_i|, from the start of `sums`. @returns Σ |a_i · b_i|. */
  addSizes(count: number, a: Float64Array, aStart: number, b: Float64Array, bStart: number, sums: Float64Array): number;
  /** x_i ← max(x_i, 0); NaN stays. */
  rectify(x: Float32Array): void;
  /** x_i ← 0 where y_i is 0; y as long as x and nowhere below 0. */
  clearWhereZero(y: Float32Array, x: Float32Array): void;
}

/** What assembly/loops.ts exports; addresses are in bytes. */
interface Loops {
  multiply(count: number, a: number, b: number, out: number): void;
  addSizes(count: number, a: number, b: number, sums: number): number;
  rectify(count: number, x: number): void;
  clearWhereZero(count: number, y: number, x: number): void;
}

const PAGE = 65536;
/** Addresses of wasm32 end here. */
const LIMIT = 65536 * PAGE;
const ALIGNMENT = 64;
/** Engines keep gigabytes of addresses free behind each memory, so small problems, of which there are many, get none. */
const LEAST = 4 * PAGE;
/** Shorter loops cost less than the call. */
const SHORT = 16;

/** Compiled once; a module holds no state. */
let compiled: WebAssembly.Module | undefined;

/**
 * Memory for so many numbers in so many arrays; ordinary memory where WebAssembly with SIMD does not run, or does not
 * have as much, or for so few numbers that it isn't worth while.
 * @param lengths Numbers of each array that will be asked for.
 */
export function createLoopMemory(lengths: readonly number[]): LoopMemory {
  const bytes = lengths.reduce((sum, length) => sum + aligned(8 * length), 0);
  const memory = bytes >= LEAST && bytes <= LIMIT ? tryMemory(bytes) : undefined;
  const buffer = memory?.buffer;
  const loops = memory && tryLoops(memory);
  let end = 0;
  /** Where so many bytes are free. */
  const take = (bytes: number): number | undefined => {
    const start = end;
    if (!loops || !buffer || start + bytes > buffer.byteLength) return undefined;
    end = aligned(start + bytes);
    return start;
  };
  return {
    float64(length) {
      const start = take(8 * length);
      return start === undefined || !buffer ? new Float64Array(length) : new Float64Array(buffer, start, length);
    },
    float32(length) {
      const start = take(4 * length);
      return start === undefined || !buffer ? new Float32Array(length) : new Float32Array(buffer, start, length);
    },
    multiply(count, a, aStart, b, bStart, out, outStart) {
      requireRoom(count, a, aStart);
      requireRoom(count, b, bStart);
      requireRoom(count, out, outStart);
      if (loops && count >= SHORT && a.buffer === buffer && b.buffer === buffer && out.buffer === buffer) {
        const [from, by, to] = [a.byteOffset + 8 * aStart, b.byteOffset + 8 * bStart, out.byteOffset + 8 * outStart];
        loops.multiply(count, from, by, to);
      } else for (let i = 0; i < count; i++) out[outStart + i] = a[aStart + i] * b[bStart + i];
    },
    addSizes(count, a, aStart, b, bStart, sums) {
      requireRoom(count, a, aStart);
      requireRoom(count, b, bStart);
      requireRoom(count, sums, 0);
      if (loops && count >= SHORT && a.buffer === buffer && b.buffer === buffer && sums.buffer === buffer) {
        return loops.addSizes(count, a.byteOffset + 8 * aStart, b.byteOffset + 8 * bStart, sums.byteOffset);
      }
      let total = 0;
      for (let i = 0; i < count; i++) {
        const size = Math.abs(a[aStart + i] * b[bStart + i]);
        sums[i] += size;
        total += size;
      }
      return total;
    },
    rectify(x) {
      if (loops && x.length >= SHORT && x.buffer === buffer) loops.rectify(x.length, x.byteOffset);
      else clearNegative(bitsOf(x));
    },
    clearWhereZero(y, x) {
      requireRoom(x.length, y, 0);
      if (loops && x.length >= SHORT && x.buffer === buffer && y.buffer === buffer) {
        loops.clearWhereZero(x.length, y.byteOffset, x.byteOffset);
      } else clearWhereZeroBits(bitsOf(y), bitsOf(x));
    },
  };
}

const bitsOf = (x: Float32Array) => new Int32Array(x.buffer, x.byteOffset, x.length);

/** Bits of −∞; those of a negative NaN are a larger number. */
const MINUS_INFINITY = -8388608;

/** Signs of activities are random, so branches on them would be mispredicted half of the time: bits know none. */
function clearNegative(bits: Int32Array): void {
  for (let i = 0; i < bits.length; i++) bits[i] &= ~(bits[i] >> 31) | ((MINUS_INFINITY - bits[i]) >> 31);
}

/** Values are ≥ 0 here, so their bits are a number ≥ 0, and negated have the sign bit wherever the value is not 0. */
function clearWhereZeroBits(values: Int32Array, bits: Int32Array): void {
  for (let i = 0; i < bits.length; i++) bits[i] &= -values[i] >> 31;
}

const aligned = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** SIMD loops know no ends of arrays: past one is the next. Plain ones would read NaN there. */
function requireRoom(count: number, array: Float32Array | Float64Array, start: number): void {
  if (start >= 0 && start + count <= array.length) return;
  throw inputError(
    '@ggdln/linalg createLoopMemory',
    `a loop over ${count} numbers from ${start} on leaves an array of ${array.length}`,
    `Give at most ${Math.max(0, array.length - Math.max(0, start))} numbers, from 0 on or later`,
  );
}

function tryMemory(bytes: number): WebAssembly.Memory | undefined {
  const pages = Math.ceil(bytes / PAGE);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch {
    return undefined;
  }
}

function tryLoops(memory: WebAssembly.Memory): Loops | undefined {
  try {
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(loopsBase64), (character) => character.charCodeAt(0)));
    return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Loops;
  } catch {
    return undefined;
  }
}
