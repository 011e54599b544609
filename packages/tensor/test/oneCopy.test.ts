import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';
import { assertOneTfjsCore, countLeakedTensors, selectTensorBackend } from '../src/index.ts';

function loadSecondCopy(): typeof tf {
  const require = createRequire(import.meta.url);
  delete require.cache[require.resolve('@tensorflow/tfjs-core')];
  return require('@tensorflow/tfjs-core') as typeof tf;
}

it('accepts one copy and refuses a second, saying how to find it', async () => {
  await selectTensorBackend('cpu');
  const leaked = await countLeakedTensors(() => assertOneTfjsCore());
  expect(leaked).toBe(0);
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const second = loadSecondCopy();
  expect(() => assertOneTfjsCore(second)).toThrow(/two copies of @tensorflow\/tfjs-core.*npm ls/s);
});

it("refuses a backend of its own copy when the engine's tensors are another's", async () => {
  const second = loadSecondCopy();
  class Foreign extends second.KernelBackend {}
  tf.registerBackend('foreign', () => new Foreign());
  await tf.setBackend('foreign');
  expect(() => assertOneTfjsCore()).toThrow(/the backend foreign belongs to another/);
  // Seen from the second copy the backend is its own; the engine is not.
  await tf.setBackend('cpu');
  expect(() => assertOneTfjsCore(second)).toThrow(/two copies/);
});
