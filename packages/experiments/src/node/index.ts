export { type CheckpointFolder, openCheckpointFolder } from './checkpointFolder.ts';
export { executorsPlugin } from './executorsPlugin.ts';
export { type FolderStore, openFolderStore } from './folderStore.ts';
export { type PruneReport, pruneRun } from './pruneRun.ts';
export { findRuns, inspectRun, type RunContent, type RunInfo, readRun } from './runFolder.ts';
export {
  openTaskProgram,
  type SetUpWorker,
  taskProgram,
  type WorkerSetup,
  type WorkerSurroundings,
} from './taskProgram.ts';
export { type WorkerPool, type WorkerPoolOptions, workerPool } from './workerPool.ts';
export { type NamedFile, writeFiles } from './writeFiles.ts';
export { type WriteOptions, writeResults } from './writeResults.ts';
export { writeStudy } from './writeStudy.ts';
