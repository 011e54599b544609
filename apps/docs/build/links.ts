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
/** Code and equations within a line. */
const CODE = /`+[^`]*`+|\$\$.*?\$\$|\$(?!\s)[^$]+\$/g;
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
  // Code and equations may be the text of a link, as in [`name`](target), but hold none: they are out of the way meanwhile.
  const code: string[] = [];
  const masked = line.replace(CODE, (text) => `\uE000${code.push(text) - 1}\uE001`);
  return masked
    .replace(LINK, (_, open: string, target: string, close: string) => open + newTarget(target, file, targets) + close)
    .replace(/\uE000(\d+)\uE001/g, (_, i: string) => code[Number(i)]);
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
