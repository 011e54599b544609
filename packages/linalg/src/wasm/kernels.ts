import { GgdlnError } from '@ggdln/core';
import { kernelsBase64 } from './binary.gen.ts';

/** What assembly/kernels.ts exports. Addresses are in bytes, strides in numbers; rows are contiguous. */
export interface Kernels {
  readonly memory: WebAssembly.Memory;
  firstFreeByte(): number;
  multiplyAdd(
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
    c: number,
    cRow: number,
    lower: number,
  ): void;
  mirror(n: number, a: number, up: number): void;
  factorise(n: number, a: number): number;
  lastPivot(): number;
  inverseFromFactor(n: number, l: number, y: number, h: number): void;
  solveLower(n: number, r: number, l: number, lRow: number, lColumn: number, x: number, xRow: number): void;
  solveUpper(n: number, r: number, u: number, uRow: number, uColumn: number, x: number, xRow: number): void;
  tridiagonalise(n: number, a: number, d: number, e: number, tau: number, work: number): void;
  formReflections(n: number, a: number, tau: number, q: number, work: number): void;
  diagonalise(
    n: number,
    d: number,
    e: number,
    z: number,
    rotations: number,
    marks: number,
    capacity: number,
    panel: number,
  ): number;
}

/** Compiled once; a module holds no state. */
let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * A fresh instance of the kernels with a memory of its own.
 * @throws GGDLN_BACKEND where WebAssembly or its SIMD instructions are missing.
 */
export async function instantiateKernels(): Promise<Kernels> {
  try {
    compiled ??= WebAssembly.compile(Uint8Array.from(atob(kernelsBase64), (character) => character.charCodeAt(0)));
    const instance = await WebAssembly.instantiate(await compiled);
    return instance.exports as unknown as Kernels;
  } catch (cause) {
    compiled = undefined;
    throw new GgdlnError({
      code: 'GGDLN_BACKEND',
      where: '@ggdln/linalg createWasmBackend',
      problem: `WebAssembly with SIMD does not run here (${cause instanceof Error ? cause.message : String(cause)})`,
      remedy: 'Use the ml-matrix backend, Node 20 or later, or a browser from 2023 on',
      cause,
    });
  }
}
