import { isGgdlnError, type Plugin } from '@ggdln/core';
import { checkPlugin } from './checkPlugin.ts';
import type { Namespace } from './hostModules.ts';
import { type PluginFile, refusedFile } from './pluginFile.ts';
import { readModule } from './readModule.ts';

/** Runs a plugin's file and gives the plugin. */
export type LoadPlugin = (file: PluginFile) => Promise<Plugin>;

/** What a loader stands on. */
interface Surroundings {
  readonly modules: { readonly [specifier: string]: () => Promise<Namespace> };
  /** An address from which a module of this source can be imported, by anyone in this realm, as long as it lasts. */
  addressOf(source: string): string;
}

/**
 * Makes what loads plugins in the page or in a worker. Bare imports of a file are led to the lab's own modules; the
 * same source is run once.
 */
export function createPluginLoader({ modules, addressOf }: Surroundings): LoadPlugin {
  const held = Object.keys(modules);
  const addresses = new Map<string, Promise<string>>();
  const loaded = new Map<string, Promise<Plugin>>();
  const addressOfModule = (specifier: string): Promise<string> => {
    const known = addresses.get(specifier) ?? modules[specifier]().then((all) => shared(specifier, all, addressOf));
    addresses.set(specifier, known);
    return known;
  };
  const load = async (file: PluginFile): Promise<Plugin> => {
    const module = readModule(file, held);
    const found = await Promise.all(module.imports.map(async (name) => [name, await addressOfModule(name)] as const));
    const lookUp = new Map(found);
    const exported = await run(file, addressOf(module.link((name) => lookUp.get(name) ?? name)), found);
    return checkPlugin(file, 'plugin' in exported ? exported.plugin : exported.default);
  };
  return (file) => {
    const known = loaded.get(file.source);
    if (known) return known;
    const plugin = load(file);
    loaded.set(file.source, plugin);
    plugin.catch(() => loaded.delete(file.source));
    return plugin;
  };
}

/** @param found Specifiers with the addresses that stand for them, so that messages have the names. */
async function run(
  file: PluginFile,
  address: string,
  found: readonly (readonly [specifier: string, address: string])[],
): Promise<Namespace> {
  try {
    return (await import(/* @vite-ignore */ address)) as Namespace;
  } catch (cause) {
    const message = isGgdlnError(cause) ? cause.problem : cause instanceof Error ? cause.message : String(cause);
    throw refusedFile(
      file,
      `can't be run: ${found.reduce((text, [name, at]) => text.replaceAll(at, name), message)}`,
      'A plugin is plain data and does nothing on import; run the file with node to see where it stops',
      cause,
    );
  }
}

/** A module at an address that exports what this realm has already. It picks it up once, in passing. */
async function shared(specifier: string, all: Namespace, addressOf: (source: string) => string): Promise<string> {
  const key = Symbol.for(`ggdln lab: ${specifier}`);
  const lines = Object.keys(all).map((name, index) => {
    const text = JSON.stringify(name);
    return `const _${index} = all[${text}]; export { _${index} as ${name} };`;
  });
  const address = addressOf(
    `const all = globalThis[Symbol.for(${JSON.stringify(key.description)})];\n${lines.join('\n')}`,
  );
  Object.defineProperty(globalThis, key, { value: all, configurable: true });
  try {
    await import(/* @vite-ignore */ address);
  } finally {
    Reflect.deleteProperty(globalThis, key);
  }
  return address;
}
