import { createReadStream, type ReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { GgdlnError } from '@ggdln/core';

/** One file of the built lab. */
export interface SiteFile {
  readonly bytes: number;
  readonly type: string;
  /** How long a browser may keep it. */
  readonly cache: string;
  open(): ReadStream;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Every file of a built site by its path in addresses, e.g. `/assets/index-1a2b.js`; `/` is `index.html`. Only what is
 * listed here is ever served: no address leads out of the folder, and links that lead out of it are left out.
 * @throws GGDLN_DATA if the folder has no page.
 */
export async function listSite(folder: string): Promise<ReadonlyMap<string, SiteFile>> {
  const files = new Map<string, SiteFile>();
  const root = await realpath(folder).catch(() => undefined);
  const entries = root === undefined ? [] : await readdir(root, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const address = `/${relative(root as string, path)
      .split(sep)
      .join('/')}`;
    files.set(address, await siteFile(path, address));
  }
  const page = files.get('/index.html');
  if (!page) {
    throw new GgdlnError({
      code: 'GGDLN_DATA',
      where: 'ggdln lab',
      problem: `${folder} has no built lab`,
      remedy: 'Install the package again; in a checkout run npx pnpm build',
    });
  }
  return files.set('/', page);
}

async function siteFile(path: string, address: string): Promise<SiteFile> {
  const { size } = await stat(path);
  return {
    bytes: size,
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    cache: cacheOf(address),
    open: () => createReadStream(path),
  };
}

/** Names of assets change with their content; everything else is asked for again. */
function cacheOf(address: string): string {
  if (address.startsWith('/assets/')) return 'public, max-age=31536000, immutable';
  return address.endsWith('.html') ? 'no-store' : 'no-cache';
}
