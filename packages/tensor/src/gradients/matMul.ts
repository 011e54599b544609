import * as tf from '@tensorflow/tfjs-core';
import { single, sumToShape } from './broadcast.ts';

/** Gradient of op(A)·op(B), op a possible transpose; leading (batch) axes may broadcast. */
export const matMulGradient: tf.GradConfig = {
  kernelName: tf.BatchMatMul,
  inputsToSave: ['a', 'b'],
  gradFunc: (dyOrList, [a, b], attrs) => {
    const dy = single(dyOrList);
    const transA = attrs.transposeA === true;
    const transB = attrs.transposeB === true;
    return {
      a: () => sumToShape(transA ? tf.matMul(b, dy, transB, true) : tf.matMul(dy, b, false, !transB), a.shape),
      b: () => sumToShape(transB ? tf.matMul(dy, a, true, transA) : tf.matMul(a, dy, !transA, false), b.shape),
    };
  },
};
