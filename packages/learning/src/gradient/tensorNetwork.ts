import {
  type Architecture,
  GgdlnError,
  inputError,
  type Matrix,
  type NetworkDimensions,
  type Parameters,
  type Problem,
  type TensorLike,
} from '@ggdln/core';
import { createTensorScope } from '@ggdln/tensor';
import * as tf from '@tensorflow/tfjs-core';
import { requireProblem } from './requireProblem.ts';

/**
 * A problem on float32 tensors, its weights laid end to end in one vector θ, so that a dynamics need not know the
 * network. E = ½ Σ (f − y)² over the training outputs, U = E + T|θ|²/2σ².
 */
export interface TensorNetwork {
  /** Number of weights n. */
  readonly size: number;
  readonly dimensions: NetworkDimensions;
  /** T/σ², the curvature of the prior term. */
  readonly decay: number;
  /** E of the zero function, ½|Y|². */
  readonly energyScale: number;
  /** E (a scalar) and ∇U at θ; both are the caller's to free. */
  evaluate(theta: tf.Tensor1D): { readonly energy: tf.Scalar; readonly gradient: tf.Tensor1D };
  /** ∇²U v, the caller's to free. */
  curvatureProduct(theta: tf.Tensor1D, v: tf.Tensor1D): tf.Tensor1D;
  /** f on the test inputs, row-major P_test × C. */
  testOutputs(theta: Float32Array): Promise<Float64Array>;
  /** θ from named parameters. */
  flatten(parameters: Parameters): Float32Array;
  /** Named float64 parameters from θ. */
  unflatten(theta: Float32Array): Parameters;
  /** Frees inputs, gates and targets. */
  dispose(): void;
}

/**
 * Puts a problem on the active tensor backend.
 * @throws GGDLN_INPUT for shapes that don't fit or data that isn't finite, GGDLN_INCOMPATIBLE for an architecture
 * without a tensor program.
 */
export function createTensorNetwork(problem: Problem, where: string): TensorNetwork {
  requireProblem(problem, where);
  const { architecture, train, test, temperature } = problem;
  const dimensions = { inputs: train.X.cols, gates: train.gates.map((gates) => gates.cols), outputs: train.Y.cols };
  const layout = layOut(architecture.shapes(dimensions));
  const size = layout.reduce((sum, part) => sum + part.size, 0);
  const scope = createTensorScope();
  const upload = ({ rows, cols, data }: Matrix) => scope.own(tf.tensor2d(Float32Array.from(data), [rows, cols]));
  const trainInputs = { X: upload(train.X), gates: train.gates.map(upload) };
  const testInputs = { X: upload(test.X), gates: test.gates.map(upload) };
  const targets = upload(train.Y);
  const decay = temperature / architecture.sigma ** 2;

  const parts = (theta: tf.Tensor1D) =>
    layout.map(({ offset, size, shape }) => tf.reshape(tf.slice1d(theta, offset, size), [...shape]));
  const outputs = (values: readonly tf.Tensor[], inputs: typeof trainInputs) =>
    applyChecked(architecture, Object.fromEntries(layout.map(({ name }, i) => [name, values[i]])), inputs, where);
  const energyOf = (...values: tf.Tensor[]) =>
    tf.mul(tf.sum(tf.square(tf.sub(outputs(values, trainInputs), targets))), 0.5) as tf.Scalar;
  const join = (values: readonly tf.Tensor[]) => tf.concat1d(values.map((value) => tf.reshape(value, [-1])));

  return {
    size,
    dimensions,
    decay,
    energyScale: 0.5 * train.Y.data.reduce((sum, value) => sum + value * value, 0),
    evaluate: (theta) =>
      tf.tidy(() => {
        const { value, grads } = tf.valueAndGrads(energyOf)(parts(theta));
        return { energy: value as tf.Scalar, gradient: tf.add(join(grads), tf.mul(theta, decay)) };
      }),
    curvatureProduct: (theta, v) =>
      tf.tidy(() => {
        const directions = parts(v);
        const slope = (...values: tf.Tensor[]) =>
          tf.addN(
            tf
              .grads(energyOf)(values)
              .map((gradient, i) => tf.sum(tf.mul(gradient, directions[i]))),
          );
        return tf.add(join(tf.grads(slope)(parts(theta))), tf.mul(v, decay));
      }),
    testOutputs: async (theta) => {
      const f = tf.tidy(() => outputs(parts(tf.tensor1d(theta)), testInputs));
      const values = Float64Array.from(await f.data());
      f.dispose();
      return values;
    },
    flatten: (parameters) => flatten(layout, parameters),
    unflatten: (theta) => unflatten(layout, theta),
    dispose: () => scope.dispose(),
  };
}

interface Part {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
}

function layOut(shapes: { readonly [name: string]: readonly number[] }): Part[] {
  let offset = 0;
  return Object.entries(shapes).map(([name, shape]) => {
    const size = shape.reduce((product, n) => product * n, 1);
    offset += size;
    return { name, shape, offset: offset - size, size };
  });
}

function flatten(layout: readonly Part[], parameters: Parameters): Float32Array {
  const flat = new Float32Array(layout.reduce((sum, part) => sum + part.size, 0));
  for (const { name, offset } of layout) flat.set(parameters[name], offset);
  return flat;
}

function unflatten(layout: readonly Part[], theta: Float32Array): Parameters {
  return Object.fromEntries(
    layout.map(({ name, offset, size }) => [name, Float64Array.from(theta.subarray(offset, offset + size))]),
  );
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
