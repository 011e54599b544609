// Every kind of new plugin as a user has it: compiled by its own tsconfig, tested by its own test, on the built packages.
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPlugin, TEMPLATE_KINDS } from '@ggdln/create-plugin';
import { afterAll, beforeAll, expect, it } from 'vitest';

const here = createRequire(import.meta.url);
const packages = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
let desk = '';
let compiled: SpawnSyncReturns<string>;

/** Installed packages without installing: links to those of this repository. */
beforeAll(() => {
  desk = mkdtempSync(join(tmpdir(), 'ggdln-new-'));
  const modules = join(desk, 'node_modules');
  for (const scope of ['@ggdln', '@tensorflow']) mkdirSync(join(modules, scope), { recursive: true });
  for (const name of readdirSync(packages)) symlinkSync(join(packages, name), join(modules, '@ggdln', name));
  for (const name of ['@tensorflow/tfjs-core', 'jsdom']) symlinkSync(folderOf(name), join(modules, name));
  const folders = TEMPLATE_KINDS.map((kind) => createPlugin({ kind, name: `my-${kind}`, cwd: desk }).folder);
  // Each by its own tsconfig, but in one process, which reads the packages' types once.
  compiled = spawnSync(process.execPath, [here.resolve('typescript/bin/tsc'), '--build', ...folders], {
    cwd: desk,
    encoding: 'utf8',
  });
});
afterAll(() => rmSync(desk, { recursive: true, force: true }));

function folderOf(name: string): string {
  const found = here.resolve.paths(name)?.map((place) => join(place, name)) ?? [];
  const file = here.resolve(`${name}/package.json`);
  return found.find((folder) => file.startsWith(folder)) ?? dirname(file);
}

it.each(TEMPLATE_KINDS)('a new %s compiles and keeps its contract', (kind) => {
  const folder = join(desk, `my-${kind}`);
  const run = (args: readonly string[]) => spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  expect(compiled.stdout).toBe('');
  expect(compiled.status).toBe(0);
  const tested = run(['--test', 'test/contract.test.js']);
  expect(tested.stdout).toMatch(/# fail 0\b/);
  expect(Number(/# pass (\d+)/.exec(tested.stdout)?.[1])).toBeGreaterThan(7);
  const listed = run([
    join(packages, 'cli/dist/bin.js'),
    'plugins',
    'test',
    '.',
    '--quiet',
    ...(kind === 'learner' ? ['--set', 'learner.my-learner.sweeps=20'] : []),
  ]);
  expect(`${listed.stdout}${listed.stderr}`).toMatch(new RegExp(`^my-${kind}: \\d+ passed, 0 failed\\n$`));
});
