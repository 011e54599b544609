// A user's page: the same numbers in the page and in a worker that Vite bundles for it.
import type { PortableNumbers } from './portableChecks.ts';
import { portableNumbers } from './portableChecks.ts';
import { tensorNumbers } from './tensorChecks.ts';

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const inWorker = new Promise<PortableNumbers>((resolve, reject) => {
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
});

Object.assign(globalThis, {
  numbers: async () => ({
    portable: await portableNumbers(),
    worker: await inWorker,
    tensor: await tensorNumbers('wasm'),
  }),
});
