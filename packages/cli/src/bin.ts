#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { main } from './main.ts';

const controller = new AbortController();
let interrupted = false;
const GRACE_MS = 10_000;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The first asks the work to stop at its next safe point; a second one doesn't wait.
    if (interrupted) process.exit(130);
    interrupted = true;
    controller.abort(new Error(`received ${signal}`));
    // Work that never reaches a safe point (a file system that doesn't answer) must not keep the process.
    setTimeout(() => process.exit(130), GRACE_MS).unref();
  });
}
// A closed pipe (`ggdln … | head`) is an ordinary end.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
process.exitCode = await main(process.argv.slice(2), { cwd: process.cwd(), signal: controller.signal, version });
