import { inputError } from '@ggdln/core';
import type { Kernels } from './kernels.ts';

const PAGE = 65536;
/** Addresses of wasm32 end here. */
const LIMIT = 65536 * PAGE;
const ALIGNMENT = 64;

/** The memory of the kernels, given out anew for each call: it grows to what the largest call needed. */
export interface Arena {
  /**
   * Places for so many numbers each, in order. What they hold is left over from earlier calls.
   * @param what The operation with its sizes, for the message, e.g. `gemm of 3 × 4 by 4 × 5`.
   * @throws GGDLN_INPUT when they don't fit into the 4 GiB that WebAssembly can address.
   */
  reserve(what: string, ...counts: number[]): number[];
  /** The numbers at an address; valid until the next `reserve`. */
  view(address: number, count: number): Float64Array;
  /** A copy of the numbers at an address. */
  read(address: number, count: number): Float64Array;
}

/** @param limit Bytes that may be used at most. */
export function createArena(kernels: Pick<Kernels, 'memory' | 'firstFreeByte'>, limit: number = LIMIT): Arena {
  const { memory } = kernels;
  const align = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
  const view = (address: number, count: number) => new Float64Array(memory.buffer, address, count);
  return {
    reserve: (what, ...counts) => {
      let end = align(kernels.firstFreeByte());
      const addresses = counts.map((count) => {
        const address = end;
        end = align(end + count * 8);
        return address;
      });
      if (end > limit) throw tooLarge(what, `the WebAssembly backend can address ${gib(limit)}`, end);
      const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE);
      if (missing > 0) grow(memory, missing, what, end);
      return addresses;
    },
    view,
    read: (address, count) => view(address, count).slice(),
  };
}

function grow(memory: WebAssembly.Memory, pages: number, what: string, bytes: number): void {
  try {
    memory.grow(pages);
  } catch {
    throw tooLarge(what, 'this machine did not give that much', bytes);
  }
}

function tooLarge(what: string, why: string, bytes: number): Error {
  return inputError(
    '@ggdln/linalg wasm',
    `${what} needs ${gib(bytes)} of WebAssembly memory, but ${why}`,
    'Use fewer examples, or the ml-matrix backend (slower, no such limit)',
  );
}

const gib = (bytes: number) => `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
