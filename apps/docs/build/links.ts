import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { apiPath } from './apiPath.ts';
import { type EntryPoint, REPOSITORY } from './repository.ts';
import type { PageSource } from './sources.ts';

/** What links of a page may point at. */
export interface LinkTargets {
  /** Of the repository. */
  readonly root: string;
  readonly sources: readonly PageSource[];
  readonly entries: readonly EntryPoint[];
}

const FENCE = /^( {0,3})(`{3,}|~{3,})/;
/** `](target)` outside of code, title left alone. */
const LINK = /(\]\()([^)\s]+)((?:\s+"[^"]*")?\))/g;

/**
 * Points the links of a page at pages of the site: files of the repository to the page made of them or else to the
 * repository on the web, `api:@ggdln/theory#solveGgdln` to the API. Code is left alone.
 * @param file Path of the page's source from the root of the repository.
 * @throws Error for a file or a module that isn't there.
 */
export function rewriteLinks(markdown: string, file: string, targets: LinkTargets): string {
  let fence = '';
  return markdown
    .split('\n')
    .map((line) => {
      const mark = FENCE.exec(line)?.[2] ?? '';
      if (fence === '' && mark !== '') fence = mark;
      else if (fence !== '' && mark.startsWith(fence)) fence = '';
      else if (fence === '') return rewriteLine(line, file, targets);
      return line;
    })
    .join('\n');
}

function rewriteLine(line: string, file: string, targets: LinkTargets): string {
  const code = line.split(/(`+[^`]*`+)/).map((part) => part);
  // A link's text may be code; its target never is. Code is hidden while targets are replaced.
  const hidden: string[] = [];
  const masked = code
    .map((part, i) => (i % 2 === 1 ? `\u0000${hidden.push(part) - 1}\u0000` : part))
    .join('')
    .replace(LINK, (_, open: string, target: string, close: string) => open + newTarget(target, file, targets) + close);
  return masked.replace(/\u0000(\d+)\u0000/g, (_, i: string) => hidden[Number(i)]);
}

function newTarget(target: string, file: string, { root, sources, entries }: LinkTargets): string {
  if (target.startsWith('api:')) return apiTarget(target.slice(4), file, entries);
  if (/^[a-z]+:/.test(target) || target.startsWith('#') || target.startsWith('/')) return target;
  const [path, anchor] = target.split('#');
  const wanted = normalize(join(dirname(file), path));
  const hash = anchor === undefined ? '' : `#${anchor}`;
  const page = sources.find((source) => source.file === wanted || source.file === join(wanted, 'README.md'));
  if (page) return `/${page.page}${hash}`;
  if (!existsSync(join(root, wanted))) throw new Error(`${file}: the link ${target} leads nowhere`);
  return /\.(svg|png)$/.test(wanted) ? target : `${REPOSITORY}/${wanted}${hash}`;
}

function apiTarget(target: string, file: string, entries: readonly EntryPoint[]): string {
  const [name, symbol] = target.split('#');
  if (!entries.some((entry) => entry.name === name)) throw new Error(`${file}: no package exports ${name}`);
  return `/${apiPath(name)}${symbol === undefined ? '' : `#${symbol.toLowerCase()}`}`;
}
