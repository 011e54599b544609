import type { PluginKind, Registry } from '@ggdln/core';
import type { LabSpec } from '../state/labState.ts';

/** What is composed in two lines: titles of its parts, and the options that have symbols. */
export function summarise(spec: LabSpec, registry: Registry): { readonly parts: string; readonly values: string } {
  const swept = sweptOf(spec);
  const study = isPart(spec.study) ? [described('study', spec.study, registry, swept)] : [];
  const shared = (['dataset', 'gating', 'architecture'] as const).flatMap((kind) => {
    const part = Array.isArray(spec[kind]) ? spec[kind][0] : spec[kind];
    return isPart(part) ? [described(kind, part, registry, swept)] : [];
  });
  const learners = Array.isArray(spec.learners) ? spec.learners.filter(isPart) : [];
  const all = [...study, ...shared, ...learners.slice(0, 1).map((part) => described('learner', part, registry, swept))];
  return {
    parts: all.map(({ title }) => title).join(' · '),
    values: [...all.flatMap(({ values }) => values), ...unnamed(swept, all)].join(' · '),
  };
}

interface Part {
  readonly use: string;
  readonly [option: string]: unknown;
}

function described(kind: PluginKind, part: Part, registry: Registry, swept: ReadonlyMap<string, string>) {
  const entry = registry.list(kind).find(({ name }) => name === part.use)?.entry;
  const options = Object.entries(entry?.options ?? {});
  const values = options.flatMap(([name, option]) => {
    const value = swept.get(`${kind}.${name}`) ?? part[name] ?? option.default;
    const shown = option.symbol && (typeof value === 'number' || swept.has(`${kind}.${name}`));
    return shown ? [`${option.symbol}\u00a0=\u00a0${value}`] : [];
  });
  const named = options.flatMap(([name, { symbol }]) => (symbol ? [`${kind}.${name}`] : []));
  return { title: entry?.title ?? part.use, values, named };
}

/** Axes whose options have no symbol, or no entry that is known, by the names of their options. */
function unnamed(
  swept: ReadonlyMap<string, string>,
  parts: readonly { readonly named: readonly string[] }[],
): string[] {
  const named = new Set(parts.flatMap((part) => part.named));
  return [...swept].flatMap(([path, ends]) =>
    named.has(path) ? [] : [`${path.split('.').at(-1)}\u00a0=\u00a0${ends}`],
  );
}

/** Ends of every axis, by path: `10 … 1000`. */
function sweptOf({ sweep }: LabSpec): ReadonlyMap<string, string> {
  if (sweep === null || typeof sweep !== 'object' || Array.isArray(sweep)) return new Map();
  return new Map(
    Object.entries(sweep).flatMap(([path, values]) =>
      Array.isArray(values) && values.length > 0 ? [[path, `${values[0]}\u2009…\u2009${values.at(-1)}`]] : [],
    ),
  );
}

function isPart(value: unknown): value is Part {
  return value !== null && typeof value === 'object' && 'use' in value && typeof value.use === 'string';
}
