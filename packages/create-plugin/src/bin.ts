#!/usr/bin/env node
// `npm create @ggdln/plugin KIND NAME`.
import { relative } from 'node:path';
import { inputError, isGgdlnError } from '@ggdln/core';
import { createPlugin, nextSteps, readKind, TEMPLATE_KINDS } from './index.ts';

const USAGE = `npm create @ggdln/plugin KIND NAME [FOLDER]\n\nKIND: ${TEMPLATE_KINDS.join(', ')}\nNAME: my-rings or @my-lab/rings\n`;

function run([kind, name, folder, ...rest]: readonly string[]): void {
  if (kind === undefined || kind === '--help' || kind === '-h') {
    process.stdout.write(USAGE);
    return;
  }
  const known = readKind('create-plugin', kind);
  if (name === undefined || rest.length > 0) {
    const given = name === undefined ? 'no name' : `too many words: ${rest.join(' ')}`;
    throw inputError('create-plugin', `there is ${given}`, 'Write npm create @ggdln/plugin KIND NAME [FOLDER]');
  }
  const cwd = process.cwd();
  const made = createPlugin({ kind: known, name, cwd, ...(folder === undefined ? {} : { folder }) });
  const steps = nextSteps(known, made.entry).map(([command]) => `  ${command}\n`);
  const place = relative(cwd, made.folder);
  process.stdout.write(`${made.folder}\n\n${place === '' ? '' : `  cd ${place}\n`}${steps.join('')}`);
}

try {
  run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${isGgdlnError(error) ? error.message : (error as Error).stack}\n`);
  process.exitCode = isGgdlnError(error) && error.code === 'GGDLN_STORAGE' ? 5 : 2;
}
