// Both ends of how another process computes tasks of an experiment: what describes it, and what runs there.
import type { FileSource, JsonObject, LinalgBackend, OpenTaskProgram, Registry, TaskProgram } from '@ggdln/core';
import { computeModuleWork, isModuleWork } from '../run/moduleWork.ts';
import { createPreparer } from '../run/prepareProblem.ts';
import { createShelf, taskComputer } from '../run/taskComputer.ts';

/** What a process computes with: like that of the experiment, since points are named after it. */
export interface WorkerSurroundings {
  readonly registry: Registry;
  readonly linalg: LinalgBackend;
  readonly files?: FileSource;
  /** Bytes that one worker may use, where its executor doesn't say. */
  readonly memoryLimit?: number;
}

/** What a set-up module exports by the name `setUpWorker`. */
export type SetUpWorker = (data: JsonObject) => WorkerSurroundings | Promise<WorkerSurroundings>;

/** How a process that computes for an experiment sets itself up. */
export interface WorkerSetup {
  /**
   * URL of the module that every worker imports. It exports `setUpWorker`, which makes registry, backend and file source
   * like those of the experiment: functions don't cross processes, names do.
   */
  readonly module: string | URL;
  /** What `setUpWorker` is given, e.g. the names of plugins and of the backend. */
  readonly data: JsonObject;
}

/** The program that executors are given, see `ExecutorContext`. Processes can only run what is built. */
export function taskProgram({ module, data }: WorkerSetup): TaskProgram {
  return { module: new URL('./taskProgram.js', import.meta.url).href, data: { module: String(module), data } };
}

/** What the new process calls. */
export const openTaskProgram: OpenTaskProgram = async (json, { memoryLimit }) => {
  const { module, data } = json as { readonly module: string; readonly data: JsonObject };
  const { setUpWorker } = (await import(module)) as { readonly setUpWorker: SetUpWorker };
  const given = await setUpWorker(data);
  const surroundings = memoryLimit === undefined ? given : { ...given, memoryLimit };
  // Tasks of one process share datasets and gates.
  const prepare = createPreparer(surroundings);
  const computePoint = taskComputer(surroundings, ({ settings }) => prepare(settings), createShelf());
  const { linalg, memoryLimit: limit } = surroundings;
  return (task, listener, signal) => {
    if (!isModuleWork(task)) return computePoint(task, listener, signal);
    const { onProgress } = listener;
    return computeModuleWork(task, {
      linalg,
      signal,
      onProgress,
      ...(limit === undefined ? {} : { memoryLimit: limit }),
    });
  };
};
