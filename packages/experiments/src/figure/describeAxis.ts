import type { Option, Registry, StudyAxis } from '@ggdln/core';
import { isPerLayer, type ResolvedPart, type ResolvedSpec, sweepsOf } from '../spec/resolvedSpec.ts';

/**
 * An axis of a sweep in words: title, symbol and unit of the option that it moves. It is logarithmic when the option
 * says so (or says nothing) and its values, wherever they are given, are positive and span a decade at least.
 * @param column Path of the axis, e.g. `architecture.width`.
 */
export function describeAxis(column: string, spec: ResolvedSpec, registry: Registry): StudyAxis {
  const option = optionAt(column, spec, registry);
  const values = sweepsOf(spec)
    .flatMap((axes) => axes[column] ?? [])
    .map(Number);
  const wide = values.length > 0 && Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) >= 10;
  const log = option && 'scale' in option && option.scale !== undefined ? option.scale === 'log' : wide;
  const label = option ? [option.title.toLowerCase(), option.symbol ?? ''].join(' ').trim() : column;
  return { column, label, ...(option?.unit ? { unit: option.unit } : {}), scale: log && wide ? 'log' : 'linear' };
}

/** Dataset, gating (each layer's, where they differ) and architecture, with where their options are in axes. */
export function sharedParts(spec: ResolvedSpec): readonly {
  readonly kind: 'dataset' | 'gating' | 'architecture';
  readonly part: ResolvedPart;
  readonly prefix: string;
}[] {
  const kinds = ['dataset', 'gating', 'architecture'] as const;
  return kinds.flatMap((kind) => {
    const part = spec[kind];
    if (!isPerLayer(part)) return [{ kind, part, prefix: kind }];
    return part.map((layer, index) => ({ kind, part: layer, prefix: `${kind}.${index}` }));
  });
}

function optionAt(column: string, spec: ResolvedSpec, registry: Registry): Option | undefined {
  const owner = sharedParts(spec).find(({ prefix }) => column.startsWith(`${prefix}.`));
  return owner && registry.get(owner.kind, owner.part.use).options[column.slice(owner.prefix.length + 1)];
}
