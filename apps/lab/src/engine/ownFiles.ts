import { ownFileKind, sha256 } from '@ggdln/datasets';
import { isObject } from '../state/editSpec.ts';
import type { LabSpec } from '../state/labState.ts';
import type { OwnFile } from './messages.ts';

/** A file of the user's own that this browser keeps. */
export interface KeptFile {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Files of the user's own. They stay in this browser: nothing here sends them anywhere. */
export interface OwnFiles {
  /**
   * Keeps a file; another of the same name is replaced.
   * @throws GGDLN_DATA for a name that the dataset `table` can't have.
   */
  put(name: string, bytes: Uint8Array): Promise<KeptFile>;
  list(): Promise<readonly KeptFile[]>;
  get(name: string): Promise<Uint8Array | undefined>;
  remove(name: string): Promise<void>;
}

interface Stored extends KeptFile {
  readonly content: Uint8Array;
}

const DATABASE = 'ggdln-lab';
const STORE = 'own-files';

/**
 * Files in the browser's database, so that they are there after a reload.
 * @param factory Absent, or one that refuses (private windows do): they last as long as the page.
 */
export function createOwnFiles(factory?: IDBFactory): OwnFiles {
  const memory = new Map<string, Stored>();
  const database = factory ? openDatabase(factory).catch(() => undefined) : Promise.resolve(undefined);
  /** Asks the database; without one, or when it refuses, memory has the answer. */
  const ask = async <Value>(
    mode: IDBTransactionMode,
    request: (store: IDBObjectStore) => IDBRequest<Value>,
  ): Promise<{ readonly value: Value } | undefined> => {
    const open = await database;
    if (!open) return undefined;
    return settled(request(open.transaction(STORE, mode).objectStore(STORE))).then(
      (value) => ({ value }),
      () => undefined,
    );
  };
  const all = async (): Promise<readonly Stored[]> => {
    const kept = await ask<Stored[]>('readonly', (store) => store.getAll());
    return [...(kept?.value ?? []).filter(({ name }) => !memory.has(name)), ...memory.values()];
  };
  return {
    async put(name, bytes) {
      ownFileKind('Own data', name);
      const file: Stored = { name, sha256: (await sha256(bytes)) ?? '', bytes: bytes.length, content: bytes };
      memory.delete(name);
      if (!(await ask('readwrite', (store) => store.put(file)))) memory.set(name, file);
      return { name, sha256: file.sha256, bytes: file.bytes };
    },
    list: async () => (await all()).map(({ name, sha256: digest, bytes }) => ({ name, sha256: digest, bytes })),
    get: async (name) => (await all()).find((file) => file.name === name)?.content,
    async remove(name) {
      memory.delete(name);
      await ask('readwrite', (store) => store.delete(name));
    },
  };
}

/** What a session sends its workers: the file that an experiment's dataset names, if it is here. */
export function filesOf(files: OwnFiles): (spec: LabSpec) => Promise<readonly OwnFile[]> {
  return async ({ dataset }) => {
    const name = isObject(dataset) && dataset.use === 'table' ? dataset.file : undefined;
    if (typeof name !== 'string') return [];
    const bytes = await files.get(name);
    return bytes ? [{ name, bytes }] : [];
  };
}

function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'name' });
  return settled(request);
}

function settled<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
