import type { Page } from './assemble.ts';

const HEAD = `# ggdln

> The workbench for exactly solvable gated deep networks, in TypeScript, for Node and the browser: exact theories, exact
> samplers and gradient training of the same network on the same problem, side by side, with error bars.
`;

/** Folders of pages and what they are called, in the order of llms.txt. */
const PARTS: readonly (readonly [folder: string, title: string])[] = [
  ['guide', 'Guides'],
  ['theory', 'Theory'],
  ['from', 'Coming from other programs'],
  ['packages', 'Packages'],
  ['', 'More'],
];

/** `llms.txt`: what the site has, a line a page. */
export function llmsIndex(pages: readonly Page[]): string {
  return [
    HEAD,
    'All guides and theory pages in one file: [llms-full.txt](/llms-full.txt)',
    ...PARTS.map(section(pages)),
  ].join('\n\n');
}

/** `llms-full.txt`: guides and theory in full. */
export function llmsFull(pages: readonly Page[]): string {
  const wanted = pages.filter(({ path }) => ['guide', 'theory', 'from'].includes(folderOf(path)));
  return [
    HEAD,
    ...wanted.map(({ path, markdown }) => `<!-- /${path} -->\n\n${withoutFrontmatter(markdown).trim()}\n`),
  ].join('\n');
}

function section(pages: readonly Page[]): (part: readonly [string, string]) => string {
  return ([folder, title]) => {
    const lines = pages
      .filter(({ path }) => folderOf(path) === folder && titleOf(path, pages) !== '')
      .map(({ path }) => `- [${titleOf(path, pages)}](/${path})`);
    return [`## ${title}`, '', ...lines].join('\n');
  };
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

function titleOf(path: string, pages: readonly Page[]): string {
  const page = pages.find((candidate) => candidate.path === path);
  return /^# (.+)$/m.exec(withoutFrontmatter(page?.markdown ?? ''))?.[1] ?? '';
}

function withoutFrontmatter(markdown: string): string {
  return markdown.replace(/^---\n[\s\S]*?\n---\n/, '');
}
