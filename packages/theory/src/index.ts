export {
  createGgdlnAction,
  type GgdlnAction,
  type GgdlnActionAt,
  type GgdlnActionValue,
  ggdlnActionAt,
} from './ggdln/actionAt.ts';
export { type GateInputs, type GateKernelOptions, gateKernel, type HalfSpaceLaw } from './ggdln/gateKernel.ts';
export { halfSpaceOverlap } from './ggdln/halfSpaceOverlap.ts';
export {
  type InfiniteGatesOptions,
  type InfiniteGatesProblem,
  type InfiniteGatesSolution,
  type InfinitelyGatedInputs,
  infiniteGatesKernel,
  infiniteGatesPredictor,
} from './ggdln/infiniteGates.ts';
export { type InfiniteWidthSolution, infiniteWidthPredictor } from './ggdln/infiniteWidth.ts';
export { type GgdlnMemoryPlan, type GgdlnSizes, planGgdlnMemory } from './ggdln/memoryPlan.ts';
export { type OneGateProblem, oneGateLimit } from './ggdln/oneGateLimit.ts';
export { type PreparedGgdln, prepareGgdln } from './ggdln/prepare.ts';
export { solveGgdln, solvePreparedGgdln } from './ggdln/solve.ts';
export type {
  GgdlnData,
  GgdlnOptions,
  GgdlnPredictor,
  GgdlnProblem,
  GgdlnReductions,
  GgdlnSetting,
  GgdlnSolution,
  GgdlnStatistics,
  GgdlnUnconverged,
  PrepareOptions,
  SolveOptions,
} from './ggdln/types.ts';
export { solveGgdlnWidths } from './ggdln/widths.ts';
export { theoryPlugin } from './plugin.ts';
