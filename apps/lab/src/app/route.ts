import { isLink } from '../state/urlState.ts';

/** Where in the lab one is. */
export type Route =
  | { readonly page: 'lab'; readonly over?: 'own-data' | 'own-plugin' | 'compose' }
  | { readonly page: 'gallery' | 'keyboard' | 'about' }
  | { readonly page: 'theory'; readonly system?: string; readonly section?: string }
  /** `slide` counts from 1. */
  | { readonly page: 'talk'; readonly slide: number };

/**
 * The route of a location's hash; a shared run (`#run=…`) and whatever isn't known is the lab itself. Ids of equations
 * such as `#theory/ggdln/2` name a section of a page.
 */
export function readRoute(hash: string): Route {
  if (isLink(hash)) return { page: 'lab' };
  const [page, ...rest] = hash.replace(/^#\/?/, '').split('/');
  if (page === 'own-data' || page === 'own-plugin' || page === 'compose') return { page: 'lab', over: page };
  if (page === 'gallery' || page === 'keyboard' || page === 'about') return { page };
  if (page === 'theory') {
    const [system, section] = rest.map((part) => decodeURIComponentOr(part));
    return { page, ...(system ? { system } : {}), ...(section ? { section } : {}) };
  }
  if (page === 'talk') return { page, slide: Math.max(1, Math.floor(Number(rest[0])) || 1) };
  return { page: 'lab' };
}

/** The link to the section of a theory page that an equation id such as `ggdln/2` names. */
export function equationLink(id: string): string {
  return `#theory/${id}`;
}

function decodeURIComponentOr(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
