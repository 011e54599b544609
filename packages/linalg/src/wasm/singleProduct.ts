import { GgdlnError } from '@ggdln/core';
import { singleBase64 } from './singleBinary.gen.ts';

/** The float32 product of assembly/single.ts on one memory. Addresses are in bytes, strides in numbers. */
export interface SingleProduct {
  /** Bytes of working space that a product needs. */
  workBytes(): number;
  /**
   * C = alpha · A B + beta · C with A m × k, B k × n and a contiguous C m × n; entry (i, p) of A is `aRow` · i +
   * `aColumn` · p numbers from its address. C is not read where beta is 0.
   * @param work Address of the working space, a multiple of 16.
   */
  multiply(
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bRow: number,
    bColumn: number,
    beta: number,
    c: number,
    work: number,
  ): void;
}

/** Compiled once; a module holds no state. */
let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * The float32 SIMD product, working in place in a WebAssembly memory that belongs to someone else, such as the one of
 * another module. It brings no memory of its own.
 * @param memory Not shared between threads. @throws GGDLN_BACKEND where SIMD is missing or the memory is shared.
 */
export async function createSingleProduct(memory: WebAssembly.Memory): Promise<SingleProduct> {
  try {
    compiled ??= WebAssembly.compile(Uint8Array.from(atob(singleBase64), (character) => character.charCodeAt(0)));
    const instance = await WebAssembly.instantiate(await compiled, { env: { memory } });
    return instance.exports as unknown as SingleProduct;
  } catch (cause) {
    compiled = undefined;
    throw new GgdlnError({
      code: 'GGDLN_BACKEND',
      where: '@ggdln/linalg createSingleProduct',
      problem: `the float32 product does not run here (${cause instanceof Error ? cause.message : String(cause)})`,
      remedy: 'Give an unshared WebAssembly.Memory, and use Node 20 or later or a browser from 2023 on',
      cause,
    });
  }
}
