export { galuNeuronsForRate, rademacherBound } from './bounds.ts';
export {
  type DeepGaluLayer,
  type DeepGaluNetwork,
  deepGalu,
  deepGaluGradients,
} from './deep.ts';
export { type GaluDynamics, type GaluState, galuDynamics } from './dynamics.ts';
export { type GaluGenericRank, galuGenericRank } from './genericRank.ts';
export { type GaluLandscape, galuLandscape } from './landscape.ts';
export {
  type GaluFit,
  type GaluMinimumNormFit,
  galuFeatureRank,
  galuMinimumNorm,
  galuRidge,
} from './leastSquares.ts';
export { type GaluLimitKernels, galuLimitKernels } from './limitKernels.ts';
export { type GaluLogisticFit, galuLogistic } from './logistic.ts';
export {
  type GaluMemorization,
  type GaluMemorizationCurve,
  type GaluMemorizationDraw,
  galuMemorizationCurve,
  galuMemorizationPrefix,
} from './memorization.ts';
export {
  type GaluMap,
  type GaluNetwork,
  type GaluProblem,
  galuGates,
  galuKernel,
  galuMap,
  galuWithBias,
} from './network.ts';
export { type GaluPosterior, galuPosterior } from './posterior.ts';
export { linearlySeparable } from './separability.ts';
export { type GaluGateKind, type GaluGradients, galuGradients, type TrainableGalu } from './trainableGates.ts';
