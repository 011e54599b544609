import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shell } from './shell.ts';

/** A package registry of this machine alone. */
export interface LocalRegistry {
  /** e.g. `http://127.0.0.1:4873/`. */
  readonly url: string;
  /** Lines of an `.npmrc` that publishes to it. */
  readonly npmrc: string;
  readonly stop: () => void;
}

const CONFIG = `storage: ./storage
auth: { htpasswd: { file: ./htpasswd } }
web: { enable: false }
packages:
  '@ggdln/*': { access: $all, publish: $authenticated }
log: { type: stdout, level: warn }
`;

/**
 * Installs verdaccio into a folder and starts it on loopback, empty, and without a way to any other registry.
 * @throws Error with npm's words when it can't be installed.
 */
export async function startRegistry(folder: string): Promise<LocalRegistry> {
  mkdirSync(folder);
  for (const file of ['package.json', 'package-lock.json']) {
    copyFileSync(fileURLToPath(new URL(`../../registry/${file}`, import.meta.url)), join(folder, file));
  }
  await shell('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder });
  writeFileSync(join(folder, 'config.yaml'), CONFIG);
  const host = `127.0.0.1:${await freePort()}`;
  const bin = join(folder, 'node_modules/verdaccio/bin/verdaccio');
  const child = spawn(process.execPath, [bin, '--config', 'config.yaml', '--listen', host], {
    cwd: folder,
    stdio: 'ignore',
  });
  const url = `http://${host}/`;
  await answers(url);
  return {
    url,
    npmrc: `registry=${url}\n//${host}/:_authToken=${await signUp(url)}\n`,
    stop: () => child.kill(),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const reply = await fetch(`${url}-/ping`).catch(() => undefined);
    if (reply?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the registry on ${url} did not start within a minute`);
}

/** Makes a user, for publishing takes one. @returns Its token. */
async function signUp(url: string): Promise<string> {
  const reply = await fetch(`${url}-/user/org.couchdb.user:rehearsal`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'rehearsal', password: 'only on loopback' }),
  });
  return ((await reply.json()) as { token: string }).token;
}
