export { ALWAYS_ON, alwaysOn, alwaysOnGates, withAlwaysOn } from './alwaysOn.ts';
export { type ClusterOptions, type Clusters, findClusters } from './clusters.ts';
export {
  type DrawnHalfSpaces,
  type DrawnHalfSpacesOptions,
  drawnHalfSpaceGates,
  drawnHalfSpaces,
} from './drawnHalfSpaces.ts';
export { deadInputs, type GateReport, gateReport } from './gateReport.ts';
export { gatingPlugin } from './gatingPlugin.ts';
export { drawHalfSpaces, type HalfSpacesOptions, halfSpaceGates, halfSpaces } from './halfSpaces.ts';
export { type KMeansOptions, kMeans } from './kMeans.ts';
export {
  type Centroids,
  type NearestCentroidOptions,
  nearestCentroid,
  nearestCentroidGates,
} from './nearestCentroid.ts';
export { type OneHotTasksOptions, oneHotTaskGates, oneHotTasks } from './oneHotTasks.ts';
export type { HalfSpaces } from './openSides.ts';
export { type PrincipalSidesOptions, principalSides } from './principalSides.ts';
export { type TaskCodeOptions, type TaskCodeState, taskCode, taskCodeGates } from './taskCode.ts';
export { drawTaskCodes, type TaskCodes } from './taskCodes.ts';
export { type TaskMask, type TaskMaskOptions, taskMask } from './taskMask.ts';
export { type TaskPermutation, type TaskPermutationOptions, taskPermutation } from './taskPermutation.ts';
