import {
  type Json,
  type OptionsSchema,
  type OptionValues,
  type Registry,
  readOption,
  type StudyEntry,
  unknownNameError,
} from '@ggdln/core';
import { experimentOptions } from './axes.ts';
import type { PartSpec } from './experimentSpec.ts';
import { atPath, type GivenBy, givenElsewhere, inMemory, placed, type SpecOrigin, specError } from './specSource.ts';

/** A study as people write it: it brings its own data, network, theory and simulation. */
export interface StudySpec {
  readonly ggdln: 1;
  /** Short name for folders and files. */
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  /** One seed for everything random. Default 1. */
  readonly seed?: number;
  /** e.g. `{ use: 'routing-race', start: 0.2 }`. */
  readonly study: PartSpec;
  /** Linear-algebra backend by name. Default `auto`. */
  readonly linalg?: string;
  /** Plugins to load before running. Only the command line loads them. */
  readonly plugins?: readonly string[];
}

/** A study together with the text it came from, so that messages can name the line. */
export interface StudyFile extends SpecOrigin {
  readonly spec: StudySpec;
}

/** A study with every option. */
export interface ResolvedStudy {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly seed: number;
  readonly use: string;
  readonly options: OptionValues<OptionsSchema>;
  readonly linalg: string;
  readonly plugins: readonly string[];
}

/** Keys of an experiment of parts, which a study has no use for. */
const PART_KEYS = [
  'temperature',
  'dataset',
  'gating',
  'architecture',
  'learners',
  'theories',
  'sweep',
  'figure',
] as const;

/** Does a value say that it is a study? It may still be a broken one. */
export function isStudy(value: unknown): value is StudySpec {
  return value !== null && typeof value === 'object' && 'study' in value;
}

/** @throws GGDLN_CONFIG for a study among the parts of an experiment. */
export function refuseParts(value: object, origin: SpecOrigin): void {
  const part = PART_KEYS.find((key) => Object.hasOwn(value, key));
  if (part === undefined) return;
  throw specError(origin, [part], {
    problem: `a study brings its own data, network, theory and simulation, but "${part}" is given too`,
    remedy: `Remove ${part}, or remove study and compose the experiment of parts`,
  });
}

/**
 * Fills in every default and checks names and values against the registry. Nothing is computed.
 * @throws GGDLN_CONFIG naming the place and the nearest known name.
 */
export function resolveStudy(study: StudySpec | StudyFile, registry: Registry): ResolvedStudy {
  const file: StudyFile = 'locate' in study ? study : { spec: study, ...inMemory };
  const { spec } = file;
  refuseParts(spec, file);
  const { use, ...given } = spec.study;
  const entry: StudyEntry = atPath(file, ['study', 'use'], () => registry.get('study', use));
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(entry.options, name)) continue;
    const known = Object.keys(entry.options);
    const error = unknownNameError('@ggdln/experiments', `option of study ${use}`, name, known);
    throw placed(file, ['study', name], error);
  }
  const options = Object.entries(entry.options).map(([name, option]) => {
    const raw = given[name];
    const read = () => readOption(option, raw as Json, `study ${use}.${name}`);
    return [name, raw === undefined ? option.default : atPath(file, ['study', name], read)] as const;
  });
  const { linalg = 'auto' } = spec;
  if (linalg !== 'auto') atPath(file, ['linalg'], () => registry.get('linalg', linalg));
  const { seed } = experimentOptions;
  return {
    name: spec.name,
    title: spec.title ?? entry.title,
    description: spec.description ?? '',
    seed: atPath(file, ['seed'], () => readOption(seed, spec.seed ?? (seed.default as number), 'seed')) as number,
    use,
    options: Object.fromEntries(options) as ResolvedStudy['options'],
    linalg,
    plugins: spec.plugins ?? [],
  };
}

/** The resolved study as a file again, which runs the same. */
export function toStudySpec({ use, options, ...rest }: ResolvedStudy): StudySpec {
  return { ggdln: 1, ...rest, study: { use, ...options } };
}

/**
 * A copy of a study with some values replaced: `seed`, `title`, `study.start`, …
 * @param givenBy Who gave them, for messages: what is wrong with them is not the text's.
 * @throws GGDLN_UNKNOWN_NAME for a path that starts at nothing that a study has.
 */
export function overrideStudy(
  file: StudyFile,
  values: { readonly [path: string]: Json },
  givenBy: GivenBy = {},
): StudyFile {
  const known = ['name', 'title', 'description', 'seed', 'study', 'linalg'];
  let { spec } = file;
  for (const [path, value] of Object.entries(values)) {
    const [head, ...rest] = path.split('.');
    if (!known.includes(head))
      throw unknownNameError(givenBy[path] ?? '@ggdln/experiments', 'key of a study', head, known);
    if (head !== 'study') spec = { ...spec, [path]: value };
    else
      spec = {
        ...spec,
        study: rest.length === 0 ? { use: String(value) } : { ...spec.study, [rest.join('.')]: value },
      };
  }
  const given = Object.keys(values)
    .filter((path) => Object.hasOwn(givenBy, path))
    .map((path) => {
      const [head, ...rest] = path.split('.');
      return { place: rest.length === 0 ? [head] : [head, rest.join('.')], by: givenBy[path] };
    });
  return { ...file, spec, ...givenElsewhere(file, given) };
}
