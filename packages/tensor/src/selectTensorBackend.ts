import { GgdlnError, type TensorBackend, unknownNameError } from '@ggdln/core';
import * as tf from '@tensorflow/tfjs-core';
import { assertOneTfjsCore } from './oneCopy.ts';
import { registerMissingGradients } from './registerGradients.ts';
import {
  quickenProducts,
  startCpu,
  startRegistered,
  startWasm,
  startWebgl,
  startWebgpu,
  type WasmPaths,
} from './startBackend.ts';

const where = '@ggdln/tensor selectTensorBackend';

/** Backends that `selectTensorBackend` brings along or loads. */
export const TENSOR_BACKENDS = ['wasm', 'cpu', 'webgl', 'webgpu'] as const;
export type TensorBackendName = (typeof TENSOR_BACKENDS)[number];

export interface TensorBackendOptions {
  /**
   * Where the three `tfjs-backend-wasm*.wasm` files are: a folder or URL prefix ending in `/`, or a map from file
   * name to URL. Leave out in Node, in pages that Vite or webpack bundle (they bring the files along), and where the
   * files lie beside the script. A bundled Node program needs it (`tensorWasmPaths` of `@ggdln/tensor/node`).
   */
  readonly wasmPaths?: WasmPaths;
}

/**
 * Starts a TensorFlow.js backend and makes it the active one: `wasm` (default, or `cpu` with the reason where
 * WebAssembly can't start), `cpu`, `webgl` or `webgpu` (browsers; their packages are optional peers), or any name that
 * the program has registered with TensorFlow.js, such as `openblas` by `@ggdln/tensor-openblas`. Also registers missing
 * gradients and makes products fast. TensorFlow.js has one active backend a process, so call this once, before any
 * tensor is made; nothing happens on import.
 * @throws GGDLN_UNKNOWN_NAME for another name, GGDLN_BACKEND when the backend asked for can't run here (except wasm), or
 * when two copies of tfjs-core are loaded.
 */
export async function selectTensorBackend(
  preferred: string = 'wasm',
  options: TensorBackendOptions = {},
): Promise<TensorBackend> {
  const start = starterOf(preferred, options);
  registerMissingGradients();
  const problem = await start();
  if (problem === undefined) return running(preferred, ABILITIES[preferred as TensorBackendName] ?? 'float32');
  if (preferred !== 'wasm') throw cannotStart(preferred, problem);
  const cpuProblem = await startCpu();
  if (cpuProblem !== undefined) throw cannotStart('cpu', cpuProblem);
  return { ...running('cpu', `instead of wasm: ${problem}`), fallback: problem };
}

/**
 * The active backend if the program has chosen one (also a foreign one), else wasm as by `selectTensorBackend`. What
 * learners call before they work.
 */
export async function ensureTensorBackend(options: TensorBackendOptions = {}): Promise<TensorBackend> {
  const { backendName } = tf.engine();
  if (backendName === undefined) return selectTensorBackend('wasm', options);
  await tf.ready();
  registerMissingGradients();
  if (backendName === 'wasm') await quickenProducts();
  return running(backendName, 'chosen before');
}

const ABILITIES: Readonly<Record<TensorBackendName, string>> = {
  wasm: 'float32, one thread',
  cpu: 'float32, one thread',
  webgl: 'float32 or less, as the graphics driver has it',
  webgpu: 'float32, on the graphics processor',
};

function starterOf(name: string, { wasmPaths }: TensorBackendOptions): () => Promise<string | undefined> {
  const starters: Readonly<Record<TensorBackendName, () => Promise<string | undefined>>> = {
    wasm: () => startWasm(wasmPaths),
    cpu: startCpu,
    webgl: startWebgl,
    webgpu: startWebgpu,
  };
  if (Object.hasOwn(starters, name)) return starters[name as TensorBackendName];
  if (tf.findBackendFactory(name) !== null) return () => startRegistered(name);
  if (name === 'openblas') {
    throw new GgdlnError({
      code: 'GGDLN_BACKEND',
      where,
      problem: 'the tensor backend openblas is not registered in this program',
      remedy: 'In Node, install @ggdln/tensor-openblas and call its registerOpenblasTensors() first; else use wasm',
    });
  }
  throw unknownNameError(where, 'tensor backend', name, TENSOR_BACKENDS);
}

function running(name: string, note: string): TensorBackend {
  assertOneTfjsCore();
  return { name, description: `tfjs-${name} ${tf.version_core} (${note})` };
}

function cannotStart(name: string, problem: string): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_BACKEND',
    where,
    problem: `the tensor backend ${name} can't run here: ${problem}`,
    remedy: 'Use the backend wasm, which runs everywhere',
  });
}
