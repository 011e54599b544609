export { type FolderStore, openFolderStore } from './folderStore.ts';
export { type WriteOptions, writeResults } from './writeResults.ts';
