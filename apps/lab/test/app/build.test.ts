import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vite';
import { expect, test } from 'vitest';
import { offlinePlugin } from '../../build/offlinePlugin.ts';
import { pageOnlyPlugin } from '../../build/pageOnlyPlugin.ts';
import { readVersions } from '../../build/versions.ts';

/** What becomes of a module in the page. */
function inPage(code: string, id = '/x/packages/theory/dist/plugin.js'): string | undefined {
  const { transform } = pageOnlyPlugin();
  if (typeof transform !== 'function') throw new Error('the plugin has no transform');
  const out = transform.call({ parse: parseAst } as never, code, id) as { readonly code: string } | null;
  return out?.code;
}

test('what workers run is left out of the page, what the page asks of plugins stays', () => {
  const out = inPage(`
    import { solve } from './solve.js';
    const entry = defineTheory({ title: 'T', create: (o) => solve(o), incompatible: () => [] });
    export const plugin = { name: 'p', contract: '1.0.0', theory: { entry }, conformance: { a: solve } };
  `);
  expect(out).toContain("title: 'T'");
  expect(out).toContain('incompatible: () => []');
  expect(out).toContain('conformance: {}');
  expect(out?.match(/solve/g)).toHaveLength(2); // the import, which now falls out
  expect(() => parseAst(out ?? '')).not.toThrow();
});

test('tensors refuse to be computed in the page, with a reason', () => {
  const out = inPage(`import { mul, add as plus } from '@tensorflow/tfjs-core'; export const f = () => mul(plus(1));`);
  expect(out).not.toContain('@tensorflow');
  expect(out).toMatch(/const mul = .*workers alone.*const plus = /);
});

test('networks are made in the page, and other modules are left as they are', () => {
  expect(inPage(`const a = defineArchitecture({ create: f });`)).toBeUndefined();
  expect(inPage(`const a = defineTheory({ create: f });`, '/x/apps/lab/src/main.ts')).toBeUndefined();
});

function built(asset: string): string {
  const root = mkdtempSync(join(tmpdir(), 'lab-offline-'));
  mkdirSync(join(root, 'dist/assets'), { recursive: true });
  writeFileSync(join(root, 'dist/index.html'), '<!doctype html>');
  writeFileSync(join(root, 'dist/assets/a.js'), asset);
  writeFileSync(join(root, 'dist/assets/a.js.map'), '{}');
  const { configResolved, closeBundle } = offlinePlugin(
    fileURLToPath(new URL('../../build/offlineWorker.js', import.meta.url)),
  );
  if (typeof configResolved !== 'function' || typeof closeBundle !== 'function') throw new Error('hooks are missing');
  configResolved.call({} as never, { root, build: { outDir: 'dist' } } as never);
  closeBundle.call({} as never);
  return readFileSync(join(root, 'dist/offline.js'), 'utf8');
}

test('the service worker keeps every file but maps, in a version that any change makes new', () => {
  const worker = built('1');
  expect(worker).toContain('const FILES = ["./","assets/a.js"];');
  const version = (text: string) => /const VERSION = "([0-9a-f]{16})"/.exec(text)?.[1];
  expect(version(worker)).toBeDefined();
  expect(version(built('1'))).toBe(version(worker));
  expect(version(built('2'))).not.toBe(version(worker));
});

test('versions come from the packages as installed', () => {
  const versions = readVersions(fileURLToPath(new URL('../..', import.meta.url)));
  expect(Object.keys(versions)[0]).toBe('ggdln');
  for (const version of Object.values(versions)) expect(version).toMatch(/^\d+\.\d+\.\d+/);
});
