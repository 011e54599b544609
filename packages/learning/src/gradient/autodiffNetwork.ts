import { type Architecture, GgdlnError, inputError, type Matrix, type Problem, type TensorLike } from '@ggdln/core';
import { createTensorScope } from '@ggdln/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { commonParts, layOut } from './layout.ts';
import type { LossNetwork } from './lossNetwork.ts';

/**
 * A problem on the active tensor backend, differentiated by TensorFlow.js. Weights go there and gradients come back at
 * every evaluation.
 * @throws GGDLN_INCOMPATIBLE for an architecture without a tensor program.
 */
export function autodiffNetwork(problem: Problem, where: string): LossNetwork<Float32Array> {
  const { architecture, train, test } = problem;
  const layout = layOut(problem);
  const common = commonParts<Float32Array>(problem, layout, Float32Array);
  const scope = createTensorScope();
  const upload = ({ rows, cols, data }: Matrix) => scope.own(tf.tensor2d(Float32Array.from(data), [rows, cols]));
  const trainInputs = { X: upload(train.X), gates: train.gates.map(upload) };
  const testInputs = { X: upload(test.X), gates: test.gates.map(upload) };
  const targets = upload(train.Y);

  const parts = (theta: tf.Tensor1D) =>
    layout.parts.map(({ offset, size, shape }) => tf.reshape(tf.slice1d(theta, offset, size), [...shape]));
  const outputs = (values: readonly tf.Tensor[], inputs: typeof trainInputs) =>
    applyChecked(architecture, Object.fromEntries(layout.parts.map(({ name }, i) => [name, values[i]])), inputs, where);
  const energyOf = (...values: tf.Tensor[]) =>
    tf.mul(tf.sum(tf.square(tf.sub(outputs(values, trainInputs), targets))), 0.5) as tf.Scalar;
  const join = (values: readonly tf.Tensor[]) => tf.concat1d(values.map((value) => tf.reshape(value, [-1])));
  // Some backends keep the array they are given as the tensor's memory.
  const held = (theta: Float32Array) => tf.tensor1d(theta.slice());

  return {
    ...common,
    async evaluate(theta, gradient) {
      const found = tf.tidy(() => {
        const { value, grads } = tf.valueAndGrads(energyOf)(parts(held(theta)));
        return { energy: value as tf.Scalar, gradient: join(grads) };
      });
      try {
        gradient.set(await found.gradient.data());
        return (await found.energy.data())[0];
      } finally {
        tf.dispose(found);
      }
    },
    async curvatureProduct(theta, v) {
      const product = tf.tidy(() => {
        const directions = parts(tf.tensor1d(Float32Array.from(v)));
        const slope = (...values: tf.Tensor[]) =>
          tf.addN(
            tf
              .grads(energyOf)(values)
              .map((gradient, i) => tf.sum(tf.mul(gradient, directions[i]))),
          );
        return join(tf.grads(slope)(parts(held(theta))));
      });
      const values = Float64Array.from(await product.data());
      product.dispose();
      return values.map((value, i) => value + common.decay * v[i]);
    },
    async testOutputs(theta) {
      const f = tf.tidy(() => outputs(parts(held(theta)), testInputs));
      const values = Float64Array.from(await f.data());
      f.dispose();
      return values;
    },
    dispose: () => scope.dispose(),
  };
}

/** Calls `architecture.apply` and checks that it gave a TensorFlow.js tensor of the right shape. */
function applyChecked(
  architecture: Architecture,
  parameters: { readonly [name: string]: tf.Tensor },
  inputs: { readonly X: tf.Tensor2D; readonly gates: readonly tf.Tensor2D[] },
  where: string,
): tf.Tensor2D {
  if (!architecture.apply) {
    throw new GgdlnError({
      code: 'GGDLN_INCOMPATIBLE',
      where,
      problem: `architecture family ${architecture.family} has no differentiable tensor program`,
      remedy: 'Use a learner that needs none (block-gibbs), or give the architecture an `apply`',
    });
  }
  const f: TensorLike = architecture.apply(parameters, inputs);
  if (!(f instanceof tf.Tensor)) {
    throw inputError(where, 'apply returned something that is not a TensorFlow.js tensor', 'Return a P × C tensor');
  }
  if (f.rank !== 2 || f.shape[0] !== inputs.X.shape[0]) {
    throw inputError(where, `apply returned ${f.shape.join(' × ')}`, `Return P × C, with P = ${inputs.X.shape[0]}`);
  }
  return f as tf.Tensor2D;
}
