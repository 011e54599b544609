export { type FolderStore, openFolderStore } from './folderStore.ts';
export {
  type SetUpWorker,
  type WorkerPool,
  type WorkerPoolOptions,
  type WorkerSurroundings,
  workerPool,
} from './workerPool.ts';
export { type NamedFile, writeFiles } from './writeFiles.ts';
export { type WriteOptions, writeResults } from './writeResults.ts';
