import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GgdlnError } from '@ggdln/core';
import type { SiteFile } from './siteFiles.ts';

/** A running server. */
export interface SiteServer {
  /** e.g. `http://127.0.0.1:4610/`. */
  readonly address: string;
  readonly port: number;
  /** Ends it and every connection. */
  close(): Promise<void>;
}

/** Where it listens. */
export interface SiteOptions {
  /** A loopback address: `127.0.0.1` or `::1`. */
  readonly host: string;
  readonly port: number;
}

/**
 * Nothing but the site itself: no other host, no inline script, no frame around it. Wasm may be compiled, and a plugin's
 * file that its user chose is run from a blob.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval' blob:",
  "worker-src 'self' blob:",
  // Observable Plot writes style elements into its figures.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** On every answer. The page is isolated from others, so that wasm threads may share memory. */
const HEADERS = {
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;

/**
 * Serves listed files on this machine alone; if the port is taken, on a free one.
 * @param files By their path in addresses.
 * @throws GGDLN_BACKEND if no port can be had.
 */
export async function serveSite(files: ReadonlyMap<string, SiteFile>, options: SiteOptions): Promise<SiteServer> {
  const server = createServer((request, response) => answer(request, response, files));
  await listen(server, options).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw cannotListen(options, error);
    return listen(server, { ...options, port: 0 }).catch((again: Error) => {
      throw cannotListen(options, again);
    });
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    address: `http://${host}:${port}/`,
    port,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { host, port }: SiteOptions): Promise<void> {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.off('error', failed);
      done();
    });
  });
}

function answer(request: IncomingMessage, response: ServerResponse, files: ReadonlyMap<string, SiteFile>): void {
  const file = files.get(pathOf(request.url ?? '/'));
  if (request.method !== 'GET' && request.method !== 'HEAD') refuse(response, 405, { Allow: 'GET, HEAD' });
  // A name that someone else's DNS points here would make their page and ours one origin.
  else if (!isLoopbackName(request.headers.host)) refuse(response, 403);
  else if (!file) refuse(response, 404);
  else send(file, request.method, response);
}

function send(file: SiteFile, method: 'GET' | 'HEAD', response: ServerResponse): void {
  response.writeHead(200, {
    ...HEADERS,
    'Content-Type': file.type,
    'Content-Length': file.bytes,
    'Cache-Control': file.cache,
  });
  if (method === 'HEAD') {
    response.end();
    return;
  }
  file
    .open()
    // The file went away or changed under the server: half an answer is broken off, never completed.
    .on('error', () => response.destroy())
    .pipe(response);
}

const REASONS: Readonly<Record<number, string>> = { 403: 'Not this host', 404: 'Not found', 405: 'Only GET and HEAD' };

function refuse(response: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { ...HEADERS, ...headers, 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' });
  response.end(`${REASONS[status]}\n`);
}

/** The path as it was asked for, decoded once. What can't be decoded is no file's. */
function pathOf(url: string): string {
  try {
    return decodeURIComponent(url.split(/[?#]/)[0]);
  } catch {
    return '';
  }
}

function isLoopbackName(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host ?? '');
}

function cannotListen({ host, port }: SiteOptions, cause: Error): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_BACKEND',
    where: 'ggdln lab',
    problem: `no server can be started on ${host}, port ${port}: ${cause.message}`,
    remedy: 'Give another --port, or --host 127.0.0.1',
    cause,
  });
}
