import {
  type ComputeTask,
  canonicalJson,
  type Executor,
  type Json,
  type JsonObject,
  type RunContext,
  type Task,
  throwIfCancelled,
} from '@ggdln/core';
import { digest } from '../plan/digest.ts';

/** What work besides points of experiments is computed with. */
export type WorkContext = Pick<RunContext, 'linalg' | 'memoryLimit' | 'signal' | 'onProgress'>;

/** Computes a piece of work from plain data, to data that can be cloned; the same numbers in every process. */
export type ComputeWork<Result> = (data: JsonObject, context: WorkContext) => Promise<Result>;

/** A function that other processes can find too: functions don't cross processes, names do. */
export interface ModuleFunction<Result> {
  /** URL of the module. */
  readonly module: string;
  /** Name of its export. */
  readonly name: string;
  /** The function itself. */
  readonly compute: ComputeWork<Result>;
}

/** A piece of work. */
export interface ModuleWork {
  /** For people. */
  readonly name: string;
  readonly data: JsonObject;
}

/**
 * Computes pieces of work that need no other by an executor, as many at once as it takes.
 * @returns What each gave, in the order of the works.
 * @throws What a piece throws, once the others that had begun have ended; GGDLN_CANCELLED.
 */
export async function computeWorks<Result>(
  works: readonly ModuleWork[],
  { module, name, compute }: ModuleFunction<Result>,
  { executor, ...context }: WorkContext & { readonly executor: Executor },
): Promise<Result[]> {
  const { signal, onProgress } = context;
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const here: ComputeTask = async ({ work }, listener, own) =>
    compute((work as { readonly data: JsonObject }).data, {
      ...context,
      signal: own,
      onProgress: listener.onProgress,
    });
  const listener = { onProgress: () => undefined, onWarning: () => undefined };
  const results: Result[] = [];
  let [next, done] = [0, 0];
  const takeWorks = async () => {
    for (let k = next++; k < works.length && !stop.signal.aborted; k = next++) {
      const data = { module, name, data: works[k].data };
      const id = (await digest(canonicalJson(data as unknown as Json))).slice(0, 24);
      const task: Task = { id, name: works[k].name, work: data };
      results[k] = (await executor.run(task, listener, stop.signal, here)) as Result;
      onProgress?.({ stage: works[k].name, done: ++done, total: works.length, unit: 'parts' });
    }
  };
  const stopping = () =>
    takeWorks().catch((error) => {
      stop.abort(error);
      throw error;
    });
  try {
    throwIfCancelled(signal, where);
    const loops = Array.from({ length: Math.min(executor.slots, works.length) }, stopping);
    const failed = (await Promise.allSettled(loops)).find(({ status }) => status === 'rejected');
    throwIfCancelled(signal, where);
    if (failed) throw stop.signal.reason;
    return results;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

const where = '@ggdln/experiments computeWorks';

/** Whether a task is work of a module rather than a point. */
export function isModuleWork({ work }: Task): boolean {
  return typeof work.module === 'string' && typeof work.name === 'string';
}

/** Computes the work of {@link computeWorks} in the process that it was sent to. */
export async function computeModuleWork({ work }: Task, context: WorkContext): Promise<unknown> {
  const { module, name, data } = work as { readonly module: string; readonly name: string; readonly data: JsonObject };
  const exported = (await import(module)) as { readonly [name: string]: ComputeWork<unknown> };
  return exported[name](data, context);
}
