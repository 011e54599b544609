import { existsSync } from 'node:fs';
import {
  type ComputeTask,
  GgdlnError,
  isGgdlnError,
  type LearnerSnapshot,
  type OpenTaskProgram,
  type Progress,
  packError,
  type Task,
  type TaskListener,
  type Warning,
} from '@ggdln/core';
import { type Outcome, readOutcome, writeOutcome } from './outcomeFile.ts';
import { deliveredFile, type ElementPlan, outcomeFile } from './runFolder.ts';
import { openStateFile, type StateFile } from './stateFile.ts';

/** What an element is computed with. */
export interface ElementSurroundings {
  readonly stateFile: string;
  /** How often Slurm has started the element again. */
  readonly restarts: number;
  readonly memoryLimit: number | undefined;
  /** Fires when the process is to end; the reason is the name of what it was sent. */
  readonly signal: AbortSignal;
  readonly log: (text: string) => void;
}

/**
 * Computes the tasks of an array element, in their order, without those that have an outcome: an element that was
 * stopped and started again goes on where it was.
 * @returns Whether all of them have an outcome now.
 */
export async function computeElement(plan: ElementPlan, surroundings: ElementSurroundings): Promise<boolean> {
  const { restarts, signal, log } = surroundings;
  const left = await unfinished(plan, restarts);
  const resumed = plan.tasks.length - left.length;
  const state = openStateFile(surroundings.stateFile, { task: null, resumed, computed: 0, restarts });
  log(`${left.length} of ${plan.tasks.length} tasks to compute${restarts > 0 ? `, started again (${restarts})` : ''}`);
  const stopped = async () => {
    await state.set({ stoppedBy: String(signal.reason) });
    return false;
  };
  let opened: Promise<ComputeTask> | undefined;
  const computeTask: ComputeTask = async (...given) => {
    opened ??= openProgram(plan, surroundings);
    return (await opened)(...given);
  };
  for (const [index, task] of left.entries()) {
    if (signal.aborted) return stopped();
    await state.set({ task: task.id, computed: index });
    log(`${task.name} (${task.id})`);
    const outcome = await compute(task, computeTask, state, signal);
    if (!outcome) return stopped();
    await writeOutcome(outcomeFile(plan.outcomes, task.id), outcome);
    const seconds = `${outcome.seconds.toFixed(2)} s`;
    log(outcome.type === 'done' ? `  done in ${seconds}` : `  failed after ${seconds}: ${outcome.error.message}`);
  }
  await state.set({ task: null, computed: left.length });
  return true;
}

async function openProgram({ program }: ElementPlan, { memoryLimit }: ElementSurroundings): Promise<ComputeTask> {
  const { openTaskProgram } = (await import(program.module)) as { readonly openTaskProgram: OpenTaskProgram };
  return openTaskProgram(program.data, memoryLimit === undefined ? {} : { memoryLimit });
}

/** Failures that were delivered are only finished for an element that is started again: what is submitted is wanted. */
async function unfinished({ tasks, outcomes }: ElementPlan, restarts: number): Promise<Task[]> {
  const left: Task[] = [];
  for (const task of tasks) {
    if (restarts > 0 && existsSync(deliveredFile(outcomes, task.id))) continue;
    if (!(await readOutcome(outcomeFile(outcomes, task.id)))) left.push(task);
  }
  return left;
}

/** `undefined` where the task was given up because the process is to end. */
async function compute(
  task: Task,
  computeTask: ComputeTask,
  state: StateFile,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  const warnings: Warning[] = [];
  const started = performance.now();
  const spent = () => ({ warnings, seconds: (performance.now() - started) / 1000 });
  const listener: TaskListener = {
    onProgress: (progress: Progress, snapshot?: LearnerSnapshot) =>
      state.report({ progress, ...(snapshot ? { snapshot } : {}) }),
    onWarning: (warning) => warnings.push(warning),
  };
  try {
    const result = await unlessStopped(computeTask(task, listener, signal), signal);
    return { type: 'done', result, ...spent() };
  } catch (error) {
    if (signal.aborted && isGgdlnError(error) && error.code === 'GGDLN_CANCELLED') return undefined;
    return { type: 'failed', error: packError(error), ...spent() };
  }
}

/** Tasks that wait for something and don't look at the signal are given up all the same. */
async function unlessStopped<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let onAbort = () => {};
  const stopped = new Promise<never>((_, reject) => {
    onAbort = () =>
      reject(
        new GgdlnError({ code: 'GGDLN_CANCELLED', where: 'executor slurm', problem: `stopped by ${signal.reason}` }),
      );
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
