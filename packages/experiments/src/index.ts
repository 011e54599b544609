export type { Executor, Task, TaskListener } from '@ggdln/core';
export { describeAxis } from './figure/describeAxis.ts';
export { type Drawable, type FigurePlan, type FigureSurroundings, planFigures } from './figure/planFigures.ts';
export { roleNamesOf } from './figure/roleNamesOf.ts';
export { agreementNotes } from './metrics/agreementNotes.ts';
export { compareRuns, type RunComparison } from './metrics/compareRuns.ts';
export { compareSources } from './metrics/compareSources.ts';
export { type JackknifeEstimate, jackknife } from './metrics/jackknife.ts';
export { type Metric, metricNames, type PredictorMoments, predictorMetrics } from './metrics/predictorMetrics.ts';
export { axesOf, type Coordinates, type PlannedPoint, type PointSettings, planPoints } from './plan/planPoints.ts';
export { findMismatches, type Mismatch, problemTraits, requireCompatible } from './run/compatibility.ts';
export { type CostEstimate, type CostEstimator, createCostEstimator, estimateBytes } from './run/costEstimate.ts';
export type { ExperimentEvent, OnExperimentEvent, PointCounts } from './run/events.ts';
export {
  collectArrays,
  type ExperimentResult,
  failuresTable,
  type PointFailure,
  tableOfPoints,
} from './run/experimentResult.ts';
export type { RunOptions } from './run/experimentRun.ts';
export { inProcess } from './run/inProcess.ts';
export {
  type LiveExperiment,
  type LiveListener,
  type LiveSnapshot,
  openLiveExperiment,
} from './run/liveExperiment.ts';
export { computeWorks } from './run/moduleWork.ts';
export type { PreparedProblem, Surroundings } from './run/prepareProblem.ts';
export { runExperiment } from './run/runExperiment.ts';
export { type RunStudyOptions, runStudy, type StudyRun } from './run/runStudy.ts';
export { countTasks } from './run/runTask.ts';
export { startTensor } from './run/startTensor.ts';
export { axisOptions, experimentOptions } from './spec/axes.ts';
export type {
  AxisValue,
  Draw,
  ExperimentSpec,
  ExperimentSweep,
  FigureSpec,
  PartSpec,
  RandomSweep,
  SourceSpec,
  SweepSpec,
} from './spec/experimentSpec.ts';
export { overrideSpec } from './spec/overrideSpec.ts';
export { parseSpec, parseStudy } from './spec/parseSpec.ts';
export { isPerLayer, type ResolvedPart, type ResolvedSource, type ResolvedSpec, toSpec } from './spec/resolvedSpec.ts';
export { resolveSpec } from './spec/resolveSpec.ts';
export { specJsonSchema, studyJsonSchema } from './spec/specJsonSchema.ts';
export type { SpecFile } from './spec/specSource.ts';
export {
  isStudy,
  overrideStudy,
  type ResolvedStudy,
  resolveStudy,
  type StudyFile,
  type StudySpec,
  toStudySpec,
} from './spec/studySpec.ts';
export type { Diagnostic, FailureRecord, PointRecord } from './store/pointRecord.ts';
export type { ManifestPoint, RunManifest } from './store/runManifest.ts';
export { createMemoryStore, type RunStore } from './store/runStore.ts';
export { compareValues, type Tolerance, type ValueCheck } from './verify/compareValues.ts';
export {
  type CaseReport,
  type FixtureReport,
  toVerifyDocument,
  type VerifyOptions,
  verifyFixture,
} from './verify/verifyFixture.ts';
