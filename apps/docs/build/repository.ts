import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the sources are read; what has no page of its own is linked there. */
export const REPOSITORY = 'https://github.com/ggdln/ggdln/blob/main';

/** An importable module of a public package. */
export interface EntryPoint {
  /** As it is imported, e.g. `@ggdln/theory/bpkr`. */
  readonly name: string;
  /** Its list of exports, a path from the root of the repository. */
  readonly source: string;
}

/** Folders of the public packages, e.g. `theory`. @param root Of the repository. */
export function publicPackages(root: string): readonly string[] {
  return readdirSync(join(root, 'packages'))
    .filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
    .filter((name) => readManifest(root, name).private !== true)
    .sort();
}

/** Every module that users may import, as the `exports` of the packages say. @param root Of the repository. */
export function entryPoints(root: string): readonly EntryPoint[] {
  return publicPackages(root).flatMap((folder) => {
    const { name, exports = {} } = readManifest(root, folder);
    return Object.entries(exports).flatMap(([path, target]) => {
      const source = typeof target === 'object' ? target['@ggdln/source'] : undefined;
      return source ? [{ name: join(name, path), source: join('packages', folder, source) }] : [];
    });
  });
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: { readonly [path: string]: string | { readonly [condition: string]: string } };
}

function readManifest(root: string, folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'));
}
