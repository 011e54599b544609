import type { FailureRecord, PointRecord } from './pointRecord.ts';
import type { RunManifest } from './runManifest.ts';

/** Where finished points are kept, so that an interrupted run goes on where it was. */
export interface RunStore {
  /** For messages, e.g. the folder. */
  readonly description: string;
  /** Ids of all stored points, also of those of other versions of the spec. */
  ids(): Promise<readonly string[]>;
  /**
   * A stored point, `undefined` if there is none.
   * @throws GGDLN_STORAGE for a record that is damaged; the experiment then warns and computes it again.
   */
  get(id: string): Promise<PointRecord | undefined>;
  /** Stores a point, all or nothing. @throws GGDLN_STORAGE when that isn't possible. */
  put(record: PointRecord): Promise<void>;
  /** Points that failed, until they are computed. Without it, failures are forgotten when a run ends. */
  failures?(): Promise<readonly FailureRecord[]>;
  /** Keeps a failure. @throws GGDLN_STORAGE when that isn't possible. */
  putFailure?(record: FailureRecord): Promise<void>;
  /** Hears what is to be computed, before it is. @throws GGDLN_STORAGE when it can't be kept. */
  begin?(manifest: RunManifest): Promise<void>;
}

/** Keeps points in memory: for tests, the browser, and runs that leave nothing behind. */
export function createMemoryStore(): RunStore {
  const records = new Map<string, PointRecord>();
  const failures = new Map<string, FailureRecord>();
  return {
    description: 'memory',
    ids: async () => [...records.keys()],
    get: async (id) => records.get(id),
    put: async (record) => {
      records.set(record.id, record);
      failures.delete(record.id);
    },
    failures: async () => [...failures.values()],
    putFailure: async (record) => {
      failures.set(record.id, record);
    },
  };
}
