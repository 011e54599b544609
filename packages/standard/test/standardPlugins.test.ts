import { createRegistry, type JsonObject, PLUGIN_KINDS, readOption, resolveOptions } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { standardPlugins } from '../src/index.ts';

const registry = createRegistry(standardPlugins);
const entries = PLUGIN_KINDS.flatMap((kind) => registry.list(kind).map((item) => ({ kind, ...item })));

describe('standardPlugins', () => {
  it('holds what experiments are made of', () => {
    const names = Object.fromEntries(PLUGIN_KINDS.map((kind) => [kind, registry.list(kind).map((item) => item.name)]));
    expect(names).toMatchObject({
      dataset: expect.arrayContaining(['mnist', 'noisy-teacher']),
      gating: expect.arrayContaining(['half-spaces', 'always-on']),
      architecture: expect.arrayContaining(['ggdln', 'dln']),
      learner: expect.arrayContaining(['block-gibbs', 'langevin', 'gradient-descent']),
      theory: expect.arrayContaining(['ggdln', 'infinite-width']),
      study: expect.arrayContaining(['routing-race', 'two-phases']),
      linalg: expect.arrayContaining(['wasm', 'ml-matrix']),
      tensor: expect.arrayContaining(['wasm', 'cpu', 'webgl', 'webgpu']),
    });
  });

  it('has plugins of different names, and conformance cases', () => {
    const names = standardPlugins.map((plugin) => plugin.name);
    expect(new Set(names).size).toBe(names.length);
    const cases = standardPlugins.flatMap((plugin) => Object.keys(plugin.conformance ?? {}));
    expect(cases.length).toBeGreaterThan(0);
  });

  it('has theories and learners of different names, as one experiment uses both', () => {
    const names = [...registry.list('learner'), ...registry.list('theory')].map((item) => item.name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(entries)('$kind $name: its defaults are allowed by its own schema', ({ kind, name, entry }) => {
    const values = resolveOptions(entry.options, {}, `${kind} ${name}`) as JsonObject;
    for (const [option, schema] of Object.entries(entry.options)) {
      expect(readOption(schema, schema.default, option), option).toEqual(schema.default);
      expect(option).toMatch(/^[a-z][A-Za-z0-9]*$/);
      expect(['use', 'as', 'at'], 'words that specs use themselves').not.toContain(option);
      expect(schema.help.length, option).toBeLessThanOrEqual(90);
    }
    expect(resolveOptions(entry.options, values, name)).toEqual(values);
    expect(name).toMatch(/^[a-z0-9][a-z0-9-]*$/);
  });

  it.each(['gating', 'architecture', 'learner', 'theory', 'study'] as const)(
    'makes every %s from its defaults',
    (kind) => {
      for (const { name, entry } of registry.list(kind)) {
        expect(entry.create(resolveOptions(entry.options, {}, name)), name).toBeTypeOf('object');
      }
    },
  );
});
