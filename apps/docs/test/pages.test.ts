import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { slugify } from '@mdit-vue/shared';
import MarkdownIt from 'markdown-it';
import { beforeAll, describe, expect, it } from 'vitest';
import { apiPath } from '../build/apiPath.ts';
import { assemblePages, type Page } from '../build/assemble.ts';
import { examplesOf } from '../build/examples.ts';
import { rewriteLinks } from '../build/links.ts';
import { llmsFull, llmsIndex } from '../build/llms.ts';
import { mathMarkdown } from '../build/mathMarkdown.ts';
import { navigation } from '../build/navigation.ts';
import { entryPoints } from '../build/repository.ts';
import { pageSources } from '../build/sources.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const entries = entryPoints(root);
const pages = assemblePages(root);
/** HTML of every page, by its path. */
const html = new Map<string, string>();

/** Ids of the headings of every page, as VitePress makes them. */
const headings = new Map<string, readonly string[]>();

beforeAll(() => {
  const md = new MarkdownIt({ html: true }).use(mathMarkdown);
  for (const { path, markdown } of pages) {
    const tokens = md.parse(markdown.replace(/^---\n[\s\S]*?\n---\n/, ''), {});
    html.set(path, md.renderer.render(tokens, md.options, {}));
    const titles = tokens.flatMap(({ type }, i) => (type === 'heading_open' ? [tokens[i + 1]] : []));
    const slugs = titles.map(({ children }) => slugify((children ?? []).map(({ content }) => content).join('')));
    headings.set(
      path,
      slugs.map((slug, i) => withNumber(slug, slugs.slice(0, i).filter((other) => other === slug).length)),
    );
  }
});

describe('links', () => {
  it('lead to pages, headings and exports that exist', () => {
    const broken: string[] = [];
    let count = 0;
    for (const page of pages) {
      for (const href of hrefsOf(page)) {
        count++;
        const problem = whatIsWrong(href, page);
        if (problem !== undefined) broken.push(`${page.file}: ${href}: ${problem}`);
      }
    }
    expect(broken).toEqual([]);
    expect(count).toBeGreaterThan(200);
  });

  it('of menus and side bars lead to pages', () => {
    const links = JSON.stringify(navigation(root)).match(/(?<="link":")[^"]+/g) ?? [];
    const known = new Set([
      ...pages.map(({ path }) => path),
      ...entries.map(({ name }) => apiPath(name)),
      'api/index.md',
    ]);
    expect(links.filter((link) => !known.has(`${link.slice(1)}${link.endsWith('/') ? 'index' : ''}.md`))).toEqual([]);
    const menu = new Set(links.map((link) => `${link.slice(1)}${link.endsWith('/') ? 'index' : ''}.md`));
    expect(pages.map(({ path }) => path).filter((path) => path !== 'index.md' && !menu.has(path))).toEqual([]);
  });

  it('that lead nowhere stop the assembly', () => {
    const targets = { root, sources: pageSources(root), entries };
    expect(() => rewriteLinks('[a](gone.md)', 'docs/x.md', targets)).toThrow(
      'docs/x.md: the link gone.md leads nowhere',
    );
    expect(() => rewriteLinks('[a](api:@ggdln/gone)', 'docs/x.md', targets)).toThrow('no package exports @ggdln/gone');
    expect(rewriteLinks('`[a](gone.md)`\n```\n[b](gone.md)\n```', 'docs/x.md', targets)).toContain('[b](gone.md)');
    expect(rewriteLinks('[a](../packages/io)', 'docs/x.md', targets)).toBe('[a](/packages/io.md)');
    expect(rewriteLinks('[a](../fixtures/gln.json)', 'docs/x.md', targets)).toContain('https://');
  });

  it('of pictures lead to files', () => {
    for (const page of pages.filter(({ file }) => file.startsWith('apps/docs/'))) {
      for (const [, src] of (html.get(page.path) ?? '').matchAll(/<img src="([^"]+)" alt="([^"]*)"/g))
        expect(existsSync(join(root, dirname(page.file), src)), `${page.file}: ${src}`).toBe(true);
      for (const [tag] of (html.get(page.path) ?? '').matchAll(/<img [^>]*>/g)) expect(tag).toMatch(/alt="[^"]{20,}"/);
    }
  });
});

describe('theory pages', () => {
  const theory = pages.filter(({ path }) => /^theory\/(?!index)/.test(path));

  it('typeset every equation, and name a function beside those of every section that computes', () => {
    expect(theory).toHaveLength(7);
    for (const { path, markdown } of theory) {
      expect(html.get(path)?.replace(/<annotation[\s\S]*?<\/annotation>|<code[\s\S]*?<\/code>/g, ''), path).not.toMatch(
        /\$|\\[a-z]+/,
      );
      for (const section of markdown.split(/^## /m).slice(1)) {
        if (!section.includes('$$') || section.startsWith('1. ')) continue;
        expect(section, `${path}: ${section.split('\n')[0]}`).toMatch(/\]\(\/api\/[\w-]+\.md#/);
      }
    }
  });

  it('show a figure and a run, and link to the lab', () => {
    for (const { path, markdown } of theory) {
      expect(markdown, path).toMatch(/!\[[^\]]{20,}\]\(\.\.\/figures\//);
      expect(markdown, path).toMatch(/<a href="\/lab\/#theory\/\w+" target="_self">/);
      expect(
        examplesOf(markdown).some(({ language }) => language === 'yaml'),
        path,
      ).toBe(true);
    }
  });
});

describe('what language models read', () => {
  it('names every page once and holds guides and theory in full', () => {
    const index = llmsIndex(pages);
    for (const { path } of pages.filter((page) => page.path !== 'index.md'))
      expect(index.split(`](/${path})`).length, path).toBe(2);
    expect(llmsFull(pages)).toContain('# Numerical trouble');
  });
});

function hrefsOf({ path }: Page): readonly string[] {
  return [...(html.get(path) ?? '').matchAll(/<a href="([^"]+)"/g)].map(([, href]) => href.replaceAll('&amp;', '&'));
}

/** Why an internal link is broken; links to the web and to the lab are not looked at. */
function whatIsWrong(href: string, page: Page): string | undefined {
  if (/^(https?:|mailto:)/.test(href) || href.startsWith('/lab/')) return undefined;
  const [target, anchor] = href.split('#');
  const path = target === '' ? page.path : decodeURI(target).replace(/^\//, '');
  if (path.startsWith('api/')) return whatIsWrongInApi(path, anchor);
  if (!html.has(path)) return 'no such page';
  if (anchor === undefined || anchor === '') return undefined;
  return headings.get(path)?.includes(decodeURIComponent(anchor)) ? undefined : 'no such heading';
}

function whatIsWrongInApi(path: string, anchor: string | undefined): string | undefined {
  if (path === 'api/index.md') return undefined;
  const entry = entries.find(({ name }) => apiPath(name) === path);
  if (!entry) return 'no such module';
  if (anchor === undefined) return undefined;
  const names = new Set<string>(readFileSync(join(root, entry.source), 'utf8').toLowerCase().match(/\w+/g));
  return names.has(anchor) ? undefined : `${entry.name} exports nothing of that name`;
}

/** Headings of the same text are numbered from the second on. */
function withNumber(slug: string, before: number): string {
  return before === 0 ? slug : `${slug}-${before}`;
}
