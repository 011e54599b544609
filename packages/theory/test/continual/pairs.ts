import { createMlMatrixBackend, type Matrix } from '@ggdln/linalg';
import type { TaskPair } from '../../src/continual/index.ts';

const linalg = createMlMatrixBackend();
const gram = (A: Matrix, B: Matrix): Matrix => linalg.gemm(A, B, { transB: true });

/** Two tasks by their features, P × F each. */
export function pairOf(one: Matrix, two: Matrix, y1: Float64Array, y2: Float64Array): TaskPair {
  return { K11: gram(one, one), K12: gram(one, two), K22: gram(two, two), y1, y2 };
}
