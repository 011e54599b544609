// The contracts without a test runner: `@ggdln/plugin-testkit/checks`.
export { type Check, type FailedCheck, failedChecks } from './check.ts';
export { checkArchitecture } from './checkArchitecture.ts';
export { checkDataset, type DatasetSetup } from './checkDataset.ts';
export { checkEntry } from './checkEntry.ts';
export { checkExecutor, type ExecutorSetup } from './checkExecutor.ts';
export { checkGating, type GatingSetup } from './checkGating.ts';
export { checkLearner, type LearnerSetup } from './checkLearner.ts';
export { checkLinalg, type LinalgCheckOptions } from './checkLinalg.ts';
export { checkPanel, type PanelDocument, type PanelSetup } from './checkPanel.ts';
export { checkPlugin, type PluginSetup, type PluginSuite } from './checkPlugin.ts';
export { checkStudy, type StudySetup } from './checkStudy.ts';
export { checkTensor, type TensorSetup } from './checkTensor.ts';
export { checkTheory, type TheorySetup } from './checkTheory.ts';
export type { NastyMatrix } from './linalg/nasty.ts';
export type { ArchitectureSetup } from './sampleNetwork.ts';
export { emptyRunView, sampleRunView } from './sampleRunView.ts';
export { type SampleProblemOptions, sampleProblem } from './samples.ts';
