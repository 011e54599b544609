import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { GgdlnError, inputError, type Json, type Plugin, type Registry } from '@ggdln/core';
import {
  axisOptions,
  type ExperimentSpec,
  isPerLayer,
  overrideSpec,
  parseSpec,
  parseStudy,
  resolveSpec,
  type SourceSpec,
  type SpecFile,
  type StudyFile,
} from '@ggdln/experiments';
import { standardPlugins } from '@ggdln/standard';
import { peekFlag, type Session, type Setting } from './command.ts';
import { schemaFlags } from './entryFlags.ts';
import type { Arguments, Flag } from './flags.ts';
import { isExecutorOption } from './jobs.ts';
import { loadPlugins } from './loadPlugins.ts';
import { splitPair } from './splitPair.ts';
import { studyFlags } from './studyRun.ts';

const where = 'ggdln run';
const SHARED_KINDS = ['dataset', 'gating', 'architecture'] as const;
type SharedKind = (typeof SHARED_KINDS)[number];

/** What runs when no file is given: small, synthetic, seconds. Flags change any part of it. */
const DEFAULT_SPEC: ExperimentSpec = {
  ggdln: 1,
  name: 'quick-look',
  title: 'A noisy teacher, solved and sampled',
  seed: 1,
  temperature: 0.05,
  dataset: { use: 'noisy-teacher' },
  gating: { use: 'half-spaces' },
  architecture: { use: 'ggdln' },
  learners: [{ use: 'block-gibbs', sweeps: 400 }],
  theories: [{ use: 'ggdln' }, { use: 'infinite-width' }],
  sweep: { 'architecture.width': [20, 60, 200] },
};

/** The quick look, with what plugins of the user's bring in place of the built-in parts: they were loaded to be used. */
function defaultSpec(registry: Registry): ExperimentSpec {
  const own = registry.plugins.filter((plugin) => !standardPlugins.includes(plugin));
  const parts = SHARED_KINDS.flatMap((kind) => {
    const use = own.flatMap((plugin) => Object.keys(plugin[kind] ?? {})).at(-1);
    return use === undefined ? [] : [[kind, { use }] as const];
  });
  return { ...DEFAULT_SPEC, ...Object.fromEntries(parts) };
}

const SPEC_FLAGS: readonly Flag[] = [
  {
    name: 'set',
    value: 'PATH=VALUE',
    repeatable: true,
    help: 'Override any value of the experiment, e.g. learners.block-gibbs.sweeps=500; several values sweep it',
  },
  { name: 'sweep', value: 'PATH=A,B,…', repeatable: true, help: 'Sweep a value, e.g. architecture.width=10,30,100' },
  { name: 'seed', value: 'N', help: 'Seed of everything random' },
  { name: 'temperature', value: 'T', help: 'Temperature of the Gibbs distribution' },
  { name: 'dataset', value: 'NAME', help: 'Use another dataset' },
  { name: 'gating', value: 'NAME', help: 'Use another gating' },
  { name: 'architecture', value: 'NAME', help: 'Use another architecture' },
];

/**
 * Flags that describe or change an experiment; options of its dataset, gating, architecture, learners and theories are
 * among them.
 */
export function specFlags(argv: readonly string[], { registry, cwd }: Setting): Flag[] {
  const file = peekFile(argv);
  const study = studyFileOf(argv, cwd);
  if (study) return studyFlags(study, registry);
  const spec = file === undefined ? defaultSpec(registry) : readSpecFile(file, cwd).spec;
  const shared = SHARED_KINDS.flatMap((kind) => {
    const named = peekFlag(argv, kind);
    const flagsOf = (use: string, prefix: string) => entryFlags(registry, kind, use, prefix);
    if (named !== undefined) return flagsOf(named, kind);
    const part = spec[kind];
    return isPerLayer(part)
      ? part.flatMap(({ use }, layer) => flagsOf(use, `${kind}.${layer}`))
      : flagsOf(part.use, kind);
  });
  const source = (kind: 'learner' | 'theory', prefix: string) => (part: SourceSpec) =>
    entryFlags(registry, kind, part.use, `${prefix}.${part.as ?? part.use}`);
  const learners = (spec.learners ?? []).flatMap(source('learner', 'learners'));
  const theories = (spec.theories ?? []).flatMap(source('theory', 'theories'));
  return [...SPEC_FLAGS, ...shared, ...learners, ...theories];
}

/** Flags of an entry's options; none where there is no such entry, which `resolveSpec` says with its place. */
function entryFlags(registry: Registry, kind: SharedKind | 'learner' | 'theory', use: string, prefix: string): Flag[] {
  if (registry.list(kind).every(({ name }) => name !== use)) return [];
  return schemaFlags(registry.get(kind, use).options, prefix, `Options of the ${kind} ${use}`);
}

/** Values that flags give, with the flag that gave each, for messages. */
interface Overrides {
  readonly values: Readonly<Record<string, Json>>;
  readonly givenBy: Readonly<Record<string, string>>;
}

