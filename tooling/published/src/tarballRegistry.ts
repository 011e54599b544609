import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A registry of tarballs on this machine, for the packages of one scope. */
export interface TarballRegistry {
  readonly url: string;
  stop(): void;
}

interface Packed {
  readonly file: string;
  readonly manifest: { readonly name: string; readonly version: string };
  readonly integrity: string;
}

/**
 * Serves the packages of a folder of tarballs as npm asks for them, on loopback: npm and `npm create` then install them
 * as they will be published. One version each; nothing is stored, nobody signs in.
 */
export async function serveTarballs(folder: string): Promise<TarballRegistry> {
  const packages = readdirSync(folder)
    .filter((file) => file.endsWith('.tgz'))
    .map((file) => readPacked(folder, file));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    const packed = packages.find(({ file, manifest }) => path === manifest.name || path === `-/${file}`);
    if (!packed) {
      response.writeHead(404).end('{}');
    } else if (path.startsWith('-/')) {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      response.end(readFileSync(join(folder, packed.file)));
    } else {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(documentOf(packed, `http://${request.headers.host}`)));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, stop: () => server.close() };
}

function readPacked(folder: string, file: string): Packed {
  const path = join(folder, file);
  const manifest = JSON.parse(execFileSync('tar', ['-xzOf', path, 'package/package.json'], { encoding: 'utf8' }));
  return { file, manifest, integrity: `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}` };
}

function documentOf({ file, manifest, integrity }: Packed, origin: string): object {
  const { name, version } = manifest;
  const dist = { tarball: `${origin}/-/${file}`, integrity };
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
}
