import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inputError } from '@ggdln/core';
import { extraLines, type SlurmOptions } from './slurmOptions.ts';

/** A job array to be: one element computes the tasks of one file of the batch's folder. */
export interface BatchPlan {
  readonly jobName: string;
  /** Absolute path of the batch's own folder. */
  readonly folder: string;
  /** Number of array elements. */
  readonly elements: number;
  readonly options: SlurmOptions;
}

/** Cores are for array elements: numeric libraries keep to those that an element has. */
const THREAD_VARIABLES = [
  'GGDLN_BLAS_THREADS',
  'OPENBLAS_NUM_THREADS',
  'OMP_NUM_THREADS',
  'MKL_NUM_THREADS',
  'VECLIB_MAXIMUM_THREADS',
];

/**
 * The script that `sbatch` is given. Node replaces the shell, so that the signals of Slurm reach it.
 * @throws GGDLN_INPUT for a folder whose path sbatch can't be told.
 */
export function batchScript({ jobName, folder, elements, options }: BatchPlan): string {
  const { partition, account, time, memory, cpus, throttle, grace, setup, node } = options;
  const directives = [
    `--job-name=${jobName}`,
    `--array=0-${elements - 1}%${throttle}`,
    `--output=${directiveWord(`${escapedPath(folder)}/%a.log`)}`,
    '--open-mode=append',
    '--ntasks=1',
    `--cpus-per-task=${cpus}`,
    '--requeue',
    ...(grace > 0 ? [`--signal=B:USR1@${grace}`] : []),
    ...(partition ? [`--partition=${partition}`] : []),
    ...(account ? [`--account=${account}`] : []),
    ...(time ? [`--time=${time}`] : []),
    ...(memory ? [`--mem=${memory}`] : []),
    ...extraLines(options),
  ];
  const worker = fileURLToPath(new URL('./batchWorker.js', import.meta.url));
  return [
    '#!/bin/sh',
    ...directives.map((directive) => `#SBATCH ${directive}`),
    '',
    `export ${THREAD_VARIABLES.map((name) => `${name}=${cpus}`).join(' ')}`,
    ...(setup ? [setup] : []),
    `exec ${shellWord(node || process.execPath)} ${shellWord(worker)} ${shellWord(folder)} "$SLURM_ARRAY_TASK_ID"`,
    '',
  ].join('\n');
}

/** The name by which all jobs of a run are found: the same for the same folder, and of no other. */
export function jobNameOf(runFolder: string): string {
  const digest = createHash('sha256').update(runFolder).digest('hex').slice(0, 10);
  return `ggdln-${basename(runFolder)
    .replace(/[^A-Za-z0-9_-]/g, '')
    .slice(0, 24)}-${digest}`;
}

function shellWord(text: string): string {
  return /^[A-Za-z0-9_./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A path among options of sbatch, which expands `%` and, in quotes, knows no way to write these. */
function escapedPath(path: string): string {
  if (/["\\\n]/.test(path)) {
    throw inputError('executor slurm', `the folder ${path} has a quote, backslash or line break`, 'Give another --out');
  }
  return path.replaceAll('%', '%%');
}

function directiveWord(text: string): string {
  return /\s/.test(text) ? `"${text}"` : text;
}
