import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { installedWith, installScripts, publicPackages } from '../src/installScripts.ts';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const packages = publicPackages(root);

it('no public package runs anything when it is installed', () => {
  expect(packages.length).toBeGreaterThan(15);
  expect(packages.flatMap((folder) => installScripts(folder).map((name) => `${folder}: ${name}`))).toEqual([]);
});

it('of what is installed with them, only koffi has a script, which pnpm is told to ignore', () => {
  const all = installedWith(packages);
  for (const name of ['@ggdln/core', '@tensorflow/tfjs-core', 'ml-matrix', 'fflate', '@xmldom/xmldom']) {
    expect([...all.keys()]).toContain(name);
  }
  // It brings its binaries as packages; its script only compiles them where there is none.
  const scripted = [...all].filter(([, folder]) => installScripts(folder).length > 0).map(([name]) => name);
  // esbuild is an optional peer of vite, found here because the docs site brings it; users of our packages don't get it.
  expect(scripted.filter((name) => name !== 'esbuild')).toEqual(['koffi']);
});

it('scripts and build files are seen', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ggdln-scripts-'));
  const scripts = { postinstall: 'node evil.js', build: 'tsc', prepare: 'tsc' };
  mkdirSync(join(folder, 'x'));
  writeFileSync(join(folder, 'x/package.json'), JSON.stringify({ name: 'x', scripts }));
  writeFileSync(join(folder, 'x/binding.gyp'), '{}');
  expect(installScripts(join(folder, 'x'))).toEqual(['postinstall', 'binding.gyp']);
  rmSync(folder, { recursive: true });
});
