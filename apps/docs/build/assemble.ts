import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fillTables } from './fillTables.ts';
import { rewriteLinks } from './links.ts';
import { llmsFull, llmsIndex } from './llms.ts';
import { entryPoints } from './repository.ts';
import { pageSources } from './sources.ts';

/** A page as VitePress gets it. */
export interface Page {
  /** Path, e.g. `guide/sweeps.md`. */
  readonly path: string;
  /** Path of its source from the root of the repository. */
  readonly file: string;
  readonly markdown: string;
}

/**
 * Every page but those of the API, with the links and tables of the site.
 * @param root Of the repository.
 * @throws Error for links that lead nowhere.
 */
export function assemblePages(root: string): readonly Page[] {
  const sources = pageSources(root);
  const targets = { root, sources, entries: entryPoints(root) };
  return sources.map(({ page, file }) => {
    const text = readFileSync(join(root, file), 'utf8');
    const markdown = fillTables(rewriteLinks(text, file, targets));
    return { path: page, file, markdown: notOurs(file) ? `---\neditLink: false\n---\n\n${markdown}` : markdown };
  });
}

/**
 * Writes the pages, with figures and what language models read, to a folder.
 * @param root Of the repository.
 * @param into Folder that is emptied first.
 */
export function writePages(root: string, into: string): void {
  rmSync(into, { recursive: true, force: true });
  const pages = assemblePages(root);
  for (const { path, markdown } of pages) write(join(into, path), markdown);
  cpSync(join(root, 'apps/docs/pages'), into, { recursive: true, filter: (path) => !path.endsWith('.md') });
  cpSync(join(root, 'assets'), join(into, 'public/assets'), { recursive: true });
  const lab = join(root, 'packages/cli/lab');
  if (existsSync(lab))
    cpSync(lab, join(into, 'public/lab'), { recursive: true, filter: (path) => !path.endsWith('.md') });
  cpSync(join(root, 'apps/lab/public/icon.svg'), join(into, 'public/icon.svg'));
  write(join(into, 'public/llms.txt'), llmsIndex(pages));
  write(join(into, 'public/llms-full.txt'), llmsFull(pages));
}

/** Read in the repository first; the site shows it. */
function notOurs(file: string): boolean {
  return !file.startsWith('apps/docs/');
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
