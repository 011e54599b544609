import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SiteServer, serveSite } from '../src/lab/serveSite.ts';
import { listSite } from '../src/lab/siteFiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'ggdln-site-'));
const site = join(folder, 'site');
mkdirSync(join(site, 'assets'), { recursive: true });
writeFileSync(join(folder, 'secret.txt'), 'outside');
writeFileSync(join(site, 'index.html'), '<!doctype html>');
writeFileSync(join(site, 'offline.js'), '1');
writeFileSync(join(site, 'assets', 'a-1.wasm'), 'wasm');
symlinkSync(join(folder, 'secret.txt'), join(site, 'link.txt'));
symlinkSync(folder, join(site, 'out'));

let server: SiteServer;
beforeAll(async () => {
  server = await serveSite(await listSite(site), { host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: unknown };
  readonly body: string;
}

/** Paths go out as they are written: a client that tidies them would hide what is tested. */
function ask(path: string, options: { readonly method?: string; readonly host?: string } = {}): Promise<Answer> {
  return new Promise((done, failed) => {
    const { method = 'GET', host } = options;
    const headers = host === undefined ? {} : { Host: host };
    const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on('error', failed).end();
  });
}

test('the page is isolated, strict about what it runs, and never kept', async () => {
  const { status, headers, body } = await ask('/');
  expect([status, body]).toEqual([200, '<!doctype html>']);
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  });
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval' blob:;/);
});

test('assets are kept for ever, the service worker is asked for every time', async () => {
  expect((await ask('/assets/a-1.wasm?v=1')).headers).toMatchObject({
    'content-type': 'application/wasm',
    'cache-control': 'public, max-age=31536000, immutable',
  });
  expect((await ask('/offline.js')).headers).toMatchObject({ 'cache-control': 'no-cache' });
});

test.each([
  '/../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/assets/../../secret.txt',
  '/assets/..%5c..%5csecret.txt',
  '//etc/passwd',
  '/link.txt',
  '/out/secret.txt',
  '/assets/',
  '/index.html%00.txt',
  '/%zz',
  '/constructor',
])('%s leads nowhere', async (path) => {
  const { status, body, headers } = await ask(path);
  expect([status, body]).toEqual([404, 'Not found\n']);
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
});

test('only GET and HEAD are answered, and HEAD without the file', async () => {
  expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  const refused = await ask('/', { method: 'POST' });
  expect(refused).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
});

test('another name for this machine is refused, so that no other site can take it over', async () => {
  expect((await ask('/', { host: 'attacker.example' })).status).toBe(403);
  expect((await ask('/', { host: `localhost:${server.port}` })).status).toBe(200);
});

test('a port that is taken is replaced by a free one', async () => {
  const second = await serveSite(await listSite(site), { host: '127.0.0.1', port: server.port });
  expect(second.port).not.toBe(server.port);
  expect(second.address).toBe(`http://127.0.0.1:${second.port}/`);
  await second.close();
});

test('a folder without a page is refused, saying how to get one', async () => {
  await expect(listSite(join(folder, 'nowhere'))).rejects.toThrow(/has no built lab.*npx pnpm build/s);
});
