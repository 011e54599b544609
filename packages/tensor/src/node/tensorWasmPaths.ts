import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { GgdlnError } from '@ggdln/core';

const BINARY = 'tfjs-backend-wasm-simd.wasm';

/**
 * The folder of the installed TensorFlow.js WebAssembly binaries, with its final separator: a value for `wasmPaths`.
 * Plain Node programs don't need it (the backend looks beside itself); bundled ones do.
 * @param from A file or URL of the program whose installation is meant; by default this package's own.
 * @throws GGDLN_BACKEND when the package or its binaries are not there.
 */
export function tensorWasmPaths(from: string | URL = import.meta.url): string {
  try {
    const entry = createRequire(from).resolve('@tensorflow/tfjs-backend-wasm');
    if (existsSync(join(dirname(entry), BINARY))) return dirname(entry) + sep;
    throw new Error(`${BINARY} is not in ${dirname(entry)}`);
  } catch (cause) {
    throw new GgdlnError({
      code: 'GGDLN_BACKEND',
      where: '@ggdln/tensor/node tensorWasmPaths',
      problem: `the WebAssembly binaries of @tensorflow/tfjs-backend-wasm can't be found from ${from}`,
      remedy: 'Run `npm install @tensorflow/tfjs-backend-wasm` there, or give the folder yourself',
      cause,
    });
  }
}
