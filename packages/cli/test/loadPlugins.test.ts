import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadPlugins } from '../src/loadPlugins.ts';

let folder = '';
const write = (name: string, text: string) => {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ggdln-plugins-'));
  write(
    'good/package.json',
    JSON.stringify({ type: 'module', exports: { '.': { types: './index.d.ts', default: './main.mjs' } } }),
  );
  write('good/main.mjs', `export const plugin = { name: 'good', contract: '1.0.0' };`);
  write('unbuilt/package.json', JSON.stringify({ main: 'dist/index.js' }));
  write('nameless.mjs', 'export const other = 1;');
  write('broken.mjs', 'export const plugin = ;');
  write('node_modules/installed/package.json', JSON.stringify({ name: 'installed', type: 'module', main: 'index.js' }));
  write('node_modules/installed/index.js', `export const plugin = { name: 'installed', contract: '1.0.0' };`);
});

describe('loadPlugins', () => {
  it('loads a folder, a file and an installed package', async () => {
    const plugins = await loadPlugins(['./good', 'good/main.mjs', 'installed'], folder);
    expect(plugins.map((plugin) => plugin.name)).toEqual(['good', 'good', 'installed']);
  });

  it.each([
    ['./missing', /there is no file or folder .*missing/],
    ['not-installed', /the package not-installed is not installed.*npm install not-installed/],
    ['./unbuilt', /dist\/index\.js, which does not exist\. Build the plugin first/],
    ['./nameless.mjs', /exports other, but no `plugin`.*export const plugin/],
    ['./broken.mjs', /can't be loaded/],
  ])('explains what is wrong with %s', async (specifier, message) => {
    await expect(loadPlugins([specifier], folder)).rejects.toThrow(message);
  });
});
