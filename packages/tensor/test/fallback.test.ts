import * as tf from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';
import { selectTensorBackend } from '../src/index.ts';

it('falls back to cpu where the wasm binaries are missing, and says why', async () => {
  for (const method of ['warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(() => undefined);
  const backend = await selectTensorBackend('wasm', { wasmPaths: '/nowhere/' });
  expect(backend.name).toBe('cpu');
  expect(backend.fallback).toMatch(/could not be loaded from \/nowhere\/; give wasmPaths/);
  expect(backend.description).toContain('instead of wasm');
  expect(tf.getBackend()).toBe('cpu');
  // A second try in the same process can't succeed any more; it still ends on cpu with a reason.
  const again = await selectTensorBackend('wasm', { wasmPaths: '/elsewhere/' });
  expect(again.name).toBe('cpu');
  expect(again.fallback).toMatch(/already initialized/);
  expect(tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).arraySync()).toEqual([
    [3, 3],
    [3, 3],
  ]);
});
