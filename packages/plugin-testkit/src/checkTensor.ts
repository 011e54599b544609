import type { JsonObject, TensorBackend, TensorEntry } from '@ggdln/core';
import { type Check, demand, once } from './check.ts';
import { checkEntry, resolved } from './checkEntry.ts';
import { elementwiseChecks } from './tensor/elementwise.ts';
import { gradientChecks } from './tensor/gradients.ts';
import { productChecks } from './tensor/products.ts';
import type { Tensors } from './tensor/reference.ts';
import type { TensorCheck } from './tensor/tensorCheck.ts';

/** What a tensor backend is tested with. */
export interface TensorSetup {
  /** Raw option values, as in a spec file. */
  readonly options?: JsonObject;
  /** Allowed distance from float64, of 1 + the largest number. Default 1e-5; graphics processors may need 1e-3. */
  readonly tolerance?: number;
}

/**
 * The contract of a tensor backend, as checks that need no test runner; `testTensor` runs them under vitest. Products,
 * the operations of networks and their gradients are compared with float64 loops. It stays the active backend.
 */
export function checkTensor(entry: TensorEntry, setup: TensorSetup = {}): Check[] {
  const { tolerance = 1e-5 } = setup;
  const create = async (): Promise<TensorBackend> => entry.create(resolved<'tensor'>(entry, setup.options));
  const started = once(async () => {
    const tf = await loadTensorFlow();
    return { tf, backend: await create() };
  });
  const check: TensorCheck = (name, run) => ({
    name,
    run: async () => {
      const { tf, backend } = await started();
      // Another suite of the same process may have changed what is active.
      if (tf.getBackend() !== backend.name) await tf.setBackend(backend.name);
      await run(tf, tolerance);
    },
  });
  return [
    ...checkEntry(entry),
    {
      name: 'starts, says what runs, and is the active backend of TensorFlow.js',
      run: async () => {
        const { tf } = await started();
        for (const backend of [await create(), await create()]) demandActive(tf, backend);
      },
    },
    ...elementwiseChecks(check),
    ...productChecks(check),
    ...gradientChecks(check),
  ];
}

function demandActive(tf: Tensors, { name, description, fallback }: TensorBackend): void {
  demand(/^[a-z][a-z0-9-]*$/.test(name), `the name is "${name}", expected a short one in lower case, e.g. wasm`);
  demand(
    description.trim() !== '' && !description.includes('\n'),
    `the description is "${description}", expected one line that says what runs`,
  );
  demand(fallback === undefined, `it fell back: ${fallback}; expected the backend itself, or GGDLN_BACKEND`);
  const active = tf.getBackend();
  demand(
    active === name,
    `after create the active backend is ${active}, expected ${name}; call tf.setBackend('${name}'), and have one copy of @tensorflow/tfjs-core (npm ls @tensorflow/tfjs-core)`,
  );
}

async function loadTensorFlow(): Promise<Tensors> {
  try {
    return await import('@tensorflow/tfjs-core');
  } catch (cause) {
    throw new Error('tensor backends are tested with TensorFlow.js: npm install --save-dev @tensorflow/tfjs-core', {
      cause,
    });
  }
}
