import * as tf from '@tensorflow/tfjs-core';
import { bundledWasm } from './bundledWasm.ts';
import { registerFusedProduct } from './fusedProduct.ts';
import { withoutNewProcessListeners } from './processListeners.ts';
import { useExplicitTransposes } from './transposedMatMul.ts';
import { useWasmProduct } from './wasmProduct.ts';

// Each starts one backend of TensorFlow.js and makes it the active one. They return why it is not running, or
// undefined when it is.

/** Where the three `tfjs-backend-wasm*.wasm` files are: a folder or URL prefix, or a map from file name to URL. */
export type WasmPaths = string | Readonly<Record<string, string>>;

export async function startWasm(wasmPaths: WasmPaths | undefined): Promise<string | undefined> {
  if (typeof WebAssembly === 'undefined') return 'this JavaScript engine has no WebAssembly';
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  let reason = '';
  try {
    const running = tf.engine().registry.wasm !== undefined;
    const paths = wasmPaths ?? bundledWasm();
    if (paths !== undefined && !running) wasm.setWasmPaths(paths as string);
    if (await withoutNewProcessListeners(async () => tf.setBackend('wasm'))) {
      await quickenProducts();
      return undefined;
    }
  } catch (error) {
    reason = ` (${messageOf(error)})`;
  }
  const place = typeof wasmPaths === 'string' ? ` from ${wasmPaths}` : '';
  return `its binary could not be loaded${place}${reason}; give wasmPaths, the place of the tfjs-backend-wasm*.wasm files`;
}

/** Products of the running wasm backend at full speed, with transposes and without. */
export async function quickenProducts(): Promise<void> {
  if (!(await useWasmProduct())) useExplicitTransposes();
  registerFusedProduct('wasm');
}

export async function startCpu(): Promise<string | undefined> {
  await import('@tensorflow/tfjs-backend-cpu');
  if (!(await tf.setBackend('cpu'))) return 'its version may differ from that of @tensorflow/tfjs-core';
  // Otherwise its first use in Node prints an advertisement for another package.
  (tf.backend() as { firstUse?: boolean }).firstUse = false;
  return undefined;
}

export function startWebgl(): Promise<string | undefined> {
  return startGpu('webgl', 'WebGL 2', () => import('@tensorflow/tfjs-backend-webgl'));
}

export function startWebgpu(): Promise<string | undefined> {
  return startGpu('webgpu', 'WebGPU', () => import('@tensorflow/tfjs-backend-webgpu'));
}

/** The packages of the graphics backends are optional peers: whoever wants one installs it. */
async function startGpu(name: string, ability: string, load: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await load();
  } catch (error) {
    return `@tensorflow/tfjs-backend-${name} could not be loaded (${messageOf(error)}); install it beside @tensorflow/tfjs-core`;
  }
  if (tf.findBackendFactory(name) === null) return `there is no ${ability} here; a browser has it`;
  try {
    if (await tf.setBackend(name)) return undefined;
  } catch (error) {
    return `${ability} did not start (${messageOf(error)})`;
  }
  return `${ability} did not start; the browser may have it disabled or lack a driver`;
}

/** A backend that the program itself has registered with TensorFlow.js. */
export async function startRegistered(name: string): Promise<string | undefined> {
  try {
    return (await tf.setBackend(name)) ? undefined : 'its start failed';
  } catch (error) {
    return messageOf(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
