import { type Json, unknownNameError } from '@ggdln/core';
import { specKeys } from './checkShape.ts';
import { sweepWords } from './checkSweep.ts';
import type { AxisValue, ExperimentSpec, ExperimentSweep, PartSpec, SourceSpec } from './experimentSpec.ts';
import { isPerLayer } from './resolvedSpec.ts';
import { type GivenBy, givenElsewhere, type SpecFile, type SpecPath } from './specSource.ts';

/**
 * A copy of a spec with some values replaced, as by `--set` on the command line.
 * @param values By path: `temperature`, `gating.gates` (`gating.0.gates` where each layer has its own), `learners.block-gibbs.sweeps`, `sweep.architecture.width`, …
 * Values are checked by `resolveSpec`, like those of the file.
 * @param givenBy Who gave them, for the messages of a `SpecFile`: what is wrong with them is not the text's.
 * @throws GGDLN_UNKNOWN_NAME for a path that starts at nothing that the spec has.
 */
export function overrideSpec<Spec extends ExperimentSpec | SpecFile>(
  spec: Spec,
  values: { readonly [path: string]: Json },
  givenBy: GivenBy = {},
): Spec {
  if ('locate' in spec) {
    const given = Object.keys(values)
      .filter((path) => Object.hasOwn(givenBy, path))
      .map((path) => ({ place: placeOf(spec.spec, path), by: givenBy[path] }));
    return { ...spec, spec: overrideSpec(spec.spec, values, givenBy), ...givenElsewhere(spec, given) };
  }
  let changed: ExperimentSpec = spec;
  for (const [path, value] of Object.entries(values)) changed = setValue(changed, path, value, givenBy[path]);
  return changed as Spec;
}

/** Where a path leads in the spec: sources stand in lists, axes are one key. */
function placeOf(spec: ExperimentSpec, path: string): SpecPath {
  const [head, ...rest] = path.split('.');
  if (rest.length === 0) return [head];
  if (head === 'learners' || head === 'theories') {
    const index = (spec[head] ?? []).findIndex((source) => nameOf(source) === rest[0]);
    const option = rest[1] === 'at' && rest.length > 2 ? ['at', rest.slice(2).join('.')] : inOne(rest.slice(1));
    return [head, index, ...option];
  }
  return head === 'gating' && isPerLayer(spec.gating)
    ? [head, rest[0], ...inOne(rest.slice(1))]
    : [head, rest.join('.')];
}

const inOne = (steps: readonly string[]): SpecPath => (steps.length === 0 ? [] : [steps.join('.')]);

function setValue(
  spec: ExperimentSpec,
  path: string,
  value: Json,
  where = '@ggdln/experiments overrideSpec',
): ExperimentSpec {
  const [head, ...rest] = path.split('.');
  if (!specKeys.includes(head)) throw unknownNameError(where, 'key of an experiment', head, specKeys);
  if (rest.length === 0) return { ...spec, [head]: value };
  if (head === 'learners' || head === 'theories') {
    const sources = spec[head] ?? [];
    const [name, ...option] = rest;
    const names = sources.map(nameOf);
    if (!names.includes(name)) throw unknownNameError(where, `name among the ${head}`, name, names);
    return { ...spec, [head]: sources.map((item) => (nameOf(item) === name ? setOption(item, option, value) : item)) };
  }
  if (head === 'sweep') {
    const axis = rest.join('.');
    return {
      ...spec,
      sweep: { ...spec.sweep, [axis]: sweepWords.includes(axis) ? value : toList(value) } as ExperimentSweep,
    };
  }
  if (head === 'gating' && isPerLayer(spec.gating))
    return { ...spec, gating: setLayer(spec.gating, rest, value, where) };
  const inner = (spec[head as keyof ExperimentSpec] ?? {}) as { readonly [key: string]: Json };
  return { ...spec, [head]: { ...inner, [rest.join('.')]: value } };
}

/** `['0', 'gates']` sets an option of the top layer's gating; `['0']` replaces it. */
function setLayer(
  gatings: readonly PartSpec[],
  path: readonly string[],
  value: Json,
  where: string,
): readonly PartSpec[] {
  const [layer, ...option] = path;
  const known = gatings.map((_, index) => String(index));
  if (!known.includes(layer)) {
    throw unknownNameError(where, 'layer of the gating, top first', layer, known);
  }
  return gatings.map((part, index) => {
    if (String(index) !== layer) return part;
    return option.length === 0 ? (value as unknown as PartSpec) : { ...part, [option.join('.')]: value };
  });
}

/** `['sweeps']` sets an option; `['at', 'architecture', 'width']` sets the values of an axis. */
function setOption(source: SourceSpec, path: readonly string[], value: Json): SourceSpec {
  const [head, ...rest] = path;
  if (head === 'at' && rest.length > 0) {
    return { ...source, at: { ...source.at, [rest.join('.')]: toList(value) } };
  }
  return { ...source, [path.join('.')]: value };
}

/** Values of an axis; text is split at commas. What isn't an axis value is refused by `resolveSpec`. */
function toList(value: Json): readonly AxisValue[] {
  if (typeof value === 'string') return value.split(',').map((item) => item.trim());
  return (Array.isArray(value) ? value : [value]) as readonly AxisValue[];
}

function nameOf(source: SourceSpec): string {
  return source.as ?? source.use;
}
