export {
  classesOf,
  type PictureShape,
  type PixelMap,
  permutedPixels,
  relabellings,
  turnedPixels,
} from './domains.ts';
export {
  type KPathContext,
  type KPathEpoch,
  type KPathOptions,
  type KPathRun,
  learnKPath,
} from './learnKPath.ts';
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
export { createKPathProgram, type KPathBatch, type KPathProgram } from './program.ts';
export type { KPathScores } from './score.ts';
export { createMemoryStore, type KPathState, type KPathStore, kPathStateFromJson, kPathStateToJson } from './state.ts';
export { type KPathExamples, type KPathTask, kPathSizes } from './task.ts';
