import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as core from '@ggdln/core';
import { transformWithOxc } from 'vite';
import { describe, expect, it, test } from 'vitest';
import { hostModules } from '../../src/ownPlugins/hostModules.ts';
import { createPluginLoader } from '../../src/ownPlugins/pluginLoader.ts';
import { readModule } from '../../src/ownPlugins/readModule.ts';

const root = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const stripes = readFileSync(root('examples/plugin-gating/index.js'), 'utf8');
const addressOf = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`;
const loader = () => createPluginLoader({ modules: hostModules, addressOf });
const load = (source: string, name = 'mine.js') => loader()({ name, source });

/** A plugin of one gating, whose title is what the expression gives. */
const gating = (title: string, before = '') => `${before}
  export const plugin = { name: 'mine', contract: '1.0.0', gating: {
    mine: { title: ${title}, summary: '', options: {}, create: () => ({}) } } };`;
const titleOf = async (source: string) => (await load(source)).gating?.mine.title;

test('the example is taken as it is', async () => {
  const plugin = await load(stripes);
  expect(plugin.name).toBe('ggdln-plugin-stripes');
  expect(Object.keys(plugin.gating ?? {})).toEqual(['stripes']);
});

test('a default export is as good', async () => {
  const plugin = gating("'T'").replace('export const plugin =', 'export default');
  expect(await titleOf(plugin)).toBe('T');
});

describe('what a file imports', () => {
  it("is the lab's own copy, however it is written", async () => {
    const own = core.CONTRACT_VERSION;
    expect(await titleOf(gating('CONTRACT_VERSION', "import { CONTRACT_VERSION } from '@ggdln/core';"))).toBe(own);
    expect(await titleOf(gating('c.CONTRACT_VERSION', 'import*as c from"@ggdln/core";'))).toBe(own);
    expect(await titleOf(gating('c.CONTRACT_VERSION', 'const c = await import("@ggdln/core");'))).toBe(own);
    const made =
      "import { GgdlnError } from '@ggdln/core'; const made = new GgdlnError({ code: 'GGDLN_INPUT', problem: '' });";
    const { gating: entries } = await load(gating("'T', made", made));
    expect(entries?.mine).toMatchObject({ made: expect.any(core.GgdlnError) });
  });

  it('is left alone in texts and comments, and several are each led to their own', async () => {
    const before = `// import { x } from 'left-pad';
      import { identity } from '@ggdln/linalg';
      import { CONTRACT_VERSION as v } from '@ggdln/core';
      const text = "import y from 'left-pad'";`;
    expect(await titleOf(gating("[identity(2).data.join(''), v, text].join(' ')", before))).toBe(
      `1001 ${core.CONTRACT_VERSION} import y from 'left-pad'`,
    );
  });

  it('leaves nothing behind in the realm', async () => {
    const before = Object.getOwnPropertySymbols(globalThis).length;
    await load(gating('v', "import { CONTRACT_VERSION as v } from '@ggdln/core';"));
    expect(Object.getOwnPropertySymbols(globalThis)).toHaveLength(before);
  });

  it.each([
    [
      "import pad from 'left-pad'; import './gates.js';",
      /mine\.js imports left-pad, \.\/gates\.js, which the lab does not hold.*Bundle it into one file/s,
    ],
    ["import x from 'https://example.org/x.js';", /imports https:\/\/example\.org\/x\.js, which the lab does not hold/],
    ["export * from '@tensorflow/tfjs-core';", /imports @tensorflow\/tfjs-core.*the lab holds @ggdln\/core, /s],
    ["const x = await import(['left', 'pad'].join('-'));", /imports a module whose name is only known when it runs/],
    ["import { nothing } from '@ggdln/core';", /can't be run: The requested module '@ggdln\/core'.*nothing/],
  ])('is refused with its names: %s', async (before, message) => {
    await expect(load(gating("'T'", before))).rejects.toThrow(message);
  });

  it('is held for every kind that the lab runs', async () => {
    const folder = root('packages/create-plugin/templates');
    for (const name of readdirSync(folder).filter((file) => file !== 'tensor.ts')) {
      const { code } = await transformWithOxc(readFileSync(`${folder}/${name}`, 'utf8'), name);
      expect(() => readModule({ name, source: code }, Object.keys(hostModules))).not.toThrow();
    }
  });
});

test.each([
  ['module.exports = { plugin: {} };', /mine\.js is no ES module/],
  ['export const plugin = {', /can't be read as JavaScript from line 1 on/],
  ['export const gatings = {}, more = 1;', /exports gatings, more, but no plugin/],
  ['export const plugin = null;', /exports as its plugin null/],
  ['const three = 3; export { three as plugin };', /exports as its plugin a number/],
  ['export const plugin = { contract: "1.0.0" };', /what was given is not a plugin/],
  [
    'export const plugin = { name: "p", contract: "2.0.0", gating: {} };',
    /written for contract 2\.0\.0, this is 1\..*Install a newer release of ggdln/s,
  ],
  ['export const plugin = { name: "p", contract: "1.0.0" };', /has no entries: p brings nothing/],
  [
    'export const plugin = { name: "p", contract: "1.0.0", gating: { g: { title: "G", options: {} } } };',
    /has the gating "g" without a proper create/,
  ],
  [
    'export const plugin = { name: "p", contract: "1.0.0", panel: { q: { title: "Q" } } };',
    /has the panel "q" without a proper accepts/,
  ],
  ['export const plugin = {}; throw new Error("no luck");', /can't be run: no luck.*does nothing on import/s],
])('is refused in words: %s', async (source, message) => {
  await expect(load(source)).rejects.toMatchObject({
    code: expect.stringMatching(/^GGDLN_IN/),
    message: expect.stringMatching(message),
  });
});

test('a source is run once, and again after it failed', async () => {
  const counted = globalThis as { ran?: number };
  const run = loader();
  const source = `globalThis.ran = (globalThis.ran ?? 0) + 1;${gating("'T'")}`;
  const first = await run({ name: 'a.js', source });
  expect(await run({ name: 'b.js', source })).toBe(first);
  expect(counted.ran).toBe(1);
  delete counted.ran;
});
