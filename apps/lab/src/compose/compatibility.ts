import type { Incompatibility, ProblemTraits, Registry } from '@ggdln/core';
import { readOption, resolveOptions } from '@ggdln/core';
import { problemTraits } from '@ggdln/experiments';
import type { LabSpec } from '../state/labState.ts';
import type { Changes } from '../state/store.ts';
import { temperatureOption } from './ownOptions.ts';
import {
  entryOf,
  listKey,
  nameOf,
  partsOf,
  type RawPart,
  type SharedKind,
  type SourceKind,
  sourcesOf,
  withPart,
} from './parts.ts';
import { changesTo, withoutAxes } from './sweepAxes.ts';

/** What learners and theories are asked about; `undefined` while the architecture has an option that isn't allowed. */
export function traitsOf(spec: LabSpec, registry: Registry, outputs: number): ProblemTraits | undefined {
  const [architecture] = partsOf(spec, 'architecture');
  const entry = architecture && entryOf(registry, 'architecture', architecture.part.use);
  if (!entry) return undefined;
  try {
    const { use, ...raw } = architecture.part;
    const options = resolveOptions(entry.options, raw, use);
    const temperature = readOption(temperatureOption, spec.temperature ?? temperatureOption.default, 'temperature');
    return problemTraits({ use, options }, temperature as number, registry, outputs);
  } catch {
    return undefined; // the field says what is wrong
  }
}

/** Why a learner or theory can't be used here; `undefined` if it can, or if that isn't known yet. */
export function misfitOf(
  kind: SourceKind,
  name: string,
  traits: ProblemTraits | undefined,
  registry: Registry,
): Incompatibility | undefined {
  const entry = entryOf(registry, kind, name);
  return traits && entry?.supports(traits);
}

/** Why a network can't have the gates of some gatings; `undefined` if it can. */
function networkMisfit(
  architecture: string,
  gatings: readonly string[],
  registry: Registry,
): Incompatibility | undefined {
  const entry = entryOf(registry, 'architecture', architecture);
  for (const gating of gatings) {
    const misfit = entry?.supports?.({ gating });
    if (misfit) return misfit;
  }
  return undefined;
}

/** Why the gates and the network of an experiment don't fit. */
export function networkMisfitOf(spec: LabSpec, registry: Registry): Incompatibility | undefined {
  const [architecture] = partsOf(spec, 'architecture');
  const gatings = partsOf(spec, 'gating').map(({ part }) => part.use);
  return architecture && networkMisfit(architecture.part.use, gatings, registry);
}

/**
 * Why another entry can't stand in the place of a part beside the rest of the experiment, as `ggdln run` would say;
 * `undefined` where it can.
 * @param path Of the part that it would replace.
 */
export function misfitInPlace(
  kind: SharedKind,
  path: string,
  use: string,
  { spec, registry }: { readonly spec: LabSpec; readonly registry: Registry },
): Incompatibility | undefined {
  if (kind !== 'architecture' && kind !== 'gating') return undefined;
  const changed = { ...spec, ...withPart(spec, { path }, { use }) };
  return networkMisfitOf(changed, registry);
}

/** Reason and remedy as two sentences. */
export function whyOf({ reason, remedy }: Incompatibility): string {
  const sentence = (words: string) => `${words[0]?.toUpperCase() ?? ''}${words.slice(1).replace(/\.$/, '')}.`;
  return `${sentence(reason)} ${sentence(remedy)}`;
}

/** What had to give way to an edit. */
export interface Refit {
  readonly changes: Changes;
  /** One sentence a change. */
  readonly notes: readonly string[];
}

/**
 * Makes learners and theories fit again after the network was changed: those that don't are taken out, and where none
 * is left the first that fits comes in. Everything it does is said.
 */
export function refit(spec: LabSpec, registry: Registry, outputs: number): Refit {
  const traits = traitsOf(spec, registry, outputs);
  const notes: string[] = [];
  let fitted = spec;
  for (const kind of ['learner', 'theory'] as const) {
    const parts = sourcesOf(spec, kind).map(({ part }) => part);
    const wrong = parts.filter((part) => misfitOf(kind, part.use, traits, registry));
    if (wrong.length === 0) continue;
    const kept = parts.filter((part) => !wrong.includes(part));
    const added = kept.length === 0 ? firstThatFits(kind, traits, registry) : undefined;
    for (const part of wrong) notes.push(noteOf(kind, part, added, traits, registry));
    fitted = withoutSources({ ...fitted, [listKey(kind)]: added ? [...kept, { use: added }] : kept }, kind, wrong);
  }
  return { changes: changesTo(spec, fitted), notes };
}

/** A spec without the axes of sources that are gone. */
export function withoutSources(spec: LabSpec, kind: SourceKind, gone: readonly RawPart[]): LabSpec {
  const starts = gone.map((part) => `${listKey(kind)}.${nameOf(part)}.`);
  return withoutAxes(spec, (path) => starts.some((start) => path.startsWith(start)));
}

function firstThatFits(kind: SourceKind, traits: ProblemTraits | undefined, registry: Registry): string | undefined {
  return registry.list(kind).find(({ name }) => !misfitOf(kind, name, traits, registry))?.name;
}

function noteOf(
  kind: SourceKind,
  part: RawPart,
  added: string | undefined,
  traits: ProblemTraits | undefined,
  registry: Registry,
): string {
  const title = (name: string) => entryOf(registry, kind, name)?.title ?? name;
  const reason = misfitOf(kind, part.use, traits, registry)?.reason ?? '';
  const instead = added ? `${title(added)} took the place of ${title(part.use)}` : `${title(part.use)} was taken out`;
  return `${instead}: ${reason}.`;
}

/** C as far as it is known. */
export function outputsOf(problem: { readonly trainY: { readonly cols: number } } | undefined): number {
  return problem?.trainY.cols ?? 1;
}
