import { GgdlnError, inputError, nearestNames } from '@ggdln/core';

/** A flag of a command, for parsing and for `--help`. */
export interface Flag {
  /** Without the dashes, e.g. `out` or `gating.gates`. */
  readonly name: string;
  /** What the value is called in help, e.g. `DIR`; a flag without one is a switch. */
  readonly value?: string;
  /** May be given several times. */
  readonly repeatable?: boolean;
  readonly help: string;
  /** Shown behind the help text. */
  readonly default?: string;
  /** Heading under which help lists it. */
  readonly section?: string;
}

/** What a command line said. */
export interface Arguments {
  readonly positionals: readonly string[];
  /** Every value given for a flag; a switch has the value `true`. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

/**
 * Splits a command line into positionals and flags: `--name value`, `--name=value`, `--switch`, `--no-switch`,
 * `--switch=false`, `--switch false`, `-h`; everything after `--` is positional. Values may begin with `-` when they are numbers
 * (`--threshold -0.5`).
 * @throws GGDLN_UNKNOWN_NAME for a flag that isn't in `known` (with the nearest), GGDLN_INPUT for a missing value.
 */
export function parseArguments(argv: readonly string[], known: readonly Flag[], command: string): Arguments {
  const positionals: string[] = [];
  const flags = new Map<string, string[]>();
  const queue = [...argv];
  while (queue.length > 0) {
    const token = queue.shift() as string;
    if (token === '--') {
      positionals.push(...queue.splice(0));
    } else if (token === '-h') {
      flags.set('help', ['true']);
    } else if (token.startsWith('--')) {
      readFlag(token.slice(2), queue, known, command, flags);
    } else if (/^-[A-Za-z]/.test(token)) {
      throw unknownFlag(token, known, command);
    } else {
      positionals.push(token);
    }
  }
  return { positionals, flags };
}

function readFlag(
  token: string,
  queue: string[],
  known: readonly Flag[],
  command: string,
  flags: Map<string, string[]>,
): void {
  const [name, inline] = splitOnce(token, '=');
  const negated = name.startsWith('no-') ? known.find((flag) => flag.name === name.slice(3) && !flag.value) : undefined;
  const flag = known.find((candidate) => candidate.name === name) ?? negated;
  if (!flag) throw unknownFlag(`--${name}`, known, command);
  const value = flag.value
    ? (inline ?? takeValue(queue, name, flag, command))
    : (inline ?? (negated ? 'false' : takeBoolean(queue)));
  const before = flags.get(flag.name) ?? [];
  if (before.length > 0 && !flag.repeatable) throw inputError(command, `--${name} is given twice`, 'Give it once');
  flags.set(flag.name, [...before, value]);
}

/** Flags that an unknown one may have been meant to be. */
const MOST_NEAR = 5;

/** Names the nearest flags: by their whole names, then by their last words (`--gates` for `--gating.gates`). */
function unknownFlag(token: string, known: readonly Flag[], command: string): GgdlnError {
  const name = token.replace(/^-+/, '');
  const lastWord = (text: string) => text.slice(text.lastIndexOf('.') + 1);
  const words = nearestNames(lastWord(name), [...new Set(known.map((flag) => lastWord(flag.name)))]);
  const byWord = words.flatMap((word) => known.filter((flag) => lastWord(flag.name) === word).map((flag) => flag.name));
  const whole = nearestNames(
    name,
    known.map((flag) => flag.name),
  );
  const near = [...new Set([...whole, ...byWord])].slice(0, MOST_NEAR).map((flag) => `--${flag}`);
  const guess = near.length > 0 ? `Did you mean ${near.join(' or ')}? ` : '';
  return new GgdlnError({
    code: 'GGDLN_UNKNOWN_NAME',
    where: command,
    problem: `unknown flag "${token}"`,
    remedy: `${guess}${command} --help lists all flags`,
  });
}

function takeValue(queue: string[], name: string, flag: Flag, command: string): string {
  const next = queue[0];
  if (next === undefined || (next.startsWith('-') && Number.isNaN(Number(next.split(',')[0])))) {
    throw inputError(command, `--${name} has no value`, `Give --${name} ${flag.value}`);
  }
  return queue.shift() as string;
}

/** A switch is on unless the next word says otherwise. */
function takeBoolean(queue: string[]): string {
  return queue[0] === 'true' || queue[0] === 'false' ? (queue.shift() as string) : 'true';
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** The last value given for a flag, if any. */
export function flagValue(args: Arguments, name: string): string | undefined {
  return args.flags.get(name)?.at(-1);
}

/** True when a switch was given (and not as `--no-…`). */
export function isOn(args: Arguments, name: string): boolean {
  return flagValue(args, name) === 'true';
}

/** The lines of `--help` for some flags: two columns, under the headings of their sections. */
export function describeFlags(flags: readonly Flag[]): string {
  const sections = [...new Set(flags.map((flag) => flag.section ?? 'Flags'))];
  return sections
    .map((section) => `${section}\n${describeSection(flags.filter((flag) => (flag.section ?? 'Flags') === section))}`)
    .join('\n\n');
}

function describeSection(flags: readonly Flag[]): string {
  // A switch with a default may be on already: its help says how to turn it off.
  const nameOf = (flag: Flag) => (flag.value || flag.default === undefined ? flag.name : `[no-]${flag.name}`);
  const left = flags.map((flag) => `  --${nameOf(flag)}${flag.value ? ` ${flag.value}` : ''}`);
  const width = Math.min(34, Math.max(...left.map((text) => text.length)) + 2);
  return flags
    .map((flag, i) => {
      const end = flag.default === undefined ? '' : ` [${flag.default}]`;
      const gap = left[i].length < width ? left[i].padEnd(width) : `${left[i]}\n${' '.repeat(width)}`;
      return `${gap}${flag.help}${end}`;
    })
    .join('\n');
}
