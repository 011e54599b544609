import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Task, TaskProgram } from '@ggdln/core';
import { batchScript } from './batchScript.ts';
import { batchFiles, type ElementPlan, type RunFolder } from './runFolder.ts';
import { readJob, submitScript } from './slurmCommands.ts';
import type { SlurmOptions } from './slurmOptions.ts';

/** An array element that was submitted. */
export interface Element {
  readonly job: string;
  readonly index: number;
  /** Folder of its batch. */
  readonly folder: string;
  /** Ids of its tasks, in their order. */
  readonly tasks: readonly string[];
}

/** Longest array; sites allow 1000 elements unless they say otherwise. */
const MAX_ELEMENTS = 1000;

/** How many tasks one array element of some is to compute. */
export function tasksPerElement(count: number, { tasksPerJob, throttle }: SlurmOptions): number {
  const wanted = tasksPerJob > 0 ? tasksPerJob : Math.ceil(count / throttle);
  return Math.max(1, wanted, Math.ceil(count / MAX_ELEMENTS));
}

/** Into which elements tasks fall: dealt like cards, since neighbours on an axis take about as long as each other. */
export function dealTasks<Item>(tasks: readonly Item[], options: SlurmOptions): Item[][] {
  const elements = Math.ceil(tasks.length / tasksPerElement(tasks.length, options));
  return Array.from({ length: elements }, (_, element) => tasks.filter((_task, i) => i % elements === element));
}

/**
 * Submits tasks as one job array.
 * @throws GGDLN_BACKEND with what sbatch said.
 */
export async function submitBatch(
  tasks: readonly Task[],
  setting: {
    readonly run: RunFolder;
    readonly jobName: string;
    readonly program: TaskProgram;
    readonly options: SlurmOptions;
  },
): Promise<Element[]> {
  const { run, jobName, program, options } = setting;
  const folder = join(run.batches, `${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`);
  await mkdir(folder, { recursive: true });
  const elements = dealTasks(tasks, options);
  for (const [index, own] of elements.entries()) {
    const plan: ElementPlan = { program, outcomes: run.outcomes, tasks: own };
    await writeFile(join(folder, batchFiles.plan(index)), JSON.stringify(plan));
  }
  const script = join(folder, batchFiles.script);
  await writeFile(script, batchScript({ jobName, folder, elements: elements.length, options }));
  const job = await submitScript(script, join(folder, batchFiles.job));
  return elements.map((own, index) => ({ job, index, folder, tasks: own.map(({ id }) => id) }));
}

/** The elements that an earlier process of the same run submitted, whether they still run or not. */
export async function submittedElements({ batches }: RunFolder): Promise<Element[]> {
  const names = await readdir(batches).catch(() => []);
  const found = await Promise.all(names.sort().map((name) => elementsOf(join(batches, name))));
  return found.flat();
}

async function elementsOf(folder: string): Promise<Element[]> {
  const job = await readJob(join(folder, batchFiles.job));
  if (job === undefined) return [];
  const elements: Element[] = [];
  for (let index = 0; ; index++) {
    const text = await readFile(join(folder, batchFiles.plan(index)), 'utf8').catch(() => undefined);
    if (text === undefined) return elements;
    const { tasks } = JSON.parse(text) as ElementPlan;
    elements.push({ job, index, folder, tasks: tasks.map(({ id }) => id) });
  }
}
