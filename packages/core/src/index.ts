export type {
  Architecture,
  ConditionallyGaussian,
  GaussianBlock,
  GramOptions,
  NetworkDimensions,
  Parameters,
  ProductCache,
  TensorLike,
} from './contracts/architecture.ts';
export type { FileSource, RunContext, Warning } from './contracts/context.ts';
export type { Dataset, Examples } from './contracts/dataset.ts';
export type {
  ComputeTask,
  Executor,
  ExecutorContext,
  OpenTaskProgram,
  Task,
  TaskListener,
  TaskProgram,
} from './contracts/executor.ts';
export type { GatedInputs } from './contracts/gatedInputs.ts';
export type { Gates, Gating, GatingFitContext } from './contracts/gating.ts';
export type {
  FlatArray,
  FlatArrayConstructor,
  GatedExamples,
  GradientFactory,
  GradientProgram,
} from './contracts/gradient.ts';
export type {
  Estimate,
  Learner,
  LearnerChains,
  LearnerResult,
  LearnerSnapshot,
  PredictorBatches,
  SampledPredictor,
} from './contracts/learner.ts';
export type {
  FlatProduct,
  GemmOptions,
  InverseOptions,
  LinalgBackend,
  Matrix,
  OverwriteOptions,
  SyrkOptions,
  TriangularSolveOptions,
} from './contracts/linalg.ts';
export type { Neighbour } from './contracts/neighbour.ts';
export type {
  PanelContext,
  PanelElement,
  PanelEntry,
  PointHistory,
  PointView,
  ProblemView,
  Readable,
  RunView,
  Selection,
  Writable,
} from './contracts/panel.ts';
export {
  type ArchitectureEntry,
  CONTRACT_VERSION,
  type ConformanceCase,
  type DatasetEntry,
  defineArchitecture,
  defineDataset,
  defineExecutor,
  defineGating,
  defineLearner,
  defineLinalg,
  defineStudy,
  defineTensor,
  defineTheory,
  type EntryOf,
  type ExecutorEntry,
  type GatingEntry,
  type GatingTraits,
  type Incompatibility,
  type LearnerEntry,
  type LinalgEntry,
  PLUGIN_KINDS,
  type Plugin,
  type PluginKind,
  type ProblemTraits,
  type Reference,
  type StudyEntry,
  type TensorEntry,
  type TheoryAccuracy,
  type TheoryEntry,
} from './contracts/plugin.ts';
export type { Problem } from './contracts/problem.ts';
export type { LearnerRole, RoleNames, SourceRole, TheoryRole } from './contracts/sourceRole.ts';
export type { Study, StudyAxis, StudyMetric, StudyResult, StudySnapshot } from './contracts/study.ts';
export type { TensorBackend } from './contracts/tensor.ts';
export type { TheoryResult, TheorySolver } from './contracts/theory.ts';
export type { ComputeWork, ModuleFunction, ModuleWork, SpreadWorks, WorkContext } from './contracts/works.ts';
export { contractMismatch } from './contractVersion.ts';
export { type ErrorCode, type ErrorParts, GgdlnError, inputError, isGgdlnError, NotConvergedError } from './errors.ts';
export { canonicalJson, type Json, type JsonObject } from './json.ts';
export { nearestNames, unknownNameError } from './names.ts';
export {
  type BooleanOption,
  boolean,
  type ChoiceOption,
  choice,
  describeRange,
  type IntegerOption,
  integer,
  type NumberOption,
  type NumbersOption,
  number,
  numbers,
  type Option,
  type OptionsSchema,
  type OptionValues,
  optionsJsonSchema,
  readOption,
  resolveOptions,
  type TextOption,
  text,
} from './options.ts';
export { type PackedError, packError, unpackError } from './packedError.ts';
export { createPacer, type OnProgress, type Progress, throwIfCancelled } from './progress.ts';
export { createRandom, type RandomState, type RandomStream, restoreRandom } from './random.ts';
export { createRegistry, type RegisteredEntry, type Registry } from './registry.ts';
export { type Cell, createTable, type Row, selectRows, type Table } from './table.ts';
