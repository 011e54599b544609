import type { Plugin, PluginKind, Registry } from '@ggdln/core';
import { partsOf, sourcesOf } from '../compose/parts.ts';
import { labPlugins } from '../plugins.ts';
import type { LabSpec, LabState } from '../state/labState.ts';

/** Names of plugins beside those of the lab that an experiment has parts of, as far as they are loaded. */
export function ownPluginsOf(spec: LabSpec, registry: Registry): string[] {
  const names = usesOf(spec).flatMap(({ kind, use }) => pluginOf(registry, kind, use) ?? []);
  return [...new Set(names)].filter((name) => !labPlugins.some((plugin) => plugin.name === name));
}

/** Whether an experiment has parts that a plugin brings. */
export function isPartOf(plugin: Plugin, spec: LabSpec): boolean {
  return usesOf(spec).some(({ kind, use }) => Object.hasOwn(plugin[kind] ?? {}, use));
}

/** Names of plugins that a state says it needs and that are not loaded, while it has parts that nobody here knows. */
export function missingPlugins({ spec, needs = [] }: LabState, registry: Registry): string[] {
  if (usesOf(spec).every(({ kind, use }) => pluginOf(registry, kind, use) !== undefined)) return [];
  return needs.filter((name) => !registry.plugins.some((plugin) => plugin.name === name));
}

/** A state as others get it: it says which plugins it needs, so that they can be asked for. It never has their code. */
export function withNeeds(state: LabState, registry: Registry): LabState {
  const { needs: _, ...own } = state;
  const needs = [...new Set([...ownPluginsOf(state.spec, registry), ...missingPlugins(state, registry)])].sort();
  return needs.length === 0 ? own : { ...own, needs };
}

function usesOf(spec: LabSpec): { readonly kind: PluginKind; readonly use: string }[] {
  const shared = (['dataset', 'gating', 'architecture', 'study'] as const).flatMap((kind) =>
    partsOf(spec, kind).map(({ part }) => ({ kind, use: part.use })),
  );
  const sources = (['learner', 'theory'] as const).flatMap((kind) =>
    sourcesOf(spec, kind).map(({ part }) => ({ kind, use: part.use })),
  );
  return [...shared, ...sources];
}

function pluginOf(registry: Registry, kind: PluginKind, use: string): string | undefined {
  return registry.list(kind).find(({ name }) => name === use)?.plugin;
}
