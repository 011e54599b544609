import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from '../../../tooling/published/test/chromium.ts';

// The whole site: it is built (links into the API are checked by that), and every page is looked at in a browser.

const docs = fileURLToPath(new URL('..', import.meta.url));
const dist = join(docs, 'dist');
const TYPES: { readonly [extension: string]: string } = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const chromium = findChromium();
let server: Server;

beforeAll(async () => {
  execFileSync(process.execPath, ['node_modules/vitepress/bin/vitepress.js', 'build'], { cwd: docs, stdio: 'inherit' });
  server = createServer((request, response) => {
    const file = fileOf(new URL(request.url ?? '/', 'http://localhost').pathname);
    response.writeHead(file ? 200 : 404, { 'Content-Type': TYPES[extname(file ?? '')] ?? 'application/octet-stream' });
    if (file) createReadStream(file).pipe(response);
    else response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server?.close());

describe('the site', () => {
  const widths = [
    { width: 360, colorScheme: 'light' },
    { width: 1440, colorScheme: 'dark' },
  ] as const;

  it('has every part', () => {
    for (const part of [
      'index.html',
      'llms.txt',
      'theory/ggdln.md',
      'llms-full.txt',
      'theory/ggdln.html',
      'api/theory.html',
      'lab/index.html',
    ])
      expect(existsSync(join(dist, part)), part).toBe(true);
  });

  it.runIf(chromium).each(widths)('is whole at $width pixels, $colorScheme', async ({ width, colorScheme }) => {
    const browser = await launchChromium(chromium!);
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const problems: string[] = [];
    let at = '';
    page.on('request', (request) => {
      if (!request.url().startsWith(origin)) problems.push(`${at}: asks ${request.url()}`);
    });
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(`${at}: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`${at}: ${error.message}`));
    for (at of pagesOfSite()) {
      await page.goto(origin + at, { waitUntil: 'load' });
      const { overflow, broken } = await page.evaluate(() => ({
        overflow: document.documentElement.scrollWidth - window.innerWidth,
        broken: [...document.images].filter((image) => image.complete && image.naturalWidth === 0).length,
      }));
      if (overflow > 0) problems.push(`${at}: ${overflow} pixels too wide`);
      if (broken > 0) problems.push(`${at}: ${broken} pictures are not there`);
    }
    await browser.close();
    expect(problems).toEqual([]);
  });
});

/** Addresses of all pages but the lab's. */
function pagesOfSite(): readonly string[] {
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.html') && !path.startsWith('lab/') && path !== '404.html')
    .map((path) => `/${path.replace(/(index)?\.html$/, '')}`);
}

function fileOf(path: string): string | undefined {
  const candidates = [path, `${path}.html`, join(path, 'index.html')].map((name) => join(dist, name));
  return candidates.find((file) => file.startsWith(dist) && existsSync(file) && statSync(file).isFile());
}
