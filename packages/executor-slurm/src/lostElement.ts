import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { GgdlnError } from '@ggdln/core';
import type { Element } from './batches.ts';
import { batchFiles, type ElementState } from './runFolder.ts';
import { type ElementEnd, elementName } from './slurmCommands.ts';

/** An element that has ended before all of its tasks had an outcome. */
export interface LostElement {
  readonly element: Element;
  readonly end: ElementEnd;
  /** What it said last; `undefined` where it never began. */
  readonly state: ElementState | undefined;
  /** Ids of its tasks without an outcome that somebody waits for. */
  readonly unfinished: readonly string[];
}

/** Ends that no task has a part in. */
const CLUSTER_ENDS: readonly string[] = ['PREEMPTED', 'NODE_FAIL', 'BOOT_FAIL', 'REQUEUED', 'REVOKED'];
/** Characters of a log that a message shows. */
const TAIL = 1500;

/**
 * The tasks that may have been the cause: the one under way, or all where none had begun. None where the cluster was, or
 * where time ran out after some had been computed: then the rest only needs another turn.
 */
export function suspects({ end, state, unfinished }: LostElement): readonly string[] {
  if (CLUSTER_ENDS.includes(end.state)) return [];
  const outOfTime = end.state === 'TIMEOUT' || state?.stoppedBy !== undefined;
  if (outOfTime && (state?.computed ?? 0) > 0) return [];
  const underWay = state?.task;
  return underWay !== undefined && underWay !== null && unfinished.includes(underWay) ? [underWay] : unfinished;
}

/** How an element ended, in words, e.g. `The Slurm job 12_3 ended as FAILED (exit code 1:0)`. */
export function describeLoss({ element, end, state }: LostElement): string {
  const code = end.exitCode === undefined ? '' : ` (exit code ${end.exitCode})`;
  const signal = state?.stoppedBy === undefined ? '' : ` after ${state.stoppedBy}`;
  return `the Slurm job ${elementName(element.job, element.index)} ended as ${end.state}${code}${signal}`;
}

/** The error of a task that is given up. @param deaths How many processes died of it. */
export async function lossError(lost: LostElement, taskName: string, deaths: number): Promise<GgdlnError> {
  const { element, end, state } = lost;
  const file = join(element.folder, batchFiles.log(element.index));
  const tail = await tailOf(file);
  const before = deaths > 1 ? `, as did ${deaths - 1} before it` : '';
  const log = tail === '' ? 'it left no log' : `the end of its log:\n${indent(tail)}\n`;
  return new GgdlnError({
    // Nobody's fault: whoever cancels one job wants no more of them.
    code: end.state === 'CANCELLED' ? 'GGDLN_CANCELLED' : 'GGDLN_WORKER',
    where: 'executor slurm',
    problem: `${describeLoss(lost)} while it computed ${taskName}${before}; ${log}`,
    remedy: remedyFor(end, state, file),
  });
}

function remedyFor({ state: end }: ElementEnd, state: ElementState | undefined, file: string): string {
  if (end === 'CANCELLED') return 'Run the same again to go on from what is finished';
  if (end === 'OUT_OF_MEMORY') return 'Ask for more with --executor.memory';
  if (end === 'TIMEOUT' || state?.stoppedBy !== undefined) return 'Ask for more time with --executor.time';
  return `Its whole log is ${file}; --print-jobs shows the script`;
}

async function tailOf(file: string): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return '';
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, TAIL);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const text = buffer.toString('utf8').trim();
    return size > TAIL ? text.slice(text.indexOf('\n') + 1) : text;
  } finally {
    await handle.close();
  }
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
