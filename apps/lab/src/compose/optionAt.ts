import type { Option, Registry } from '@ggdln/core';
import type { LabSpec } from '../state/labState.ts';
import { seedOption, temperatureOption } from './ownOptions.ts';
import { entryOf, partsOf, sourcesOf } from './parts.ts';

/** What stands at a path as in `--set`: a part of the experiment, or one of its options. */
export interface PlacedOption {
  /** Of the part or of the option, for people. */
  readonly title: string;
  /** Absent for a whole part. */
  readonly option?: Option;
}

const OWN: { readonly [path: string]: Option } = { seed: seedOption, temperature: temperatureOption };

/** Looks up a path such as `dataset.trainSize` or `learners.gradient-descent`; `undefined` where nothing is there. */
export function optionAt(path: string, spec: LabSpec, registry: Registry): PlacedOption | undefined {
  if (Object.hasOwn(OWN, path)) return { title: OWN[path].title, option: OWN[path] };
  const parts = [
    ...(['dataset', 'gating', 'architecture', 'study'] as const).flatMap((kind) =>
      partsOf(spec, kind).map((placed) => ({ ...placed, kind })),
    ),
    ...(['learner', 'theory'] as const).flatMap((kind) => sourcesOf(spec, kind).map((placed) => ({ ...placed, kind }))),
  ];
  const found = parts.find((placed) => path === placed.path || path.startsWith(`${placed.path}.`));
  const entry = found && entryOf(registry, found.kind, found.part.use);
  if (!entry) return undefined;
  if (path === found.path) return { title: entry.title };
  const name = path.slice(found.path.length + 1);
  const option = Object.hasOwn(entry.options, name) ? entry.options[name] : undefined;
  return option && { title: option.title, option };
}
