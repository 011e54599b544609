import { type FileSource, GgdlnError, type LinalgBackend, type Registry } from '@ggdln/core';
import { chooseLinalg } from '@ggdln/linalg';
import type { OwnFile, Told } from './messages.ts';

/** What a worker computes with, and how it tells of it. */
export interface Workbench {
  readonly registry: Registry;
  readonly linalg: LinalgBackend;
  readonly files: FileSource;
  tell(report: Told): void;
}

/** Where the files that travel with the app are, seen from a worker. */
export type FetchFile = (path: string, signal?: AbortSignal) => Promise<Uint8Array | undefined>;

/**
 * Files of datasets: the user's own first, then those that travel with the app.
 * @throws GGDLN_DATA for others; the message says how to use them elsewhere.
 */
export function labFiles(own: readonly OwnFile[], fetchFile: FetchFile): FileSource {
  return {
    async read(dataset, file, signal) {
      const mine = own.find(({ name }) => name === file);
      if (mine) return mine.bytes;
      const found = await fetchFile(`data/${dataset}/${file}`, signal);
      if (found) return found;
      throw new GgdlnError({
        code: 'GGDLN_DATA',
        where: 'lab',
        problem: `the file ${file} of ${dataset} does not travel with the lab`,
        remedy:
          `Use mnist-small here, add the file under Own data, or export the experiment and run it with ggdln run, ` +
          `which fetches ${dataset} once`,
      });
    },
  };
}

/** The fastest linear algebra of this browser, and what to know of it. */
export async function startLinalg(): Promise<{ readonly linalg: LinalgBackend; readonly warning?: string }> {
  const { backend } = await chooseLinalg();
  if (backend.name === 'wasm') return { linalg: backend };
  return { linalg: backend, warning: `Running on ${backend.name}, without wasm SIMD: several times slower.` };
}
