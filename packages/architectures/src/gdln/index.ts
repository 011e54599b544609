export {
  type GdlnContext,
  type GdlnStatistics,
  gdlnGradientByContexts,
  gdlnStatistics,
} from './contexts.ts';
export type { GdlnData, GdlnGradient, GdlnWeights } from './data.ts';
export { descendGdln, type GdlnState, gdlnConserved } from './descend.ts';
export { createGdln, type Gdln, type GdlnEdge, type GdlnGraph, type GdlnNode } from './graph.ts';
export {
  type KPathData,
  type KPathReport,
  type KPathWeights,
  kPathGradient,
  kPathReport,
  trainKPath,
} from './kPath.ts';
export {
  type GdlnPath,
  type GdlnPathStatistics,
  gdlnGradientByPaths,
  gdlnPathStatistics,
  gdlnPaths,
} from './paths.ts';
export {
  type RoutingGateOptions,
  relabelledClasses,
  rotationAngles,
  routingGate,
  semanticItems,
} from './routingTask.ts';
export { gdlnForward, gdlnGradient } from './samples.ts';
