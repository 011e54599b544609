import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The root of the checkout. */
export const root: string = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
/** The built command. */
const bin: string = join(root, 'packages/cli/dist/bin.js');

/** What a finished command left. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A new empty folder. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'ggdln-cli-'));
}

/** How a command is disturbed, and what of its surroundings is not as usual. */
export interface Disturbance {
  /** The command sends itself a signal when it has written this to standard error. */
  readonly at?: string;
  /** Which; default SIGKILL. */
  readonly signal?: NodeJS.Signals;
  readonly env?: Readonly<Record<string, string>>;
}

/** A command that was started. */
export interface Started {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** It has said what it is disturbed at, or has ended without. */
  readonly said: Promise<void>;
}

const signalAt = new URL('./signalAt.mjs', import.meta.url).href;

/** Starts the built `ggdln` command as a user would, from the root of the checkout. */
export function start(args: readonly string[], disturbance: Disturbance = {}): Started {
  const { at, signal = 'SIGKILL', env = {} } = disturbance;
  const before = at === undefined ? [] : [`--import=${signalAt}`];
  const child = spawn(process.execPath, [...before, bin, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env, ...(at === undefined ? {} : { GGDLN_TEST_SIGNAL: signal, GGDLN_TEST_AT: at }) },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  const said = new Promise<void>((resolve) => {
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
      if (at !== undefined && stderr.includes(at)) resolve();
    });
    child.on('close', () => resolve());
  });
  const finished = new Promise<Finished>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  return { child, finished, said };
}

/** Runs the built `ggdln` command to its end, in a process of its own. */
export function ggdln(args: readonly string[], disturbance?: Disturbance): Promise<Finished> {
  return start(args, disturbance).finished;
}

/**
 * The same in the process of the test: a process costs most of a second, and what a command says and returns is the
 * same. For what needs signals, its environment or a state of its own there is `ggdln`.
 */
export async function ggdlnHere(args: readonly string[], cwd: string = root): Promise<Finished> {
  const { main } = (await import(pathToFileURL(join(dirname(bin), 'main.js')).href)) as typeof import('../src/main.ts');
  let stdout = '';
  let stderr = '';
  const terminal = {
    out: (text: string) => {
      stdout += text;
    },
    err: (text: string) => {
      stderr += text;
    },
    interactive: false,
    quiet: args.includes('--quiet'),
  };
  const { signal } = new AbortController();
  const code = await main(args, { cwd, signal, version: '0.0.0', terminal });
  return { code, stdout, stderr };
}
