import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { serveSite } from '../../../../packages/cli/src/lab/serveSite.ts';

test('the page forbids by itself what the headers of ggdln lab forbid, but for frames, which only headers can', async () => {
  const html = readFileSync(fileURLToPath(new URL('../../index.html', import.meta.url)), 'utf8');
  const own = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1];
  const server = await serveSite(new Map(), { host: '127.0.0.1', port: 0 });
  try {
    const header = (await fetch(server.address)).headers.get('Content-Security-Policy') ?? '';
    expect(`${own}; frame-ancestors 'none'`).toBe(header);
  } finally {
    await server.close();
  }
});
