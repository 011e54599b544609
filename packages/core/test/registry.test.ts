import { describe, expect, it } from 'vitest';
import {
  CONTRACT_VERSION,
  createRandom,
  createRegistry,
  defineGating,
  defineTheory,
  integer,
  PLUGIN_KINDS,
  type Plugin,
  type PluginKind,
  type RunContext,
} from '../src/index.ts';

const gating = defineGating({
  title: 'Closed',
  summary: 'For tests.',
  options: { gates: integer({ title: 'Gates', min: 1, default: 2, help: 'How many.' }) },
  create: ({ gates }) => ({
    fit: () => ({ gates: gates satisfies number }),
    gates: (_, X) => ({ values: X, names: [] }),
  }),
});
const theory = defineTheory({
  title: 'None',
  summary: 'For tests.',
  role: 'theory',
  options: {},
  supports: () => undefined,
  create: () => ({ solve: () => Promise.reject(new Error('unused')) }),
});
const plugin = (name: string, parts: Partial<Plugin>): Plugin => ({ name, contract: CONTRACT_VERSION, ...parts });

describe('createRegistry', () => {
  const first = plugin('first', { gating: { closed: gating, ajar: gating }, theory: { closed: theory } });
  const second = plugin('second', { gating: { open: gating } });
  const registry = createRegistry([first, second]);

  it('gives back the very entry of a kind and name', () => {
    expect(registry.get('gating', 'closed')).toBe(gating);
    expect(registry.get('theory', 'closed')).toBe(theory);
    expect(registry.plugins).toEqual([first, second]);
  });

  it('lists a kind with the plugins its entries come from, in the order given', () => {
    expect(registry.list('gating')).toEqual([
      { name: 'closed', plugin: 'first', entry: gating },
      { name: 'ajar', plugin: 'first', entry: gating },
      { name: 'open', plugin: 'second', entry: gating },
    ]);
    expect(registry.list('dataset')).toEqual([]);
  });

  it('is a value: registries side by side know nothing of each other', () => {
    expect(
      createRegistry([second])
        .list('gating')
        .map(({ name }) => name),
    ).toEqual(['open']);
    expect(createRegistry([]).plugins).toEqual([]);
  });

  it('names the nearest entries of the same kind for an unknown name', () => {
    expect(() => registry.get('gating', 'closd')).toThrow(
      /unknown gating "closd"\. Did you mean closed\? Known: ajar, closed, open/,
    );
    expect(() => registry.get('theory', 'open')).toThrow(/unknown theory "open".*Known: closed/);
    expect(() => registry.get('learner', 'any')).toThrow(/unknown learner "any"\. There are none/);
    expect(() => registry.get('gating', 'closd')).toThrow(expect.objectContaining({ code: 'GGDLN_UNKNOWN_NAME' }));
  });

  it('does not take a property of every object for an entry', () => {
    for (const name of ['constructor', '__proto__', 'toString'])
      expect(() => registry.get('gating', name)).toThrow(/unknown/);
  });

  it('refuses two entries of one kind and name, naming both plugins', () => {
    expect(() => createRegistry([first, plugin('third', { gating: { closed: gating } })])).toThrow(
      /gating "closed" comes from two plugins, first and third.*Rename one/,
    );
  });

  it('refuses a plugin of another contract, and what is no plugin', () => {
    const other = { ...second, contract: '2.0.0' };
    expect(() => createRegistry([other])).toThrow(/plugin second is written for contract 2\.0\.0, this is 1\.0\.0/);
    expect(() => createRegistry([{ ...second, contract: CONTRACT_VERSION }])).not.toThrow();
    for (const wrong of [undefined, null, 'text', {}, { name: 1, contract: '1.0.0' }]) {
      expect(() => createRegistry([wrong as unknown as Plugin])).toThrow(
        /what was given is not a plugin.*name, contract/,
      );
    }
  });

  it('finds the computation behind a fixture, and puts together what several plugins compute of it', async () => {
    const third = plugin('third', { conformance: { 'test.one': async () => ({ one: 1 }) } });
    const fourth = plugin('fourth', { conformance: { 'test.one': async () => ({ two: 2 }) } });
    const found = createRegistry([first, third, fourth]).conformance('test.one');
    const context = { rng: createRandom(1) } as RunContext;
    expect(await found?.({ params: {}, inputs: {} }, context)).toEqual({ one: 1, two: 2 });
    expect(registry.conformance('test.one')).toBeUndefined();
  });

  it('knows every kind that a plugin can have', () => {
    const parts = Object.fromEntries(PLUGIN_KINDS.map((kind) => [kind, { only: { ...gating, title: kind } }]));
    const all = createRegistry([plugin('all', parts as Partial<Plugin>)]);
    for (const kind of PLUGIN_KINDS satisfies readonly PluginKind[]) expect(all.get(kind, 'only').title).toBe(kind);
  });
});
