import type { PanelEntry, Plugin } from '@ggdln/core';
import { expect, test } from 'vitest';
import { isPartOf, missingPlugins, ownPluginsOf, withNeeds } from '../../src/ownPlugins/needs.ts';
import { createOwnPlugins } from '../../src/ownPlugins/ownPlugins.ts';
import { labPlugins } from '../../src/plugins.ts';
import { readLink, writeLink } from '../../src/state/urlState.ts';

const entry = (title: string) => ({ title, summary: '', options: {}, create: () => ({}) as never });
const panel = {
  title: 'P',
  summary: '',
  span: 2,
  accepts: () => true,
  table: () => [],
  mount: () => () => {},
} satisfies PanelEntry;
const plugin = (name: string, parts: Partial<Plugin>): Plugin => ({ name, contract: '1.0.0', ...parts });

/** A page whose files stand for plugins by their names. */
function page(files: { readonly [name: string]: Plugin }) {
  const plugins = createOwnPlugins({
    plugins: labPlugins,
    panels: { curves: panel },
    load: async ({ name }) => files[name],
  });
  return { plugins, add: (name: string) => plugins.add({ name, source: name }) };
}
const rings = plugin('rings', { gating: { rings: entry('Rings') }, panel: { dots: panel } });

test('what is added is in the registry and among the panels until it is removed', async () => {
  const { plugins, add } = page({ 'rings.js': rings });
  await add('rings.js');
  expect(plugins.registry.value.get('gating', 'rings').title).toBe('Rings');
  expect(Object.keys(plugins.panels.value)).toEqual(['curves', 'dots']);
  expect(plugins.files().map(({ name }) => name)).toEqual(['rings.js']);
  plugins.remove('rings');
  expect(() => plugins.registry.value.get('gating', 'rings')).toThrow(/rings/);
  expect(Object.keys(plugins.panels.value)).toEqual(['curves']);
});

test('a plugin that is chosen again takes its own place; panels alone are not sent to workers', async () => {
  const newer = plugin('rings', { panel: { dots: panel, more: panel } });
  const { plugins, add } = page({ 'rings.js': rings, 'newer.js': newer });
  await add('rings.js');
  await add('newer.js');
  expect(plugins.loaded.value.map(({ plugin }) => plugin)).toEqual([newer]);
  expect(plugins.files()).toEqual([]);
});

test.each([
  ['a.js', /the gating "half-spaces" comes from two plugins, @ggdln\/gating and a\./],
  ['b.js', /the plugin ".*" is a part of the lab\. Rename it/],
  ['c.js', /there is a panel "curves" already, and c brings another/],
])('a name that is taken is refused, and nothing changes: %s', async (file, message) => {
  const { plugins, add } = page({
    'a.js': plugin('a', { gating: { 'half-spaces': entry('Mine') } }),
    'b.js': plugin(labPlugins[0].name, { gating: { mine: entry('Mine') } }),
    'c.js': plugin('c', { panel: { curves: panel } }),
  });
  const before = plugins.registry.value;
  await expect(add(file)).rejects.toThrow(message);
  expect(plugins.registry.value).toBe(before);
});

test('a state names the plugins that it needs: those of its parts, and those that are still missing', async () => {
  const { plugins, add } = page({ 'rings.js': rings });
  const state = { spec: { gating: { use: 'rings' }, dataset: { use: 'xor' } }, view: {} };
  expect(ownPluginsOf(state.spec, plugins.registry.value)).toEqual([]);
  const linked = { ...state, needs: ['rings'] };
  expect(missingPlugins(linked, plugins.registry.value)).toEqual(['rings']);
  expect(withNeeds(linked, plugins.registry.value)).toEqual(linked);
  await add('rings.js');
  expect(missingPlugins(linked, plugins.registry.value)).toEqual([]);
  expect(withNeeds(state, plugins.registry.value)).toEqual(linked);
  expect(isPartOf(rings, state.spec)).toBe(true);
  const other = { ...linked, spec: { gating: { use: 'half-spaces' } } };
  expect(withNeeds(other, plugins.registry.value)).toEqual({ spec: other.spec, view: {} });
  expect(isPartOf(rings, other.spec)).toBe(false);
});

test('a link carries the names of what it needs, and nothing that is no name', () => {
  const state = { spec: { gating: { use: 'rings' } }, view: {}, needs: ['@my-lab/rings', 'stripes'] };
  expect(readLink(writeLink(state, '1.0.0')).state).toEqual(state);
  for (const needs of [['<b>rings</b>'], [''], [3], 'rings', Array(17).fill('rings')]) {
    const link = writeLink({ ...state, needs: needs as string[] }, '1.0.0');
    expect(() => readLink(link)).toThrow(/what it needs is not a list of names of plugins/);
  }
});
