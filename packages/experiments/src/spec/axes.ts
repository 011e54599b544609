import {
  type IntegerOption,
  integer,
  type Json,
  type NumberOption,
  number,
  type Option,
  type Registry,
  unknownNameError,
} from '@ggdln/core';
import type { AxisValue } from './experimentSpec.ts';
import { isPerLayer, type ResolvedPart, type ResolvedSource, type ResolvedSpec } from './resolvedSpec.ts';

/** Options of the experiment itself, in the form that plugins declare theirs. */
export const experimentOptions: { readonly seed: IntegerOption; readonly temperature: NumberOption } = {
  seed: integer({ title: 'Seed', min: 0, default: 1, help: 'One seed for everything random.' }),
  temperature: number({
    title: 'Temperature',
    symbol: 'T',
    min: 0,
    default: 0.01,
    scale: 'log',
    help: 'T of the Gibbs distribution over weights.',
    equation: 'ggdln/1',
  }),
};

/** The parts of an experiment that axes reach into. */
export type SweptParts = Pick<ResolvedSpec, 'dataset' | 'gating' | 'architecture' | 'learners' | 'theories'>;

/** Every path that can be an axis, with the option behind it. */
export function axisOptions(parts: SweptParts, registry: Registry): ReadonlyMap<string, Option> {
  const axes = new Map<string, Option>(Object.entries(experimentOptions));
  const add = (prefix: string, schema: { readonly [name: string]: Option }) => {
    for (const [name, option] of Object.entries(schema)) axes.set(`${prefix}.${name}`, option);
  };
  for (const kind of ['dataset', 'architecture'] as const) add(kind, registry.get(kind, parts[kind].use).options);
  for (const { prefix, part } of gatingsOf(parts)) add(prefix, registry.get('gating', part.use).options);
  for (const source of [...parts.learners, ...parts.theories]) {
    add(ownPrefix(source), registry.get(source.kind, source.use).options);
  }
  return axes;
}

/** The gatings of an experiment with the beginnings of their axes: `gating`, or `gating.0`, `gating.1`, …, top first. */
function gatingsOf({ gating }: Pick<SweptParts, 'gating'>): { readonly prefix: string; readonly part: ResolvedPart }[] {
  if (!isPerLayer(gating)) return [{ prefix: 'gating', part: gating }];
  return gating.map((part, layer) => ({ prefix: `gating.${layer}`, part }));
}

/** Where a source's own options are, e.g. `learners.block-gibbs`. */
function ownPrefix(source: Pick<ResolvedSource, 'kind' | 'as'>): string {
  return `${source.kind === 'learner' ? 'learners' : 'theories'}.${source.as}`;
}

/** Does a source's result depend on an axis? Axes of other learners and theories don't concern it. */
export function concerns(source: Pick<ResolvedSource, 'kind' | 'as'>, axis: string): boolean {
  return !isOwnAxis(axis) || axis.startsWith(`${ownPrefix(source)}.`);
}

/** Is an axis an option of one learner or theory? */
export function isOwnAxis(axis: string): boolean {
  return axis.startsWith('learners.') || axis.startsWith('theories.');
}

/** An option's value as the cell of a table; lists become text such as `10,20`. */
export function toCell(value: Json): AxisValue {
  return Array.isArray(value) ? value.join(',') : (value as AxisValue);
}

/** The value that an axis has where nothing sweeps it. */
export function baseValue(spec: ResolvedSpec, axis: string): AxisValue {
  if (axis === 'seed') return spec.seed;
  if (axis === 'temperature') return spec.temperature;
  const { part, option } = partOfAxis(spec, axis);
  return toCell(part.options[option]);
}

/** The part that an axis belongs to and the option's name in it. */
function partOfAxis(spec: ResolvedSpec, axis: string): { readonly part: ResolvedPart; readonly option: string } {
  const [kind, ...rest] = axis.split('.');
  if (kind === 'learners' || kind === 'theories') {
    const [as, ...option] = rest;
    const part = spec[kind].find((source) => source.as === as);
    if (part) return { part, option: option.join('.') };
  } else if (kind === 'gating') {
    const found = gatingsOf(spec).find(({ prefix }) => axis.startsWith(`${prefix}.`));
    if (found) return { part: found.part, option: axis.slice(found.prefix.length + 1) };
  } else if (kind === 'dataset' || kind === 'architecture') {
    return { part: spec[kind], option: rest.join('.') };
  }
  throw unknownNameError('@ggdln/experiments', 'axis', axis, Object.keys(spec.sweep));
}
