import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { encodeNpz, type NpyArray } from '@ggdln/io';
import { type BenchContext, type Check, type Peer, PeerAbsentError } from './job.ts';

const INSTALL = 'apt-get install python3-numpy python3-scipy python3-torch (or name an interpreter in GGDLN_PYTHON)';

/** A peer of ours in Python: a class of peers/*.py. */
export interface PythonPeer {
  /** Module and class, e.g. `saddle:Evaluation`. */
  readonly target: string;
  /** Modules that it imports besides NumPy. */
  readonly needs: readonly ('scipy' | 'torch')[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, NpyArray>>;
  /** The keys of the answer that are numbers of the check; all when absent. */
  readonly yieldKey?: string;
}

/** The Python peer as a contestant that lives in a process of its own until the contest ends. */
export function pythonPeer(context: BenchContext, { target, needs, options, arrays, yieldKey }: PythonPeer): Peer {
  const wanted = ['numpy', ...needs];
  const title = needs.includes('torch') ? 'PyTorch' : needs.includes('scipy') ? 'NumPy/SciPy' : 'NumPy';
  return {
    name: title,
    async start() {
      const { python, versions } = findPython(wanted);
      const file = join(context.folder, `${target.replace(':', '-')}-${Date.now()}.npz`);
      writeFileSync(file, encodeNpz(arrays));
      const speak = talk(python, context);
      const answer = await speak({ op: 'setup', target, options, arrays: file, threads: context.threads });
      const check = answer.check as Check;
      return {
        name: versions,
        check,
        ...(yieldKey === undefined ? {} : { yield: answer[yieldKey] as number }),
        time: async (runs) => (await speak({ op: 'time', runs })).milliseconds as number,
      };
    },
  };
}

const LABELS: Readonly<Record<string, string>> = { numpy: 'NumPy', scipy: 'SciPy', torch: 'PyTorch' };

/** @throws PeerAbsentError where no interpreter has the modules. */
function findPython(modules: readonly string[]): { python: string; versions: string } {
  const script = `import ${modules.join(', ')}; print(*(m.__version__ for m in (${modules.join(', ')},)))`;
  const given = process.env.GGDLN_PYTHON;
  // Interpreters with all three come first, so that every peer runs on the same libraries.
  for (const wanted of [`import numpy, scipy, torch; ${script}`, script]) {
    for (const python of given ? [given] : ['python3', '/usr/bin/python3']) {
      try {
        const versions = execFileSync(python, ['-c', wanted], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        const numbers = versions.trim().split(' ');
        const named = modules.map((name, i) => `${LABELS[name]} ${numbers[i]}`);
        return { python, versions: modules.includes('torch') ? named[modules.indexOf('torch')] : named.join(', ') };
      } catch {
        // The next interpreter.
      }
    }
  }
  throw new PeerAbsentError(`no Python with ${modules.join(', ')} was found; install it: ${INSTALL}`);
}

type Answer = Readonly<Record<string, unknown>>;

/** Starts the peer's process; returns how to ask it. */
function talk(python: string, { threads, onEnd }: BenchContext): (question: object) => Promise<Answer> {
  const count = String(threads);
  const child = spawn(python, ['-u', join(peersFolder(), 'peer.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OPENBLAS_NUM_THREADS: count, OMP_NUM_THREADS: count, MKL_NUM_THREADS: count },
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  onEnd(() => end(child));
  return async (question) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error('the Python peer ended early; its message is above');
    const answer = JSON.parse(value) as Answer;
    if (typeof answer.error === 'string') throw new Error(`the Python peer failed:\n${answer.error}`);
    return answer;
  };
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once('close', () => resolve());
    child.stdin?.end();
  });
}

/** peers/ of the sources: the compiled files lie in dist/tooling/bench/src. */
function peersFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const root = here.includes(`${join('bench', 'dist')}`) ? join(here, '../../../..') : join(here, '..');
  return join(root, 'peers');
}
