export {
  chainGraph,
  diamondGraph,
  type RoutingGraphOptions,
  routingGraph,
  routingSamples,
  xorNetwork,
} from './builders.ts';
export {
  type GdlnContext,
  type GdlnStatistics,
  gdlnGradientByContexts,
  gdlnStatistics,
} from './contexts.ts';
export type { GdlnData, GdlnGradient, GdlnWeights } from './data.ts';
export { descendGdln, type GdlnDescent, type GdlnState, gdlnConserved, gdlnStableRate } from './descend.ts';
export { createGdln, type Gdln, type GdlnEdge, type GdlnGraph, type GdlnNode } from './graph.ts';
export {
  type KPathData,
  type KPathReport,
  type KPathWeights,
  kPathGradient,
  kPathReport,
} from './kPath.ts';
export { trainKPath } from './kPathTraining.ts';
export {
  type GdlnPath,
  type GdlnPathStatistics,
  gdlnGradientByPaths,
  gdlnPathStatistics,
  gdlnPaths,
} from './paths.ts';
export { type ReluAsGdln, reluAsGdln } from './reluUnits.ts';
export {
  type RoutingGateOptions,
  relabelledClasses,
  rotationAngles,
  routingGate,
  semanticItems,
} from './routingTask.ts';
export { gdlnForward, gdlnGradient } from './samples.ts';
export { centreGdlnTargets, decoupledGdlnWeights, randomGdlnWeights, randomOrthogonal } from './starts.ts';
export { gdlnPathStrengths, gdlnSingularValues, gdlnStateFromJson, gdlnStateToJson } from './watch.ts';
