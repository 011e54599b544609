import { type EntryOf, type Json, type PluginKind, type Registry, readOption, unknownNameError } from '@ggdln/core';
import { metricNames } from '../metrics/predictorMetrics.ts';
import { axisOptions, concerns, experimentOptions, type SweptParts } from './axes.ts';
import { checkShape } from './checkShape.ts';
import type { ExperimentSpec, PartSpec, SourceSpec, SweepSpec } from './experimentSpec.ts';
import { readAxes, readSweep } from './readSweep.ts';
import { isPerLayer, type ResolvedPart, type ResolvedSource, type ResolvedSpec } from './resolvedSpec.ts';
import { atPath, inMemory, placed, type SpecFile, type SpecOrigin, type SpecPath, specError } from './specSource.ts';

/** Words in a learner or theory that are not options of it. */
const sourceWords: readonly string[] = ['use', 'as', 'at'];

/**
 * Fills in every default and checks every name and value against the registry. Nothing is computed or loaded.
 * @param spec From `parseSpec`, or a plain object.
 * @throws GGDLN_CONFIG naming the place (line and column where the spec came from a text) and the nearest known name.
 */
export function resolveSpec(spec: ExperimentSpec | SpecFile, registry: Registry): ResolvedSpec {
  const origin: SpecOrigin = isSpecFile(spec) ? spec : inMemory;
  const raw = checkShape(isSpecFile(spec) ? spec.spec : spec, origin);
  const parts = resolveParts(raw, registry, origin);
  const axes = axisOptions(parts, registry);
  requireGatingEachLayer(parts, registry, origin);
  const seed = readOwn(raw, 'seed', origin);
  const { sweep, together } = readSweep(raw.sweep ?? {}, seed, { known: axes, origin });
  const withAt = (sources: readonly ResolvedSource[]) =>
    sources.map((source, index) => {
      const own = new Map([...axes].filter(([axis]) => concerns(source, axis)));
      const here = [listOf(source), index, 'at'];
      const at = readAxes(source.at, here, { known: own, origin });
      refuseGrouped(at, together, here, origin);
      return { ...source, at };
    });
  const learners = withAt(parts.learners);
  const theories = withAt(parts.theories);
  return {
    name: raw.name,
    title: raw.title ?? raw.name,
    description: raw.description ?? '',
    seed,
    temperature: readOwn(raw, 'temperature', origin),
    ...parts,
    learners,
    theories,
    sweep,
    together,
    figure: resolveFigure(raw, [sweep, ...together, ...[...learners, ...theories].map((source) => source.at)], origin),
    linalg: resolveBackend('linalg', raw, registry, origin),
    tensor: resolveBackend('tensor', raw, registry, origin),
    plugins: raw.plugins ?? [],
  };
}

function isSpecFile(spec: ExperimentSpec | SpecFile): spec is SpecFile {
  return typeof (spec as SpecFile | undefined)?.locate === 'function';
}

function resolveParts(raw: ExperimentSpec, registry: Registry, origin: SpecOrigin): SweptParts {
  const shared = (kind: 'dataset' | 'architecture') => resolvePart(kind, raw[kind], [kind], registry, origin).part;
  const gate = (part: PartSpec, path: SpecPath) => resolvePart('gating', part, path, registry, origin).part;
  const gating = isPerLayer(raw.gating)
    ? raw.gating.map((part, layer) => gate(part, ['gating', layer]))
    : gate(raw.gating, ['gating']);
  const sources = (kind: 'learner' | 'theory', list: readonly SourceSpec[]) =>
    list.map((source, index) => resolveSource(kind, source, index, registry, origin));
  const learners = sources('learner', raw.learners ?? []);
  const theories = sources('theory', raw.theories ?? []);
  if (learners.length + theories.length === 0) {
    throw specError(origin, [], {
      problem: 'there is nothing to compute: no learners and no theories',
      remedy: 'Add at least one, e.g. theories: [{ use: ggdln }]',
    });
  }
  refuseSameName([...learners, ...theories], origin);
  return {
    dataset: shared('dataset'),
    gating,
    architecture: shared('architecture'),
    learners,
    theories,
  };
}

/** A list of gatings must fit the architecture as written; a sweep of its depth is checked point by point. */
function requireGatingEachLayer({ gating, architecture }: SweptParts, registry: Registry, origin: SpecOrigin): void {
  if (!isPerLayer(gating)) return;
  const depth = atPath(origin, ['architecture'], () => {
    const { use, options } = architecture;
    return registry.get('architecture', use).create(options).widths.length;
  });
  if (gating.length === depth) return;
  throw specError(origin, ['gating'], {
    problem: `there are ${gating.length} gatings for ${depth} hidden layers of ${architecture.use}`,
    remedy: 'Give one a layer, readout first, or one for all',
  });
}

