import { cpSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type MarkdownIt from 'markdown-it';
import { defineConfig } from 'vitepress';
import { writeApi } from '../build/api.ts';
import { writePages } from '../build/assemble.ts';
import { fileNames } from '../build/fileNames.ts';
import { mathMarkdown } from '../build/mathMarkdown.ts';
import { navigation } from '../build/navigation.ts';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const pages = join(here, '../.site/pages');

// `vitepress preview` shows what was built.
if (!process.argv.includes('preview')) {
  writePages(root, pages);
  await writeApi(root, pages);
}

export default defineConfig({
  title: 'ggdln',
  description: 'The workbench for exactly solvable gated deep networks.',
  lang: 'en',
  srcDir: '.site/pages',
  cacheDir: '.site/cache',
  outDir: 'dist',
  cleanUrls: true,
  metaChunk: true,
  ignoreDeadLinks: [/^\/lab\//],
  head: [
    ['link', { rel: 'icon', href: '/icon.svg' }],
    ['meta', { name: 'referrer', content: 'no-referrer' }],
  ],
  // VitePress brings types of markdown-it of its own. Braces after a word are mathematics here, not attributes.
  markdown: {
    config: (md) => (md as unknown as MarkdownIt).use(mathMarkdown).use(fileNames),
    attrs: { disable: true },
    theme: { light: 'github-light', dark: 'github-dark' },
  },
  themeConfig: {
    ...navigation(root),
    logo: '/icon.svg',
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    socialLinks: [],
    footer: { message: 'MIT licence. Cite the papers whose theories you use.' },
  },
  // What llms.txt names: the pages as Markdown, beside those for people.
  buildEnd: ({ outDir }) =>
    cpSync(pages, outDir, {
      recursive: true,
      filter: (path) => !path.includes('/public') && (extname(path) === '' || path.endsWith('.md')),
    }),
  vite: { build: { chunkSizeWarningLimit: 4000 } },
});
