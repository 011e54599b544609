import { createRegistry } from '@ggdln/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';
import { selectTensorBackend, TENSOR_BACKENDS, tensorPlugin } from '../src/index.ts';

const registry = createRegistry([tensorPlugin]);

it('has an entry for each backend that selectTensorBackend brings along', () => {
  expect(registry.list('tensor').map(({ name }) => name)).toEqual([...TENSOR_BACKENDS]);
});

it.each(['cpu', 'wasm'])('%s is the active backend once created', async (name) => {
  const backend = await registry.get('tensor', name).create({ path: '' });
  expect(backend).toMatchObject({ name });
  expect(tf.getBackend()).toBe(name);
});

it.each([
  ['webgl', /the tensor backend webgl can't run here: .*WebGL 2.*Use the backend wasm/],
  ['webgpu', /the tensor backend webgpu can't run here: .*WebGPU.*Use the backend wasm/],
])('%s says in Node what it needs, and leaves the active backend', async (name, message) => {
  await selectTensorBackend('wasm');
  await expect(selectTensorBackend(name)).rejects.toMatchObject({ code: 'GGDLN_BACKEND' });
  await expect(selectTensorBackend(name)).rejects.toThrow(message);
  expect(tf.getBackend()).toBe('wasm');
});

it('starts what the program has registered with TensorFlow.js, or says why it does not start', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  await selectTensorBackend('cpu');
  const cpu = tf.findBackend('cpu');
  tf.registerBackend('mine', () => cpu);
  expect((await selectTensorBackend('mine')).description).toMatch(/^tfjs-mine \d/);
  tf.registerBackend('broken', async () => {
    throw new Error('no such device');
  });
  await expect(selectTensorBackend('broken')).rejects.toThrow(/the tensor backend broken can't run here/);
});
