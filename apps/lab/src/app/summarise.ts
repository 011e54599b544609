import type { PluginKind, Registry } from '@ggdln/core';
import type { LabSpec } from '../state/labState.ts';

/** What is composed in two lines: titles of its parts, and the options that have symbols. */
export function summarise(spec: LabSpec, registry: Registry): { readonly parts: string; readonly values: string } {
  const study = isPart(spec.study) ? [described('study', spec.study, registry)] : [];
  const shared = (['dataset', 'gating', 'architecture'] as const).flatMap((kind) => {
    const part = Array.isArray(spec[kind]) ? spec[kind][0] : spec[kind];
    return isPart(part) ? [described(kind, part, registry)] : [];
  });
  const learners = Array.isArray(spec.learners) ? spec.learners.filter(isPart) : [];
  const all = [...study, ...shared, ...learners.slice(0, 1).map((part) => described('learner', part, registry))];
  return {
    parts: all.map(({ title }) => title).join(' · '),
    values: [...all.flatMap(({ values }) => values), ...sweptOf(spec)].join(' · '),
  };
}

interface Part {
  readonly use: string;
  readonly [option: string]: unknown;
}

function described(kind: PluginKind, part: Part, registry: Registry) {
  const entry = registry.list(kind).find(({ name }) => name === part.use)?.entry;
  const options = Object.entries(entry?.options ?? {});
  const values = options.flatMap(([name, option]) => {
    const value = part[name] ?? option.default;
    return option.symbol && typeof value === 'number' ? [`${option.symbol}\u00a0=\u00a0${value}`] : [];
  });
  return { title: entry?.title ?? part.use, values };
}

function sweptOf({ sweep }: LabSpec): string[] {
  if (sweep === null || typeof sweep !== 'object' || Array.isArray(sweep)) return [];
  return Object.entries(sweep).flatMap(([path, values]) => {
    if (!Array.isArray(values) || values.length === 0) return [];
    return [`${path.split('.').at(-1)}\u00a0=\u00a0${values[0]}\u2009…\u2009${values.at(-1)}`];
  });
}

function isPart(value: unknown): value is Part {
  return value !== null && typeof value === 'object' && 'use' in value && typeof value.use === 'string';
}
