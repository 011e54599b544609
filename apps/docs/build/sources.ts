import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { publicPackages } from './repository.ts';

/** A page of the site and the file of the repository that it is made of. */
export interface PageSource {
  /** Path of the page, e.g. `guide/sweeps.md`. */
  readonly page: string;
  /** Path from the root of the repository. */
  readonly file: string;
}

/** Files that are read in the repository as well, and so stay where they are. */
const ELSEWHERE: { readonly [page: string]: string } = {
  'benchmarks.md': 'docs/benchmarks.md',
  'support.md': 'docs/support.md',
  'guide/write-a-plugin.md': 'docs/write-a-plugin.md',
  'guide/k-path.md': 'docs/k-path-options.md',
  'contributing.md': 'CONTRIBUTING.md',
};

/** Every page but those of the API, which is made from doc comments. @param root Of the repository. */
export function pageSources(root: string): readonly PageSource[] {
  const own = join(root, 'apps/docs/pages');
  return [
    ...markdownFiles(own).map((file) => ({ page: relative(own, file), file: relative(root, file) })),
    ...Object.entries(ELSEWHERE).map(([page, file]) => ({ page, file })),
    ...publicPackages(root).map((name) => ({ page: `packages/${name}.md`, file: `packages/${name}/README.md` })),
  ];
}

function markdownFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .sort()
    .map((path) => join(folder, path));
}
