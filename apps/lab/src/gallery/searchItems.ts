import type { Registry } from '@ggdln/core';
import type { GalleryItem } from './galleryItem.ts';

/** What items can be filtered by: the kinds of their parts. */
export const FACETS = ['dataset', 'gating', 'architecture', 'learner', 'theory'] as const;
export type Facet = (typeof FACETS)[number];

/** Names of the plugins that an item uses, by kind. */
export type ItemParts = { readonly [facet in Facet]: readonly string[] };

/** The parts that the spec of an item names; a study has none of them. */
export function partsOf({ spec }: Pick<GalleryItem, 'spec'>): ItemParts {
  return {
    dataset: usesOf(spec.dataset),
    gating: usesOf(spec.gating),
    architecture: usesOf(spec.architecture),
    learner: usesOf(spec.learners),
    theory: usesOf(spec.theories),
  };
}

/** Titles of plugins, for the choices of the filters. */
export function titleOf(registry: Registry, facet: Facet, use: string): string {
  return registry.list(facet).find(({ name }) => name === use)?.entry.title ?? use;
}

/** What is searched for: words that all occur, and one part a facet at most. */
export interface GalleryQuery {
  readonly words: string;
  readonly parts: { readonly [facet in Facet]?: string };
}

/** The items that a query finds, in their order. Words are looked for in titles, texts, systems and titles of parts. */
export function searchItems(items: readonly GalleryItem[], query: GalleryQuery, registry: Registry): GalleryItem[] {
  const words = query.words.toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter((item) => {
    const parts = partsOf(item);
    const fits = FACETS.every((facet) => !query.parts[facet] || parts[facet].includes(query.parts[facet]));
    if (!fits) return false;
    const named = FACETS.flatMap((facet) => parts[facet].flatMap((use) => [use, titleOf(registry, facet, use)]));
    const text = [item.title, item.system, item.lead, item.before, item.after, ...named].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function usesOf(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(usesOf);
  const use = part !== null && typeof part === 'object' && 'use' in part ? part.use : undefined;
  return typeof use === 'string' ? [use] : [];
}
