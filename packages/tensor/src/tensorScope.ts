import * as tf from '@tensorflow/tfjs-core';

/**
 * Tensors that live longer than one `tf.tidy`: across awaits, yields and steps. tf.tidy must be synchronous, and
 * tfjs's own start and end of a scope would sweep up what other asynchronous work makes meanwhile; this one frees
 * exactly what it was given.
 */
export interface TensorScope {
  /** Frees `tensor` with the scope; returns it. */
  own<T extends tf.Tensor>(tensor: T): T;
  /** Frees `old` now and owns `tensor` in its place; returns `tensor`. */
  replace<T extends tf.Tensor>(old: tf.Tensor, tensor: T): T;
  /** Frees everything owned. May be called more than once. */
  dispose(): void;
}

/** A new, empty scope. Call `dispose` in a `finally`, or use `withTensorScope`. */
export function createTensorScope(): TensorScope {
  const owned = new Set<tf.Tensor>();
  return {
    own: (tensor) => {
      owned.add(tensor);
      return tensor;
    },
    replace: (old, tensor) => {
      if (old !== tensor) {
        owned.delete(old);
        old.dispose();
      }
      owned.add(tensor);
      return tensor;
    },
    dispose: () => {
      for (const tensor of owned) tensor.dispose();
      owned.clear();
    },
  };
}

/** Runs asynchronous work with a scope that is freed at its end, whether it returns or throws. */
export async function withTensorScope<Result>(work: (scope: TensorScope) => Promise<Result>): Promise<Result> {
  const scope = createTensorScope();
  try {
    return await work(scope);
  } finally {
    scope.dispose();
  }
}

/**
 * How many tensors `work` leaves behind; 0 for work that frees all it makes. For tests: counts every tensor of the
 * process, so nothing else may make tensors meanwhile.
 */
export async function countLeakedTensors(work: () => unknown): Promise<number> {
  const before = tf.memory().numTensors;
  await work();
  return tf.memory().numTensors - before;
}
