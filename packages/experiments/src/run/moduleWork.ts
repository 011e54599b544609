import {
  type ComputeTask,
  type ComputeWork,
  canonicalJson,
  type Executor,
  type Json,
  type JsonObject,
  type ModuleFunction,
  type ModuleWork,
  type Task,
  throwIfCancelled,
  type WorkContext,
} from '@ggdln/core';
import { digest } from '../plan/digest.ts';

/**
 * Computes pieces of work that need no other by an executor, as many at once as it takes.
 * @returns What each gave, in the order of the works, as it comes; stopping the iteration ends what still computes.
 * @throws What a piece throws, once the others that had begun have ended; GGDLN_CANCELLED.
 */
export async function* worksInOrder<Result>(
  works: readonly ModuleWork[],
  by: ModuleFunction<Result>,
  { executor, ...context }: WorkContext & { readonly executor: Executor },
): AsyncGenerator<Result, void, void> {
  const { signal, onProgress } = context;
  throwIfCancelled(signal, where);
  const stop = new AbortController();
  const results = works.map(() => promiseWithSettlers<Result>());
  const fail = (error: unknown) => {
    stop.abort(error);
    for (const { reject } of results) reject(error);
  };
  const onAbort = () => {
    try {
      throwIfCancelled(signal, where);
    } catch (error) {
      fail(error);
    }
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  let [next, done] = [0, 0];
  const takeWorks = async () => {
    for (let k = next++; k < works.length && !stop.signal.aborted; k = next++) {
      results[k].resolve(await computeOne(works[k], by, executor, context, stop.signal));
      onProgress?.({ stage: works[k].name, done: ++done, total: works.length, unit: 'parts' });
    }
  };
  const loops = Array.from({ length: Math.min(executor.slots, works.length) }, () => takeWorks().catch(fail));
  try {
    for (const { promise } of results) yield await promise;
  } finally {
    stop.abort();
    await Promise.all(loops);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** All results of {@link worksInOrder}. @throws Likewise. */
export async function computeWorks<Result>(
  works: readonly ModuleWork[],
  by: ModuleFunction<Result>,
  how: WorkContext & { readonly executor: Executor },
): Promise<Result[]> {
  const results: Result[] = [];
  for await (const result of worksInOrder(works, by, how)) results.push(result);
  return results;
}

async function computeOne<Result>(
  work: ModuleWork,
  { module, name, compute }: ModuleFunction<Result>,
  executor: Executor,
  context: WorkContext,
  signal: AbortSignal,
): Promise<Result> {
  const here: ComputeTask = async (_task, { onProgress }, own) =>
    compute(work.data, { ...context, signal: own, onProgress });
  const listener = { onProgress: () => undefined, onWarning: () => undefined };
  const data = { module, name, data: work.data };
  const id = (await digest(canonicalJson(data as unknown as Json))).slice(0, 24);
  const task: Task = { id, name: work.name, work: data };
  return (await executor.run(task, listener, signal, here)) as Result;
}

/** A promise that is settled from outside; nobody needs to wait for it. */
function promiseWithSettlers<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<Value>((onValue, onError) => {
    [resolve, reject] = [onValue, onError];
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
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
