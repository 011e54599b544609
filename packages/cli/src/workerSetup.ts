// What every process sets itself up with that computes for the command, on this machine or another.
import { createRegistry, type JsonObject } from '@ggdln/core';
import { createFileSource } from '@ggdln/datasets/node';
import type { WorkerSurroundings } from '@ggdln/experiments/node';
import { chooseLinalg } from '@ggdln/linalg';
import { builtinPlugins, linalgCandidates } from './builtinPlugins.ts';
import { loadPlugins } from './loadPlugins.ts';
import { memoryLimit } from './memory.ts';

/** What a worker has to know to compute as the command itself does. */
export interface WorkerData extends JsonObject {
  /** Plugins besides the built-in ones, in their order; see `loadPlugins`. */
  readonly plugins: readonly { readonly specifier: string; readonly from: string }[];
  /** Name of the backend. */
  readonly linalg: string;
  /** Folder of dataset files, if one was named. */
  readonly data: string | null;
}

/** Makes registry, backend and file source like those of the command. */
export async function setUpWorker(json: JsonObject): Promise<WorkerSurroundings> {
  const { plugins, linalg, data } = json as unknown as WorkerData;
  const loaded = await Promise.all(plugins.map(({ specifier, from }) => loadPlugins([specifier], from)));
  const registry = createRegistry([...builtinPlugins, ...new Set(loaded.flat())]);
  const { backend } = await chooseLinalg(linalg, linalgCandidates(registry));
  return {
    registry,
    linalg: backend,
    memoryLimit: memoryLimit(),
    files: createFileSource(data === null ? {} : { folder: data }),
  };
}
