import type { EntryOf, Json, JsonObject, OptionsSchema, PluginKind, Registry } from '@ggdln/core';
import { readOption } from '@ggdln/core';
import { isObject } from '../state/editSpec.ts';
import type { LabSpec } from '../state/labState.ts';

/** A plugin and its options as they stand in a spec. */
export type RawPart = { readonly use: string; readonly [option: string]: Json };

/** The kinds of parts that an experiment has one of, and those it has lists of. */
export type SharedKind = 'dataset' | 'gating' | 'architecture' | 'study';
export type SourceKind = 'learner' | 'theory';

/** A part with the beginning of the paths of its options, e.g. `gating.0`. */
export interface PlacedPart {
  readonly path: string;
  readonly part: RawPart;
}

function isPart(value: Json | undefined): value is RawPart {
  return isObject(value) && typeof value.use === 'string';
}

/** The parts of a kind: one, or one a layer for gatings, top first. */
export function partsOf(spec: LabSpec, kind: SharedKind): PlacedPart[] {
  const value = spec[kind];
  if (!Array.isArray(value)) return isPart(value) ? [{ path: kind, part: value }] : [];
  return value.flatMap((part: Json, layer: number) => (isPart(part) ? [{ path: `${kind}.${layer}`, part }] : []));
}

/** Learners or theories, by the names that their paths have. */
export function sourcesOf(spec: LabSpec, kind: SourceKind): PlacedPart[] {
  const key = listKey(kind);
  const list = spec[key];
  if (!Array.isArray(list)) return [];
  return list.flatMap((part: Json) => (isPart(part) ? [{ path: `${key}.${nameOf(part)}`, part }] : []));
}

export function listKey(kind: SourceKind): 'learners' | 'theories' {
  return kind === 'learner' ? 'learners' : 'theories';
}

/** A learner's or theory's name in its experiment. */
export function nameOf(part: RawPart): string {
  return typeof part.as === 'string' ? part.as : part.use;
}

/** The entry behind a part, if the registry has it. */
export function entryOf<Kind extends PluginKind>(
  registry: Registry,
  kind: Kind,
  name: string,
): EntryOf<Kind> | undefined {
  return registry.list(kind).find((item) => item.name === name)?.entry;
}

/** What an option is set to: its default where nothing is said. */
export function optionValue(part: RawPart, name: string, schema: OptionsSchema): Json {
  return part[name] ?? (schema[name].default as Json);
}

/** Another entry in the place of a part; options that both have keep their values where they are allowed. */
export function exchanged(part: RawPart | undefined, use: string, schema: OptionsSchema): RawPart {
  const kept: Record<string, Json> = {};
  for (const [name, option] of Object.entries(schema)) {
    const value = part?.[name];
    if (value === undefined || value === option.default) continue;
    try {
      kept[name] = readOption(option, value, name);
    } catch {
      // The other entry means something else by this name: its default.
    }
  }
  return { ...kept, use };
}

/** Whole-part value of a spec with one part replaced, e.g. one layer's gating. */
export function withPart(spec: LabSpec, { path }: Pick<PlacedPart, 'path'>, part: RawPart): JsonObject {
  const [kind, layer] = path.split('.');
  if (layer === undefined) return { [kind]: part };
  const list = spec[kind] as readonly Json[];
  return { [kind]: list.map((item, index) => (String(index) === layer ? part : item)) };
}
