import { GgdlnError, unknownNameError } from '@ggdln/core';
import * as tf from '@tensorflow/tfjs-core';
import { assertOneTfjsCore } from './oneCopy.ts';
import { withoutNewProcessListeners } from './processListeners.ts';
import { registerMissingGradients } from './registerGradients.ts';
import { useExplicitTransposes } from './transposedMatMul.ts';
import { useWasmProduct } from './wasmProduct.ts';

/** Backends that `selectTensorBackend` can start. */
export const TENSOR_BACKENDS = ['wasm', 'cpu'] as const;
export type TensorBackendName = (typeof TENSOR_BACKENDS)[number];

export interface TensorBackendOptions {
  /**
   * Where the three `tfjs-backend-wasm*.wasm` files are: a folder or URL prefix ending in `/`, or a map from file
   * name to URL. Leave out in Node and where the files lie beside the script; a bundled page usually needs it, as
   * does a bundled Node program (`tensorWasmPaths` of `@ggdln/tensor/node` finds them).
   */
  readonly wasmPaths?: string | Readonly<Record<string, string>>;
}

/** What runs the float32 tensors, and why. */
export interface TensorBackend {
  /** Name of the active backend, e.g. `wasm`. */
  readonly name: string;
  /** One line for people, e.g. `tfjs-wasm 4.22.0 (asked for)`. */
  readonly description: string;
  /** Why it isn't the one asked for; absent when it is. */
  readonly fallback?: string;
}

/**
 * Starts a TensorFlow.js backend and makes it the active one: `wasm` (default), or `cpu` when asked for or when
 * WebAssembly can't start. Also registers missing gradients and makes transposed products fast. TensorFlow.js has
 * one active backend a process, so call this once, before any tensor is made; nothing happens on import.
 * @throws GGDLN_UNKNOWN_NAME for another name, GGDLN_BACKEND when two copies of tfjs-core are loaded.
 */
export async function selectTensorBackend(
  preferred: TensorBackendName = 'wasm',
  options: TensorBackendOptions = {},
): Promise<TensorBackend> {
  if (!TENSOR_BACKENDS.includes(preferred)) {
    throw unknownNameError('@ggdln/tensor selectTensorBackend', 'tensor backend', preferred, TENSOR_BACKENDS);
  }
  registerMissingGradients();
  const problem = preferred === 'wasm' ? await startWasm(options) : undefined;
  if (preferred === 'cpu' || problem !== undefined) await startCpu();
  assertOneTfjsCore();
  const name = problem === undefined ? preferred : 'cpu';
  const description = `tfjs-${name} ${tf.version_core} (${problem ? `instead of wasm: ${problem}` : 'float32, one thread'})`;
  return { name, description, ...(problem === undefined ? {} : { fallback: problem }) };
}

/**
 * The active backend if the program has chosen one (also a foreign one, such as webgl), else wasm as by
 * `selectTensorBackend`. What learners call before they work.
 */
export async function ensureTensorBackend(options: TensorBackendOptions = {}): Promise<TensorBackend> {
  const { backendName } = tf.engine();
  if (backendName === undefined) return selectTensorBackend('wasm', options);
  await tf.ready();
  registerMissingGradients();
  if (backendName === 'wasm') await quickenProducts();
  assertOneTfjsCore();
  return { name: backendName, description: `tfjs-${backendName} ${tf.version_core} (chosen before)` };
}

/** @returns Why wasm is not running, or undefined when it is. */
async function startWasm({ wasmPaths }: TensorBackendOptions): Promise<string | undefined> {
  if (typeof WebAssembly === 'undefined') return 'this JavaScript engine has no WebAssembly';
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  let reason = '';
  try {
    const running = tf.engine().registry.wasm !== undefined;
    if (wasmPaths !== undefined && !running) wasm.setWasmPaths(wasmPaths as string);
    if (await withoutNewProcessListeners(async () => tf.setBackend('wasm'))) {
      await quickenProducts();
      return undefined;
    }
  } catch (error) {
    reason = ` (${error instanceof Error ? error.message : String(error)})`;
  }
  const place = typeof wasmPaths === 'string' ? ` from ${wasmPaths}` : '';
  return `its binary could not be loaded${place}${reason}; give wasmPaths, the place of the tfjs-backend-wasm*.wasm files`;
}

/** Products of the running wasm backend at full speed, with transposes and without. */
async function quickenProducts(): Promise<void> {
  if (!(await useWasmProduct())) useExplicitTransposes();
}

async function startCpu(): Promise<void> {
  await import('@tensorflow/tfjs-backend-cpu');
  if (await tf.setBackend('cpu')) {
    // Otherwise its first use in Node prints an advertisement for another package.
    (tf.backend() as { firstUse?: boolean }).firstUse = false;
    return;
  }
  throw new GgdlnError({
    code: 'GGDLN_BACKEND',
    where: '@ggdln/tensor selectTensorBackend',
    problem: 'TensorFlow.js could not start its cpu backend',
    remedy: 'Check that @tensorflow/tfjs-core and @tensorflow/tfjs-backend-cpu have the same version',
  });
}
