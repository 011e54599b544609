import { createRandom } from '@ggdln/core';
import { createOpenblasBackend } from '@ggdln/linalg-openblas';
import { selectTensorBackend } from '@ggdln/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { selectOpenblasTensors } from '../src/index.ts';

// The operations that ggdln's architectures are made of, in two small networks of their kinds.

const [P, N0, N, M] = [21, 33, 18, 4];
const missing = await createOpenblasBackend().then(
  () => false,
  () => true,
);
if (!missing) await selectOpenblasTensors({ threads: 1 });

const random = (seed: string, ...shape: number[]) =>
  tf.tensor(createRandom(seed).fillGaussian(new Float32Array(tf.util.sizeFromShape(shape))), shape);

type Weights = readonly tf.Tensor[];

/** Two hidden layers with gates, weights (out, in). */
function gated([W1, W2, a]: Weights): tf.Tensor {
  const gates = tf.relu(random('gates', P, M));
  const h1 = tf.mul(tf.matMul(random('X', P, N0), W1, false, true), 1 / Math.sqrt(N0));
  const branches = tf.reshape(tf.mul(tf.expandDims(gates, 2), tf.expandDims(h1, 1)), [P, M * N]);
  const h2 = tf.mul(tf.matMul(branches, W2, false, true), 1 / Math.sqrt(M * N));
  return tf.sum(tf.mul(tf.reshape(tf.matMul(h2, a), [P, M, 1]), tf.expandDims(gates, 2)), 1);
}

function activated(activation: (h: tf.Tensor) => tf.Tensor): (weights: Weights) => tf.Tensor {
  return ([W1, a]) => tf.matMul(activation(tf.matMul(random('X', P, N0), W1, false, true)), a);
}

const NETWORKS: readonly { name: string; forward: (weights: Weights) => tf.Tensor; shapes: number[][] }[] = [
  {
    name: 'gated',
    forward: gated,
    shapes: [
      [N, N0],
      [N, M * N],
      [N, M],
    ],
  },
  ...Object.entries({ relu: tf.relu, erf: tf.erf, linear: tf.neg }).map(([name, activation]) => ({
    name,
    forward: activated(activation),
    shapes: [
      [N, N0],
      [N, 2],
    ],
  })),
];

describe.runIf(!missing).each(NETWORKS)('a $name network on native BLAS', ({ forward, shapes }) => {
  const weightsOf = () => shapes.map((shape, i) => random(`W${i}`, ...shape));
  const energy = (...weights: tf.Tensor[]) => tf.sum(tf.square(forward(weights)));

  it('has the outputs and gradients of cpu', async () => {
    const results = [];
    for (const backend of ['openblas', 'cpu']) {
      await selectTensorBackend(backend);
      const tensors = tf.tidy(() => [forward(weightsOf()), ...tf.grads(energy)(weightsOf())]);
      results.push(tensors.map((tensor) => Float32Array.from(tensor.dataSync())));
      tf.dispose(tensors);
    }
    const [native, cpu] = results;
    expect(native).toHaveLength(shapes.length + 1);
    for (const [i, values] of cpu.entries()) {
      const size = Math.max(...values.map(Math.abs));
      expect(Math.max(...values.map((value, k) => Math.abs(value - native[i][k])))).toBeLessThan(1e-5 * size);
    }
  });

  it.each(['openblas', 'wasm'])('holds as many tensors after each step on %s', async (backend) => {
    await selectTensorBackend(backend);
    let weights = weightsOf();
    const counts = [];
    for (let step = 0; step < 5; step++) {
      const next = tf.tidy(() =>
        tf
          .grads(energy)(weights)
          .map((g, i) => tf.sub(weights[i], tf.mul(g, 1e-6))),
      );
      tf.dispose(weights);
      weights = next;
      counts.push(tf.memory().numTensors);
    }
    expect(new Set(counts).size).toBe(1);
    tf.dispose(weights);
  });
});
