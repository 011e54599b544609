import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { GgdlnError, type Task, type TaskListener, type TaskProgram, unpackError } from '@ggdln/core';
import type { FromWorker } from './poolMessages.ts';

/** How a task ended. */
type Outcome =
  | { readonly type: 'done'; readonly result: unknown }
  | { readonly type: 'failed'; readonly error: Error }
  /** The process ended before the task did. */
  | { readonly type: 'died'; readonly how: string };

/** What a worker process is started with. */
export interface WorkerOptions {
  readonly program: TaskProgram;
  /** Bytes that it may use, where that is known. */
  readonly memoryLimit?: number | undefined;
  /** Added to the environment of the workers, where BLAS libraries are told to use one thread each. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** A process that computes one task at a time. */
export interface WorkerProcess {
  readonly alive: boolean;
  /** Computes a task; a signal ends the process. Never rejects. */
  compute(task: Task, listener: TaskListener, signal: AbortSignal): Promise<Outcome>;
  /** Ends the process at once. */
  kill(): Promise<void>;
}

/** Several processes already use every core: numeric libraries keep to one thread in each, unless told otherwise. */
const ONE_THREAD = {
  OPENBLAS_NUM_THREADS: '1',
  GGDLN_BLAS_THREADS: '1',
  OMP_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
  VECLIB_MAXIMUM_THREADS: '1',
};
/**
 * For the same reason rubbish is collected by the thread that makes it: V8's four helpers take turns on cores that other
 * workers compute on, and what they do at the same time takes more time in all.
 */
const ONE_COLLECTOR = '--single-threaded-gc';
/** Characters of standard error that are kept for the report of a death. */
const LAST_WORDS = 4000;

/** Starts a worker and has it set itself up. */
export function startWorker({ program, memoryLimit, env }: WorkerOptions): WorkerProcess {
  const child = fork(fileURLToPath(new URL('./poolWorker.js', import.meta.url)), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...ONE_THREAD, ...process.env, ...env },
    execArgv: [...process.execArgv, ONE_COLLECTOR],
  });
  let lastWords = '';
  child.stderr?.on('data', (text) => {
    lastWords = `${lastWords}${text}`.slice(-LAST_WORDS);
  });
  const end = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    // `close` comes after the last of standard error.
    child.once('close', (code, signal) => resolve(describeEnd(code, signal, lastWords)));
  });
  let alive = true;
  void end.then(() => {
    alive = false;
  });
  // A message to a process that has just died is answered by its end.
  const send = (message: object) => child.connected && child.send(message, () => undefined);
  send({ type: 'set-up', program, limits: memoryLimit === undefined ? {} : { memoryLimit } });
  const kill = async () => {
    child.kill('SIGKILL');
    await end;
  };
  return {
    get alive() {
      return alive;
    },
    kill,
    async compute(task, listener, signal) {
      const answer = waitFor(child, listener);
      const stop = () => void kill();
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      send({ type: 'task', task });
      const outcome = await Promise.race([answer.outcome, end.then((how): Outcome => ({ type: 'died', how }))]);
      answer.stopListening();
      signal.removeEventListener('abort', stop);
      return signal.aborted && outcome.type !== 'done' ? { type: 'failed', error: cancelled(signal) } : outcome;
    },
  };
}

function waitFor(child: ChildProcess, listener: TaskListener) {
  let onMessage: (message: FromWorker) => void = () => undefined;
  const outcome = new Promise<Outcome>((resolve) => {
    onMessage = (message) => {
      if (message.type === 'progress') listener.onProgress(message.progress, message.snapshot);
      else if (message.type === 'warning') listener.onWarning(message.warning);
      else if (message.type === 'done') {
        listener.onComputed?.(message.seconds);
        resolve(message);
      } else resolve({ type: 'failed', error: unpackError(message.error) });
    };
  });
  child.on('message', onMessage);
  return { outcome, stopListening: () => child.off('message', onMessage) };
}

function describeEnd(code: number | null, signal: string | null, stderr: string): string {
  const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
  const line = stderr.split('\n').find((text) => /error|fatal/i.test(text)) ?? stderr.trim().split('\n').at(-1) ?? '';
  return line.trim() === '' ? how : `${how} after "${line.trim().slice(0, 200)}"`;
}

function cancelled(signal: AbortSignal): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_CANCELLED',
    where: '@ggdln/experiments workerPool',
    problem: 'the work was cancelled',
    cause: signal.reason,
  });
}
