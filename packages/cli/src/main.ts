import { resolve } from 'node:path';
import { createRegistry, isGgdlnError, type Registry, unknownNameError } from '@ggdln/core';
import { createFileSource } from '@ggdln/datasets/node';
import { chooseLinalg } from '@ggdln/linalg';
import { COMMON_FLAGS, type Command, peekFlags, type Session } from './command.ts';
import { EXIT_CODES, exitCodeOf, isTooLarge } from './exitCodes.ts';
import { type Arguments, describeFlags, flagValue, isOn, parseArguments } from './flags.ts';
import { loadPlugins } from './loadPlugins.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/** Each is loaded when it is asked for. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./commands/run.ts')).runCommand,
  sweep: async () => (await import('./commands/sweep.ts')).sweepCommand,
  runs: async () => (await import('./commands/runs.ts')).runsCommand,
  reproduce: async () => (await import('./commands/reproduce.ts')).reproduceCommand,
  solve: async () => (await import('./commands/solve.ts')).solveCommand,
  sample: async () => (await import('./commands/sample.ts')).sampleCommand,
  'k-path': async () => (await import('./commands/kPath.ts')).kPathCommand,
  verify: async () => (await import('./commands/verify.ts')).verifyCommand,
  data: async () => (await import('./commands/data.ts')).dataCommand,
  plugins: async () => (await import('./commands/plugins.ts')).pluginsCommand,
  lab: async () => (await import('./commands/lab.ts')).labCommand,
};

/** Surroundings of the command, replaceable in tests. */
export interface Surroundings {
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly version: string;
  readonly terminal?: Terminal;
}

/**
 * Runs the `ggdln` command.
 * @param argv Arguments after the program's name.
 * @returns The exit code, see exitCodes.ts. Never throws.
 */
export async function main(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const quiet = argv.includes('--quiet');
  const terminal = surroundings.terminal ?? processTerminal(quiet);
  try {
    return await dispatch(argv, surroundings, terminal);
  } catch (error) {
    return reportError(error, argv.includes('--json'), terminal);
  }
}

async function dispatch(argv: readonly string[], surroundings: Surroundings, terminal: Terminal): Promise<number> {
  const [word, ...rest] = argv;
  if (word === 'help' && rest.length > 0) return dispatch([rest[0], '--help'], surroundings, terminal);
  if (word === undefined || word === 'help' || word === '--help' || word === '-h') {
    terminal.out(overview(await Promise.all(Object.values(COMMANDS).map((load) => load()))));
    return EXIT_CODES.ok;
  }
  if (word === '--version' || word === 'version') {
    terminal.out(`${surroundings.version}\n`);
    return EXIT_CODES.ok;
  }
  if (!Object.hasOwn(COMMANDS, word)) throw unknownNameError('ggdln', 'command', word, Object.keys(COMMANDS));
  return runOne(await COMMANDS[word](), rest, surroundings, terminal);
}

async function runOne(
  command: Command,
  argv: readonly string[],
  surroundings: Surroundings,
  terminal: Terminal,
): Promise<number> {
  const { cwd } = surroundings;
  const { builtinPlugins, linalgCandidates } = await import('./builtinPlugins.ts');
  const named = await loadPlugins(peekFlags(argv, 'plugin'), cwd);
  const wanted = (await command.plugins?.(argv, cwd)) ?? [];
  const registry = createRegistry([...builtinPlugins, ...new Set([...named, ...wanted])]);
  const flags = [...command.flags(argv, { registry, cwd }), ...COMMON_FLAGS];
  const args = parseArguments(argv, flags, `ggdln ${command.name}`);
  if (isOn(args, 'help')) {
    terminal.out(`ggdln ${command.usage}\n\n${command.description}\n\n${describeFlags(flags)}\n`);
    return EXIT_CODES.ok;
  }
  const data = flagValue(args, 'data');
  const tensor = flagValue(args, 'tensor');
  requireBackends(args, registry);
  const session: Session = {
    registry,
    version: surroundings.version,
    terminal,
    json: isOn(args, 'json'),
    signal: surroundings.signal,
    files: createFileSource(data === undefined ? {} : { folder: resolve(surroundings.cwd, data) }),
    cwd: surroundings.cwd,
    linalg: (preferred) => chooseLinalg(flagValue(args, 'linalg') ?? preferred, linalgCandidates(registry)),
    ...(tensor === undefined ? {} : { tensor }),
  };
  return command.run(args, session);
}

const BACKENDS = { linalg: 'linear-algebra backend', tensor: 'tensor backend' } as const;

/** Backends are looked up before anything is read or computed, also where nothing will be. */
function requireBackends(args: Arguments, registry: Registry): void {
  for (const kind of ['linalg', 'tensor'] as const) {
    const name = flagValue(args, kind);
    const known = registry.list(kind).map((item) => item.name);
    if (name !== undefined && !known.includes(name)) throw unknownNameError(`--${kind}`, BACKENDS[kind], name, known);
  }
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.usage.length)) + 2;
  const lines = commands.map((command) => `  ${command.usage.padEnd(width)}${command.summary}`);
  return [
    'ggdln: theory and networks on the same problem, with error bars.',
    '',
    'Usage: ggdln COMMAND [flags]',
    '',
    ...lines,
    '',
    'ggdln COMMAND --help shows a command with its flags; options of plugins are among them.',
    'Exit codes: 0 done, 1 failed, 2 wrong input, 3 not solved, 4 data, 5 storage, 6 backend, 130 cancelled.',
    '',
  ].join('\n');
}

function reportError(error: unknown, json: boolean, terminal: Terminal): number {
  const code = exitCodeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (json)
    terminal.out(`${JSON.stringify({ error: { code: isGgdlnError(error) ? error.code : 'UNEXPECTED', message } })}\n`);
  terminal.err(`${message}\n`);
  if (isTooLarge(error)) terminal.err('An array of that size has no place in memory. Give fewer examples or units.\n');
  else if (!isGgdlnError(error) && error instanceof Error)
    terminal.err(`This is a defect of ggdln; please report it with the lines below.\n${error.stack}\n`);
  return code;
}