/** One axis of a group can't be replaced without the others. */
function refuseGrouped(at: SweepSpec, together: readonly SweepSpec[], path: SpecPath, origin: SpecOrigin): void {
  for (const axis of Object.keys(at)) {
    const group = together.find((axes) => Object.hasOwn(axes, axis));
    if (!group) continue;
    const others = Object.keys(group).filter((other) => other !== axis);
    throw specError(origin, [...path, axis], {
      problem: `${axis} moves together with ${others.join(', ')}; its values can't be replaced for one part alone`,
      remedy: 'Take it out of the group, or leave "at" out',
    });
  }
}

function resolvePart<Kind extends PluginKind>(
  kind: Kind,
  raw: PartSpec,
  path: SpecPath,
  registry: Registry,
  origin: SpecOrigin,
  reserved: readonly string[] = ['use'],
): { readonly part: ResolvedPart; readonly entry: EntryOf<Kind> } {
  const entry = atPath(origin, [...path, 'use'], () => registry.get(kind, raw.use));
  const owner = `${kind} ${raw.use}`;
  const schema = entry.options;
  for (const name of Object.keys(raw)) {
    if (reserved.includes(name) || Object.hasOwn(schema, name)) continue;
    const known = Object.keys(schema);
    throw placed(origin, [...path, name], unknownNameError('@ggdln/experiments', `option of ${owner}`, name, known));
  }
  const options: Record<string, Json> = {};
  for (const [name, option] of Object.entries(schema)) {
    const given: Json | undefined = Object.hasOwn(raw, name) ? raw[name] : undefined;
    options[name] =
      given === undefined
        ? option.default
        : atPath(origin, [...path, name], () => readOption(option, given, `${owner}.${name}`));
  }
  return { part: { use: raw.use, options: options as ResolvedPart['options'] }, entry };
}

function resolveSource(
  kind: 'learner' | 'theory',
  raw: SourceSpec,
  index: number,
  registry: Registry,
  origin: SpecOrigin,
): ResolvedSource {
  const { part, entry } = resolvePart(kind, raw, [listOf({ kind }), index], registry, origin, sourceWords);
  return { ...part, kind, as: raw.as ?? raw.use, role: entry.role, at: (raw.at ?? {}) as SweepSpec };
}

function refuseSameName(sources: readonly ResolvedSource[], origin: SpecOrigin): void {
  for (const [index, source] of sources.entries()) {
    if (sources.findIndex((other) => other.as === source.as) === index) continue;
    const place = sources.filter((other) => other.kind === source.kind).indexOf(source);
    throw specError(origin, [listOf(source), place], {
      problem: `two learners or theories are called "${source.as}"`,
      remedy: `Give one of them a name of its own, e.g. { use: ${source.use}, as: ${source.as}-2 }`,
    });
  }
}

function readOwn(raw: ExperimentSpec, name: 'seed' | 'temperature', origin: SpecOrigin): number {
  const option = experimentOptions[name];
  const value = raw[name] ?? (option.default as number);
  return atPath(origin, [name], () => readOption(option, value, name)) as number;
}

function resolveFigure(raw: ExperimentSpec, sweeps: readonly SweepSpec[], origin: SpecOrigin): ResolvedSpec['figure'] {
  const axes = [...new Set(sweeps.flatMap((sweep) => Object.keys(sweep)))];
  const { x, metrics } = raw.figure ?? {};
  if (x !== undefined && !axes.includes(x)) {
    throw placed(origin, ['figure', 'x'], unknownNameError('@ggdln/experiments', 'axis of the sweep', x, axes));
  }
  for (const [index, metric] of (metrics ?? []).entries()) {
    if (metricNames.includes(metric)) continue;
    const here = ['figure', 'metrics', index];
    throw placed(origin, here, unknownNameError('@ggdln/experiments', 'metric', metric, metricNames));
  }
  return { x: x ?? axes[0], metrics: metrics ?? ['bias', 'variance'] };
}

function resolveBackend(
  kind: 'linalg' | 'tensor',
  raw: ExperimentSpec,
  registry: Registry,
  origin: SpecOrigin,
): string {
  const name = raw[kind] ?? 'auto';
  if (name !== 'auto') atPath(origin, [kind], () => registry.get(kind, name));
  return name;
}

function listOf(source: Pick<ResolvedSource, 'kind'>): 'learners' | 'theories' {
  return source.kind === 'learner' ? 'learners' : 'theories';
}
