import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Executor,
  type ExecutorEntry,
  type JsonObject,
  type Plugin,
  resolveOptions,
  type Task,
  type TaskListener,
  type Warning,
} from '@ggdln/core';
import { slurmPlugin } from '@ggdln/executor-slurm';
import type { SlurmCluster } from './slurmCluster.ts';

/** The entry of the plugin. */
export function entryOf(plugin: Plugin): ExecutorEntry {
  return (plugin.executor as Readonly<Record<string, ExecutorEntry>>).slurm;
}

/** An executor of a test, and what it was heard to say. */
export interface OpenExecutor {
  readonly executor: Executor;
  readonly folder: string;
  /** Of the executor itself. */
  readonly warnings: Warning[];
  /** Why tasks were computed again. */
  readonly redone: string[];
  run(task: Task, signal?: AbortSignal): Promise<{ readonly squares: Float64Array; readonly pid: number }>;
}

/** Opens the executor in a folder of its own, with a program of the tests. */
export async function open(cluster: SlurmCluster, name: string, options: JsonObject = {}): Promise<OpenExecutor> {
  const folder = join(cluster.folder, name);
  mkdirSync(folder, { recursive: true });
  const warnings: Warning[] = [];
  const redone: string[] = [];
  const entry = entryOf(slurmPlugin);
  const executor = await entry.create(resolveOptions(entry.options, { poll: 1, throttle: 2, ...options }, 'slurm'), {
    program: { module: new URL('./program.mjs', import.meta.url).href, data: { folder } },
    folder,
    onWarning: (warning) => warnings.push(warning),
  });
  const listener: TaskListener = {
    onProgress: () => {},
    onWarning: () => {},
    onRedo: (reason) => redone.push(reason),
  };
  const here = () => Promise.reject(new Error('a task came to the process of the test'));
  return {
    executor,
    folder,
    warnings,
    redone,
    run: (task, signal = new AbortController().signal) =>
      executor.run(task, listener, signal, here) as ReturnType<OpenExecutor['run']>,
  };
}

/** A task of `program.mjs`. */
export function square(value: number, more: JsonObject = {}): Task {
  return { id: `square-${value}`, name: `the square of ${value}`, work: { value, ...more } };
}
