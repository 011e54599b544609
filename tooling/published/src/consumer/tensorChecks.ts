import { createGgdln } from '@ggdln/architectures';
import { createRandom } from '@ggdln/core';
import { selectTensorBackend, type TensorBackendOptions } from '@ggdln/tensor';
import * as tf from '@tensorflow/tfjs-core';

/** A forward pass and the gradient of its squares, to be computed on several tensor backends. */
export interface TensorNumbers {
  readonly backend: string;
  readonly outputs: readonly number[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  /** Tensors that a second step left behind. */
  readonly leaked: number;
}

const DIMENSIONS = { inputs: 33, gates: [3, 4], outputs: 2 };
const EXAMPLES = 21;

/** Two hidden layers with gates, sizes that no tile divides, everything from one seed. */
export async function tensorNumbers(name: string, options: TensorBackendOptions = {}): Promise<TensorNumbers> {
  const backend = await selectTensorBackend(name, options);
  const network = createGgdln({ depth: 2, widths: [18, 27], sigma: 1 });
  const rng = createRandom(11);
  const random = (stream: string, shape: readonly number[]) => {
    const numbers = new Float32Array(shape.reduce((product, size) => product * size, 1));
    return tf.tensor(rng.stream(stream).fillGaussian(numbers), [...shape]);
  };
  const shapes = network.shapes(DIMENSIONS);
  const names = Object.keys(shapes);
  const weights = names.map((weight) => random(weight, shapes[weight]));
  const inputs = {
    X: random('X', [EXAMPLES, DIMENSIONS.inputs]),
    gates: DIMENSIONS.gates.map((count, i) => tf.relu(random(`gates ${i}`, [EXAMPLES, count]))),
  };
  const forward = (...tensors: tf.Tensor[]) =>
    network.apply(Object.fromEntries(names.map((weight, i) => [weight, tensors[i]])), inputs);
  const gradient = tf.grads((...tensors) => tf.sum(tf.square(forward(...tensors))));
  const outputs = forward(...weights);
  const gradients = gradient(weights);
  const before = tf.memory().numTensors;
  tf.dispose(gradient(weights));
  tf.dispose(forward(...weights));
  return {
    backend: backend.name,
    outputs: Array.from(await outputs.data()),
    gradients: Object.fromEntries(
      await Promise.all(names.map(async (weight, i) => [weight, Array.from(await gradients[i].data())] as const)),
    ),
    leaked: tf.memory().numTensors - before,
  };
}
