/** What a typical program imports from a package, and where it runs. */
export interface TypicalImport {
  /** e.g. `@ggdln/plot/node`. */
  readonly from: string;
  readonly name: string;
  /** `page`: everything is in the bundle. `node`: only packages of this repository are. */
  readonly runs: 'page' | 'node';
  /** True where TensorFlow.js is what the import is for; in all others it must be absent. */
  readonly tensors?: true;
}

/** One or more for every public package. */
export const typicalImports: readonly TypicalImport[] = [
  { from: '@ggdln/core', name: 'createRandom', runs: 'page' },
  { from: '@ggdln/core', name: 'createRegistry', runs: 'page' },
  { from: '@ggdln/io', name: 'decodeNpz', runs: 'page' },
  { from: '@ggdln/linalg', name: 'matrix', runs: 'page' },
  { from: '@ggdln/linalg', name: 'createWasmBackend', runs: 'page' },
  { from: '@ggdln/datasets', name: 'noisyTeacher', runs: 'page' },
  { from: '@ggdln/gating', name: 'halfSpaces', runs: 'page' },
  { from: '@ggdln/theory', name: 'solveGgdln', runs: 'page' },
  { from: '@ggdln/experiments', name: 'parseSpec', runs: 'page' },
  { from: '@ggdln/experiments', name: 'runExperiment', runs: 'page' },
  { from: '@ggdln/plot', name: 'renderFigure', runs: 'page' },
  { from: '@ggdln/tensor', name: 'selectTensorBackend', runs: 'page', tensors: true },
  { from: '@ggdln/architectures', name: 'createGgdln', runs: 'page', tensors: true },
  { from: '@ggdln/learning', name: 'blockGibbs', runs: 'page' },
  { from: '@ggdln/standard', name: 'standardPlugins', runs: 'page', tensors: true },
  { from: '@ggdln/studies', name: 'studiesPlugin', runs: 'page', tensors: true },
  { from: '@ggdln/executor-slurm', name: 'slurmPlugin', runs: 'node' },
  { from: '@ggdln/plugin-testkit', name: 'testGating', runs: 'node' },
  { from: '@ggdln/plugin-testkit/checks', name: 'checkPlugin', runs: 'node' },
  { from: '@ggdln/create-plugin', name: 'createPlugin', runs: 'node' },
  { from: '@ggdln/linalg-openblas', name: 'createOpenblasBackend', runs: 'node' },
  { from: '@ggdln/tensor-openblas', name: 'registerOpenblasTensors', runs: 'node', tensors: true },
  { from: '@ggdln/reproductions', name: 'reproductions', runs: 'node', tensors: true },
  { from: '@ggdln/cli', name: 'main', runs: 'node', tensors: true },
];
