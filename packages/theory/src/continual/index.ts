export { type BranchKernel, type BranchLaw, branchKernel, type InputGram, inputGram } from './branchKernel.ts';
export { type WeightChain, weightVariances } from './innovations.ts';
export {
  type MultiHeadOrderParameters,
  type MultiHeadPrediction,
  type MultiHeadProblem,
  multiHeadOrderParameters,
  multiHeadPredictor,
} from './multihead/data.ts';
export { type MultiHeadLimit, type MultiHeadPhase, multiHeadLimit, transitionExcess } from './multihead/phases.ts';
export { type MultiHeadSaddle, solveMultiHead } from './multihead/saddle.ts';
export { type MultiHeadShortcut, multiHeadShortcut } from './multihead/shortcut.ts';
export type { MultiHeadSetting } from './multihead/spectrum.ts';
export type { ContinualNetwork, ContinualTask } from './network.ts';
export {
  anterogradeInterference,
  type ContinualOrderParameters,
  continualOrderParameters,
  type MeanPairForgetting,
  meanPairForgetting,
  orderParameterMatrices,
  type PairForgetting,
  pairForgetting,
} from './orderParameters.ts';
export type { ContinualOptions } from './propagate.ts';
export {
  type ContinualProblem,
  type ContinualSolution,
  continualGibbs,
  continualKernel,
  continualLimit,
  forgettingMatrix,
} from './sequence.ts';
export { type TaskPair, taskPair } from './taskPair.ts';
