export { defaultCacheDir } from './cacheDir.ts';
export { type DataFile, type DataPackage, dataPackages } from './catalogue.ts';
export { type DatasetStatus, datasetStatus, type FileState } from './datasetStatus.ts';
export { type FetchOptions, type FetchResult, fetchDataset } from './fetchDataset.ts';
export { createFileSource, type FileSourceOptions } from './fileSource.ts';
