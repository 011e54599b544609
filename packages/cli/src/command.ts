import type { FileSource, LinalgBackend, Plugin, Registry } from '@ggdln/core';
import type { Arguments, Flag } from './flags.ts';
import type { Terminal } from './terminal.ts';

/** What every command works with. */
export interface Session {
  readonly registry: Registry;
  /** Version of the command. */
  readonly version: string;
  readonly terminal: Terminal;
  /** One JSON document on standard output instead of text. */
  readonly json: boolean;
  readonly signal: AbortSignal;
  readonly files: FileSource;
  /** The folder that relative paths mean. */
  readonly cwd: string;
  /** The backend chosen by `--linalg`, else the preferred one, else the fastest; with a line that says which and why. */
  linalg(preferred?: string): Promise<{ readonly backend: LinalgBackend; readonly reason: string }>;
  /** The tensor backend that `--tensor` names. */
  readonly tensor?: string;
}

/** What is known before the flags are parsed. */
export type Setting = Pick<Session, 'registry' | 'cwd'>;

/** One word after `ggdln`. */
export interface Command {
  readonly name: string;
  /** e.g. `run [EXPERIMENT] [flags]`. */
  readonly usage: string;
  readonly summary: string;
  /** A paragraph for `--help`. */
  readonly description: string;
  /** Flags besides the common ones; they may depend on what the command line names (`--gating NAME`). */
  flags(argv: readonly string[], setting: Setting): readonly Flag[];
  /** Plugins that an experiment file asks for. */
  plugins?(argv: readonly string[], cwd: string): Promise<readonly Plugin[]>;
  /** Resolves to the exit code. */
  run(args: Arguments, session: Session): Promise<number>;
}

/** The flags that every command takes. */
export const COMMON_FLAGS: readonly Flag[] = [
  {
    name: 'plugin',
    value: 'PATH|PACKAGE',
    repeatable: true,
    help: 'Load a plugin: a module, a folder or an installed package',
  },
  {
    name: 'linalg',
    value: 'NAME',
    help: 'Linear algebra: openblas, wasm or ml-matrix',
    default: 'the fastest that runs here',
  },
  {
    name: 'tensor',
    value: 'NAME',
    help: 'Tensors of learners that differentiate by them: wasm, cpu or openblas',
    default: 'wasm',
  },
  { name: 'data', value: 'DIR', help: 'Read dataset files from this folder of yours instead of the cache' },
  { name: 'json', help: 'One JSON document on standard output' },
  { name: 'quiet', help: 'No progress, no notes' },
  { name: 'help', help: 'Show this' },
];

/** The value of `--name` in an unparsed command line; commands look ahead with it to know which options exist. */
export function peekFlag(argv: readonly string[], name: string): string | undefined {
  const at = argv.findIndex((token) => token === `--${name}` || token.startsWith(`--${name}=`));
  if (at < 0) return undefined;
  return argv[at].includes('=') ? argv[at].slice(name.length + 3) : argv[at + 1];
}

/** All values of a repeatable `--name` in an unparsed command line. */
export function peekFlags(argv: readonly string[], name: string): string[] {
  return argv.flatMap((token, i) => {
    if (token === `--${name}`) return argv[i + 1] === undefined ? [] : [argv[i + 1]];
    return token.startsWith(`--${name}=`) ? [token.slice(name.length + 3)] : [];
  });
}
