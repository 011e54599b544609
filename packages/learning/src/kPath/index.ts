export { centredOptions } from '../centredOptions.ts';
export type { KPathBatch } from './batch.ts';
export type { KPathCentre } from './centre.ts';
export type { KPathCheckpoints } from './checkpoints.ts';
export {
  classesOf,
  type PictureShape,
  type PixelMap,
  permutedPixels,
  relabellings,
  turnedPixels,
} from './domains.ts';
export { type KPathContext, type KPathRun, learnKPath } from './learnKPath.ts';
export {
  type KPathActivation,
  type KPathLayout,
  type KPathNetworkOptions,
  type KPathSizes,
  type KPathStart,
  kPathLayout,
  startKPath,
} from './network.ts';
export {
  type AdamOptions,
  createOptimizer,
  type Optimizer,
  type OptimizerOptions,
  type SgdOptions,
} from './optimizers.ts';
export { createKPathProgram, type KPathProgram, type KPathStep } from './program.ts';
export type { KPathOptions } from './run.ts';
export type { KPathEpoch, KPathScores } from './score.ts';
export { createMemoryStore, type KPathState, type KPathStore, kPathStateFromJson, kPathStateToJson } from './state.ts';
export { type KPathExamples, type KPathTask, kPathSizes } from './task.ts';
