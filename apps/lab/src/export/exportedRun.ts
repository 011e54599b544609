import type { JsonObject, Registry, RunView } from '@ggdln/core';

/** A run as it leaves the page: what is on screen, and what made it. */
export interface ExportedRun {
  readonly view: RunView;
  readonly registry: Registry;
  /** Version of ggdln. */
  readonly version: string;
  /** Registry name of the linear-algebra backend that computed, e.g. `wasm`. */
  readonly linalg: string;
}

/** A file to be saved. */
export interface ExportedFile {
  readonly name: string;
  readonly type: string;
  readonly content: string | Uint8Array;
}

/** The registry name of the backend that a session found, told by its description. */
export function linalgName(description: string | undefined, registry: Registry): string {
  const names = registry.list('linalg').map(({ name }) => name);
  return names.find((name) => description?.includes(name)) ?? 'auto';
}

/** The experiment file; it names the backend, so that `ggdln run` gives the same numbers. */
export function specOf({ view, linalg }: Pick<ExportedRun, 'view' | 'linalg'>): JsonObject {
  const spec = view.spec as JsonObject;
  const open = spec.linalg === undefined || spec.linalg === 'auto';
  return open && linalg !== 'auto' ? { ...spec, linalg } : spec;
}

/** Start of every file name: the experiment's name in letters that every system takes. */
export function baseName({ view }: Pick<ExportedRun, 'view'>): string {
  const spec = view.spec as { readonly name?: unknown };
  const name = typeof spec.name === 'string' && spec.name !== '' ? spec.name : view.title;
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'run'
  );
}
