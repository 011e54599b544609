import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { GgdlnError, inputError, type Json, type Plugin, type PluginKind, type Registry } from '@ggdln/core';
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
import { studyFlags } from './studyRun.ts';

const where = 'ggdln run';
const SHARED_KINDS = ['dataset', 'gating', 'architecture'] as const;

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
    const flagsOf = (use: string, prefix: string) =>
      schemaFlags(registry.get(kind, use).options, prefix, heading(kind, use));
    if (named !== undefined) return flagsOf(named, kind);
    const part = spec[kind];
    return isPerLayer(part)
      ? part.flatMap(({ use }, layer) => flagsOf(use, `${kind}.${layer}`))
      : flagsOf(part.use, kind);
  });
  const source = (kind: 'learner' | 'theory', prefix: string) => (part: SourceSpec) =>
    schemaFlags(registry.get(kind, part.use).options, `${prefix}.${part.as ?? part.use}`, heading(kind, part.use));
  const learners = (spec.learners ?? []).flatMap(source('learner', 'learners'));
  const theories = (spec.theories ?? []).flatMap(source('theory', 'theories'));
  return [...SPEC_FLAGS, ...shared, ...learners, ...theories];
}

function heading(kind: PluginKind, name: string): string {
  return `Options of the ${kind} ${name}`;
}

/** The experiment of a command line: its file (or the default) with everything that flags change. */
export function specFromFlags(args: Arguments, session: Session): SpecFile | ExperimentSpec {
  if (args.positionals.length > 1)
    throw inputError(where, `${args.positionals.length} experiments are named`, 'Give one file');
  const file = args.positionals[0];
  let spec: SpecFile | ExperimentSpec = file ? readSpecFile(file, session.cwd) : defaultSpec(session.registry);
  for (const kind of SHARED_KINDS) {
    // Another entry has other options: those of the file don't carry over.
    const use = args.flags.get(kind)?.at(-1);
    const current = 'locate' in spec ? spec.spec : spec;
    const part = current[kind];
    if (use !== undefined && (isPerLayer(part) || use !== part.use)) spec = overrideSpec(spec, { [kind]: { use } });
  }
  return overrideSpec(spec, asAxes(spec, overridesOf(args), session.registry));
}

/** `--set temperature=0.1,1` sweeps: several values for an option that takes one are an axis. */
function asAxes(
  spec: SpecFile | ExperimentSpec,
  values: Readonly<Record<string, Json>>,
  registry: Registry,
): Record<string, Json> {
  const entries = Object.entries(values);
  const isList = ([path, value]: [string, Json]) =>
    typeof value === 'string' && value.includes(',') && !path.startsWith('sweep.');
  if (!entries.some(isList)) return values;
  const plain = overrideSpec(spec, Object.fromEntries(entries.filter((entry) => !isList(entry))));
  const axes = axisOptions(resolveSpec(plain, registry), registry);
  const takesOne = (path: string) => !['numbers', 'text', undefined].includes(axes.get(path)?.type);
  return Object.fromEntries(
    entries.map(([path, value]) =>
      isList([path, value]) && takesOne(path) ? [`sweep.${path}`, value] : [path, value],
    ),
  );
}

function overridesOf(args: Arguments): Record<string, Json> {
  const values: Record<string, Json> = {};
  for (const [name, given] of args.flags) {
    if (isExecutorOption(name)) continue;
    if (name === 'seed' || name === 'temperature' || name.includes('.')) values[name] = given.at(-1) as string;
  }
  for (const pair of args.flags.get('set') ?? []) {
    const [path, value] = splitPair(pair, '--set');
    values[path] = value;
  }
  for (const pair of args.flags.get('sweep') ?? []) {
    const [path, value] = splitPair(pair, '--sweep');
    values[`sweep.${path}`] = value.split(',').map(scalar);
  }
  return values;
}

function splitPair(pair: string, flag: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1) throw inputError(where, `${flag} ${pair} has no "="`, `Write ${flag} path=value`);
  return [pair.slice(0, at), pair.slice(at + 1)];
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
