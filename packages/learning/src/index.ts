export { type DescendTasksOptions, type DescentOfTasks, descendTasks } from './continual/descendTasks.ts';
export { sampleTaskChain, type TaskChainOptions, type TaskChainRun } from './continual/gibbsChain.ts';
export type { SecondHeadProblem } from './continual/headTasks.ts';
export { learnTasksOnline, type OnlineTasks, type OnlineTasksOptions } from './continual/onlineTasks.ts';
export {
  type SecondHeadOptions,
  type SecondHeadSample,
  sampleSecondHead,
} from './continual/secondHead.ts';
export {
  type ForgettingEstimate,
  forgettingOverRuns,
  type TaskExamples,
  type TaskOutputs,
  type TaskSequence,
} from './continual/tasks.ts';
export { type BatchMeans, batchMeans } from './diagnostics/batchMeans.ts';
export type { Chains } from './diagnostics/chains.ts';
export { effectiveSampleSize } from './diagnostics/effectiveSampleSize.ts';
export { splitRhat } from './diagnostics/splitRhat.ts';
export {
  computeEnsemblePart,
  type EnsemblePart,
  ensembleModule,
  ensembleParts,
  joinEnsemble,
} from './ensembles/ensemblePart.ts';
export type { EnsembleRun } from './ensembles/ensembleRun.ts';
export { type EnsembleOptions, langevinEnsemble } from './ensembles/langevinEnsemble.ts';
export type { EnsembleNetwork, EnsembleProblem } from './ensembles/network.ts';
export { type PairStatistics, pairStatistics } from './ensembles/statistics.ts';
export { blockGibbs } from './gibbs/blockGibbs.ts';
export { type BlockDraw, type DrawProblem, drawGaussianBlock } from './gibbs/drawBlock.ts';
export { type GibbsMemoryOptions, type GibbsMemoryPlan, planGibbsMemory } from './gibbs/memory.ts';
export type { BlockGibbsOptions, GibbsEstimator } from './gibbs/plan.ts';
export {
  createGibbsSampler,
  type GibbsProblem,
  type GibbsSampler,
  type GibbsState,
  type GibbsSweep,
} from './gibbs/sampler.ts';
export { gibbsStateFromJson, gibbsStateToJson } from './gibbs/stateJson.ts';
export {
  type BernoulliLearnerOptions,
  type BernoulliPrediction,
  bernoulliLearner,
  bernoulliLoss,
} from './gln/bernoulli.ts';
export { type GaussianPrediction, gaussianLearner, gaussianLoss } from './gln/gaussian.ts';
export { type OneVsAllPrediction, oneVsAllLearner } from './gln/oneVsAll.ts';
export {
  decayingStepSize,
  type LearnOnlineOptions,
  learnOnline,
  type OnlineExample,
  type OnlineLearner,
  type OnlineRun,
  type OnlineState,
  type StepSize,
} from './gln/online.ts';
export { type OnlineOptions, online, onlineState } from './gln/onlineLearner.ts';
export { onlineStateFromJson, onlineStateToJson } from './gln/stateJson.ts';
export { compressInputs, type InputCompression } from './gradient/compressInputs.ts';
export type { GradientOptions } from './gradient/createLossNetwork.ts';
export type { GradientDescentOptions } from './gradient/descentPlan.ts';
export { gradientDescent } from './gradient/gradientDescent.ts';
export { langevin } from './gradient/langevin.ts';
export type { LangevinDynamics, LangevinOptions } from './gradient/langevinPlan.ts';
export { createStepper, type StepperOptions } from './gradient/stepper.ts';
export { type HmcOptions, hmc } from './hmc/hmc.ts';
export { createHmcSampler, type HmcMove, type HmcSampler, type HmcSettings, type HmcState } from './hmc/sampler.ts';
export { hmcStateFromJson, hmcStateToJson } from './hmc/stateJson.ts';
export { learningPlugin } from './plugin.ts';
