export { type FolderStore, openFolderStore } from './folderStore.ts';
export { type NamedFile, writeFiles } from './writeFiles.ts';
export { type WriteOptions, writeResults } from './writeResults.ts';
