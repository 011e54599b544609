export type { Activation } from './activation.ts';
export { erfActivation } from './erf.ts';
export {
  type KernelBlock,
  type KernelOptions,
  kernelBlocks,
  kernelDiagonal,
  kernelMatrix,
} from './kernelMatrix.ts';
export { linearActivation } from './linear.ts';
export type { KernelKind, KernelNetwork } from './recursion.ts';
export { nngpPredictor, ntkPredictor, type RegressionPredictor, type RegressionProblem } from './regression.ts';
export { reluActivation } from './relu.ts';
