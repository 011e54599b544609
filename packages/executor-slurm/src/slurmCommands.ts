import { execFile, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { GgdlnError } from '@ggdln/core';

/** What Slurm says of an array element that it still knows. */
export interface QueuedElement {
  /** e.g. `PENDING`, `RUNNING`. */
  readonly state: string;
  /** Why it waits, e.g. `Resources`, `BeginTime`; `None` when it doesn't. */
  readonly reason: string;
}

/** How an array element ended, as far as Slurm can tell. */
export interface ElementEnd {
  /** e.g. `FAILED`, `OUT_OF_MEMORY`, `NODE_FAIL`; `UNKNOWN` where Slurm has forgotten it and keeps no accounts. */
  readonly state: string;
  /** `EXIT:SIGNAL`, e.g. `0:9`. */
  readonly exitCode?: string;
}

const where = 'executor slurm';
const TIMEOUT_MS = 60_000;
/** A controller that is busy or restarts; it asks to be asked again. */
const TRANSIENT = /temporarily|timed out|unable to contact|connection refused|try again/i;
const TRIES = 4;

/** Name of an array element, as Slurm's commands take it. */
export function elementName(job: string, index: number): string {
  return `${job}_${index}`;
}

/**
 * Submits a script, and has sbatch itself write the number of the job into a file: it is known also when this process is
 * killed in between.
 * @param pauseMs Between tries, where Slurm is busy.
 * @returns The number of the job.
 * @throws GGDLN_BACKEND with what sbatch said.
 */
export async function submitScript(script: string, jobFile: string, pauseMs = 5000): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      await sbatch(script, jobFile);
      return (await readJob(jobFile)) ?? '';
    } catch (error) {
      if (attempt === TRIES || !TRANSIENT.test((error as Error).message)) throw error;
      await new Promise((resolve) => setTimeout(resolve, attempt * pauseMs));
    }
  }
}

/** The number that sbatch has written; `undefined` where it has not submitted. */
export async function readJob(jobFile: string): Promise<string | undefined> {
  const text = await readFile(jobFile, 'utf8').catch(() => '');
  // "12", or "12;cluster" in a federation.
  return /^\d+/.exec(text)?.[0];
}

async function sbatch(script: string, jobFile: string): Promise<void> {
  const output = await open(jobFile, 'w');
  try {
    await new Promise<void>((resolve, reject) => {
      // In a group of its own, so that Ctrl-C doesn't stop it half way.
      const child = spawn('sbatch', ['--parsable', script], { detached: true, stdio: ['ignore', output.fd, 'pipe'] });
      let said = '';
      child.stderr?.on('data', (text) => {
        said += text;
      });
      child.once('error', (cause) => reject(commandError('sbatch', cause, said)));
      child.once('close', (code) => {
        if (code === 0) resolve();
        else reject(commandError('sbatch', Object.assign(new Error(`exit code ${code}`), { code }), said));
      });
    });
  } finally {
    await output.close();
  }
}

/** All elements of jobs of a name that wait or run, by their names `JOB_INDEX`. @throws GGDLN_BACKEND. */
export async function listElements(jobName: string): Promise<Map<string, QueuedElement>> {
  const lines = await execute('squeue', ['--noheader', '--array', `--name=${jobName}`, '--format=%F_%K|%T|%r']);
  return readQueue(lines);
}

/** Reads what squeue prints. */
export function readQueue(text: string): Map<string, QueuedElement> {
  const rows = text.split('\n').filter((line) => line.includes('|'));
  return new Map(
    rows.map((row) => {
      const [name, state, reason] = row.trim().split('|');
      return [name, { state, reason }];
    }),
  );
}

/** How an element ended: by the accounts where they are kept, else by what the controller remembers for some minutes. */
export async function describeEnd(job: string, index: number): Promise<ElementEnd> {
  const name = elementName(job, index);
  const options = ['--noheader', '--parsable2', '--allocations', `--jobs=${name}`, '--format=State,ExitCode'];
  const accounts = await execute('sacct', options).catch(() => '');
  const known = readAccounts(accounts);
  if (known) return known;
  return readControl(await execute('scontrol', ['--oneliner', 'show', 'job', name]).catch(() => ''));
}

/** Reads what sacct prints; `undefined` where it knows nothing. A state may have words behind it: `CANCELLED by 0`. */
export function readAccounts(text: string): ElementEnd | undefined {
  const [state, exitCode] = text.trim().split('\n').at(-1)?.split('|') ?? [];
  return state && exitCode ? { state: state.split(' ')[0], exitCode } : undefined;
}

/** Reads what scontrol prints. */
export function readControl(text: string): ElementEnd {
  const state = /\bJobState=(\S+)/.exec(text)?.[1] ?? 'UNKNOWN';
  const exitCode = /\bExitCode=(\S+)/.exec(text)?.[1];
  return { state, ...(exitCode ? { exitCode } : {}) };
}

/** Cancels elements, given by names such as `12_3`. Those that have ended are no error. */
export async function cancelElements(names: readonly string[]): Promise<void> {
  if (names.length > 0) await execute('scancel', ['--quiet', ...names]).catch(() => '');
}

/** Cancels all jobs of a name. */
export async function cancelJobs(jobName: string): Promise<void> {
  await execute('scancel', ['--quiet', `--name=${jobName}`]);
}

/** The version of Slurm. @throws GGDLN_BACKEND where it isn't installed. */
export async function slurmVersion(): Promise<string> {
  return (await execute('sbatch', ['--version'])).trim();
}

function execute(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { timeout: TIMEOUT_MS, maxBuffer: 2 ** 26 }, (cause, stdout, stderr) => {
      if (cause) reject(commandError(command, cause, stderr));
      else resolve(stdout);
    });
  });
}

function commandError(command: string, cause: Error & { code?: unknown; killed?: boolean }, stderr: string) {
  const missing = cause.code === 'ENOENT';
  const said = stderr.trim().split('\n').slice(-3).join('; ');
  const problem = missing
    ? `there is no ${command} on the PATH`
    : `${command} ${cause.killed ? 'timed out' : `failed with exit code ${cause.code}`}${said ? `: ${said}` : ''}`;
  return new GgdlnError({
    code: 'GGDLN_BACKEND',
    where,
    problem,
    remedy: missing
      ? 'Run this on a login node of a Slurm cluster, or use --executor workers'
      : 'See whether the same works by hand; --print-jobs shows the script',
    cause,
  });
}
