import { resolve } from 'node:path';
import { createRegistry, isGgdlnError, unknownNameError } from '@ggdln/core';
import { createFileSource } from '@ggdln/datasets/node';
import { chooseLinalg } from '@ggdln/linalg';
import { builtinPlugins, linalgCandidates } from './builtinPlugins.ts';
import { COMMON_FLAGS, type Command, peekFlags, type Session } from './command.ts';
import { dataCommand } from './commands/data.ts';
import { labCommand } from './commands/lab.ts';
import { pluginsCommand } from './commands/plugins.ts';
import { reproduceCommand } from './commands/reproduce.ts';
import { runCommand } from './commands/run.ts';
import { runsCommand } from './commands/runs.ts';
import { sampleCommand } from './commands/sample.ts';
import { solveCommand } from './commands/solve.ts';
import { sweepCommand } from './commands/sweep.ts';
import { verifyCommand } from './commands/verify.ts';
import { EXIT_CODES, exitCodeOf, isTooLarge } from './exitCodes.ts';
import { describeFlags, flagValue, isOn, parseArguments } from './flags.ts';
import { loadPlugins } from './loadPlugins.ts';
import { processTerminal, type Terminal } from './terminal.ts';

const COMMANDS: readonly Command[] = [
  runCommand,
  sweepCommand,
  runsCommand,
  reproduceCommand,
  solveCommand,
  sampleCommand,
  verifyCommand,
  dataCommand,
  pluginsCommand,
  labCommand,
];

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
    terminal.out(overview());
    return EXIT_CODES.ok;
  }
  if (word === '--version' || word === 'version') {
    terminal.out(`${surroundings.version}\n`);
    return EXIT_CODES.ok;
  }
  const command = COMMANDS.find((candidate) => candidate.name === word);
  if (!command)
    throw unknownNameError(
      'ggdln',
      'command',
      word,
      COMMANDS.map((candidate) => candidate.name),
    );
  return runOne(command, rest, surroundings, terminal);
}

async function runOne(
  command: Command,
  argv: readonly string[],
  surroundings: Surroundings,
  terminal: Terminal,
): Promise<number> {
  const { cwd } = surroundings;
  const named = await loadPlugins(peekFlags(argv, 'plugin'), cwd);
  const wanted = (await command.plugins?.(argv, cwd)) ?? [];
  const registry = createRegistry([...builtinPlugins, ...new Set([...named, ...wanted])]);
  const flags = [...command.flags(argv, { registry, cwd }), ...COMMON_FLAGS];
  const args = parseArguments(argv, flags, `ggdln ${command.name}`);
  if (args.flags.has('help')) {
    terminal.out(`ggdln ${command.usage}\n\n${command.description}\n\n${describeFlags(flags)}\n`);
    return EXIT_CODES.ok;
  }
  const data = flagValue(args, 'data');
  const session: Session = {
    registry,
    version: surroundings.version,
    terminal,
    json: isOn(args, 'json'),
    signal: surroundings.signal,
    files: createFileSource(data === undefined ? {} : { folder: resolve(surroundings.cwd, data) }),
    cwd: surroundings.cwd,
    linalg: (preferred) => chooseLinalg(flagValue(args, 'linalg') ?? preferred, linalgCandidates(registry)),
  };
  return command.run(args, session);
}

function overview(): string {
  const width = Math.max(...COMMANDS.map((command) => command.usage.length)) + 2;
  const lines = COMMANDS.map((command) => `  ${command.usage.padEnd(width)}${command.summary}`);
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