/** The experiment of a command line: its file (or the default) with everything that flags change. */
export function specFromFlags(args: Arguments, session: Session): SpecFile {
  if (args.positionals.length > 1)
    throw inputError(where, `${args.positionals.length} experiments are named`, 'Give one file');
  const file = args.positionals[0];
  let spec = file ? readSpecFile(file, session.cwd) : quickLook(session.registry);
  for (const kind of SHARED_KINDS) {
    // Another entry has other options: those of the file don't carry over.
    const use = args.flags.get(kind)?.at(-1);
    const part = spec.spec[kind];
    if (use === undefined || (!isPerLayer(part) && use === part.use)) continue;
    spec = overrideSpec(spec, { [kind]: { use } }, { [kind]: `--${kind}` });
  }
  const { values, givenBy } = asAxes(spec, overridesOf(args), session.registry);
  return overrideSpec(spec, values, givenBy);
}

const quickLook = (registry: Registry): SpecFile => ({
  spec: defaultSpec(registry),
  fileName: 'experiment',
  locate: () => undefined,
});

/** `--set temperature=0.1,1` sweeps: several values for an option that takes one are an axis. */
function asAxes(spec: SpecFile, overrides: Overrides, registry: Registry): Overrides {
  const { values, givenBy } = overrides;
  const entries = Object.entries(values);
  const isList = ([path, value]: [string, Json]) =>
    typeof value === 'string' && value.includes(',') && !path.startsWith('sweep.');
  if (!entries.some(isList)) return overrides;
  const plain = overrideSpec(spec, Object.fromEntries(entries.filter((entry) => !isList(entry))), givenBy);
  const axes = axisOptions(resolveSpec(plain, registry), registry);
  const takesOne = (path: string) => !['numbers', 'text', undefined].includes(axes.get(path)?.type);
  const placeOf = ([path, value]: [string, Json]) => (isList([path, value]) && takesOne(path) ? `sweep.${path}` : path);
  return {
    values: Object.fromEntries(entries.map((entry) => [placeOf(entry), entry[1]])),
    givenBy: Object.fromEntries(entries.map((entry) => [placeOf(entry), givenBy[entry[0]]])),
  };
}

function overridesOf(args: Arguments): Overrides {
  const values: Record<string, Json> = {};
  const givenBy: Record<string, string> = {};
  const put = (path: string, value: Json, by: string) => {
    values[path] = value;
    givenBy[path] = by;
  };
  for (const [name, given] of args.flags) {
    if (isExecutorOption(name)) continue;
    if (name === 'seed' || name === 'temperature' || name.includes('.')) put(name, given.at(-1) as string, `--${name}`);
  }
  for (const pair of args.flags.get('set') ?? []) {
    const [path, value] = splitPair(pair, '--set', where);
    put(path, value, `--set ${path}`);
  }
  for (const pair of args.flags.get('sweep') ?? []) {
    const [path, value] = splitPair(pair, '--sweep', where);
    put(`sweep.${path}`, value.split(',').map(scalar), `--sweep ${path}`);
  }
  return { values, givenBy };
}

function scalar(text: string): Json {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function readSpecFile(file: string, cwd: string): SpecFile {
  return parseSpec(textOf(file, cwd), file);
}

function textOf(file: string, cwd: string): string {
  const path = resolve(cwd, file);
  if (!existsSync(path)) {
    throw new GgdlnError({
      code: 'GGDLN_CONFIG',
      where,
      problem: `there is no experiment ${path}`,
      remedy: 'Give the path of a YAML or JSON file; see experiments/ for examples',
    });
  }
  return readSpecText(path);
}

function readSpecText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new GgdlnError({
      code: 'GGDLN_CONFIG',
      where,
      problem: `the experiment ${path} can't be read: ${(cause as Error).message}`,
      remedy: 'Give the path of a YAML or JSON file',
      cause,
    });
  }
}

/** The plugins of an experiment file's `plugins:` list; paths are relative to the file. */
export async function pluginsOfSpec(argv: readonly string[], cwd: string): Promise<readonly Plugin[]> {
  const file = peekFile(argv);
  if (file === undefined) return [];
  const { spec } = studyFileOf(argv, cwd) ?? readSpecFile(file, cwd);
  return loadPlugins(spec.plugins ?? [], dirname(resolve(cwd, file)));
}

/** The study of an unparsed command line, where its file is one. */
export function studyFileOf(argv: readonly string[], cwd: string): StudyFile | undefined {
  const file = peekFile(argv);
  return file === undefined ? undefined : parseStudy(textOf(file, cwd), file);
}

/** The experiment file of a command line that isn't parsed yet: its first word, or a later one that looks like a file. */
function peekFile(argv: readonly string[]): string | undefined {
  return argv.find((token, i) => !token.startsWith('-') && (i === 0 || /\.(ya?ml|json)$/.test(token)));
}
