import { createRegistry, PLUGIN_KINDS, type Plugin } from '@ggdln/core';
import { type PluginFile, refusedFile } from './pluginFile.ts';

/** Every kind of entry, and what each entry of it must at least have, by its type. */
const FORMS: { readonly [kind: string]: { readonly [key: string]: 'string' | 'object' | 'function' } } = {
  ...Object.fromEntries(
    PLUGIN_KINDS.map((kind) => [kind, { title: 'string', options: 'object', create: 'function' }] as const),
  ),
  panel: { title: 'string', accepts: 'function', table: 'function', mount: 'function' },
};

/**
 * Takes what a module exports for a plugin, after looking whether it is one.
 * @throws GGDLN_INPUT saying what an entry lacks; GGDLN_INCOMPATIBLE for another contract.
 */
export function checkPlugin(file: PluginFile, exported: unknown): Plugin {
  if (typeof exported !== 'object' || exported === null) {
    throw refusedFile(
      file,
      `exports as its plugin ${exported === null ? 'null' : `a ${typeof exported}`}`,
      "A plugin is { name, contract: '1.0.0', gating: { … } }",
    );
  }
  const plugin = exported as Plugin;
  // Name and contract, in the words of the registry.
  createRegistry([{ name: plugin.name, contract: plugin.contract }]);
  const entries = Object.keys(FORMS).flatMap((kind) =>
    Object.entries(plugin[kind as keyof Plugin] ?? {}).map(([name, entry]) => ({ kind, name, entry })),
  );
  for (const { kind, name, entry } of entries) checkEntry(file, kind, name, entry);
  if (entries.length === 0) {
    throw refusedFile(
      file,
      `has no entries: ${plugin.name} brings nothing`,
      `Give it entries of a kind: ${Object.keys(FORMS).join(', ')}`,
    );
  }
  return plugin;
}

function checkEntry(file: PluginFile, kind: string, name: string, entry: unknown): void {
  const found = (entry ?? {}) as Readonly<Record<string, unknown>>;
  for (const [key, type] of Object.entries(FORMS[kind])) {
    if (typeof found[key] === type && found[key] !== null) continue;
    throw refusedFile(
      file,
      `has the ${kind} "${name}" without a proper ${key}: it is ${typeof found[key]}, not a ${type}`,
      `Look at it with \`ggdln plugins test\`, which says what a ${kind} needs`,
    );
  }
}
