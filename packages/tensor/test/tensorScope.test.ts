import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { countLeakedTensors, createTensorScope, selectTensorBackend, withTensorScope } from '../src/index.ts';

beforeAll(async () => {
  await selectTensorBackend('cpu');
});

it('frees what it owns after asynchronous work, also when that throws', async () => {
  const work = (fail: boolean) =>
    withTensorScope(async (scope) => {
      const x = scope.own(tf.ones([3]));
      await Promise.resolve();
      const y = scope.replace(x, tf.add(x, 1));
      expect(x.isDisposed).toBe(true);
      if (fail) throw new Error('on purpose');
      return (await y.data())[0];
    });
  expect(await countLeakedTensors(async () => expect(await work(false)).toBe(2))).toBe(0);
  expect(await countLeakedTensors(async () => expect(work(true)).rejects.toThrow('on purpose'))).toBe(0);
});

it('leaves alone what others make meanwhile', async () => {
  const scope = createTensorScope();
  scope.own(tf.ones([2]));
  const other = tf.ones([2]);
  scope.dispose();
  scope.dispose();
  expect(other.isDisposed).toBe(false);
  other.dispose();
});

it('replaces a tensor by itself without freeing it', () => {
  const scope = createTensorScope();
  const x = scope.own(tf.ones([2]));
  expect(scope.replace(x, x).isDisposed).toBe(false);
  scope.dispose();
  expect(x.isDisposed).toBe(true);
});

it('the leak count counts', async () => {
  let kept: tf.Tensor | undefined;
  expect(
    await countLeakedTensors(() => {
      kept = tf.ones([2]);
    }),
  ).toBe(1);
  kept?.dispose();
});
