export { type ExactBpkr, exactBpkr, exactLayerGrams, exactPreparedBpkr } from './exact/exactBpkr.ts';
export { createExactSampler, type ExactSample, type ExactSampler } from './exact/exactSampler.ts';
export type { ExactOptions } from './exact/scalePosterior.ts';
export { type LayerGramOptions, layerGrams } from './layerGrams.ts';
export { type BpkrErrors, predictorErrors } from './predictor.ts';
export { type PreparedBpkr, prepareBpkr } from './prepare.ts';
export { solveBpkr, solvePreparedBpkr, solveReluHeuristic } from './solve.ts';
export type {
  BpkrData,
  BpkrOptions,
  BpkrPredictor,
  BpkrProblem,
  BpkrSaddle,
  BpkrSetting,
  BpkrSolution,
} from './types.ts';
