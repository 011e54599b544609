import { createRegistry, GgdlnError, type PanelEntry, PLUGIN_KINDS, type Plugin, type Registry } from '@ggdln/core';
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { PluginFile } from './pluginFile.ts';
import type { LoadPlugin } from './pluginLoader.ts';

/** A plugin that the user gave to the page. */
export interface OwnPlugin {
  readonly file: PluginFile;
  readonly plugin: Plugin;
}

/** The plugins of the page: those of its build, and those that its user gave it, which last as long as the page. */
export interface OwnPlugins {
  readonly loaded: ReadonlySignal<readonly OwnPlugin[]>;
  readonly registry: ReadonlySignal<Registry>;
  readonly panels: ReadonlySignal<Readonly<Record<string, PanelEntry>>>;
  /** Files that workers need: a plugin of panels alone is none of theirs. */
  files(): readonly PluginFile[];
  /**
   * Runs a file and takes its plugin in; one of the same name that was given before makes room.
   * @throws GGDLN_INPUT for a file that is no plugin; GGDLN_INCOMPATIBLE for another contract or a name that is taken.
   */
  add(file: PluginFile): Promise<OwnPlugin>;
  /** Takes a plugin out again. @param name Of the plugin. */
  remove(name: string): void;
}

/** @param built What the page is built with. */
export function createOwnPlugins(built: {
  readonly plugins: readonly Plugin[];
  readonly panels: Readonly<Record<string, PanelEntry>>;
  readonly load: LoadPlugin;
}): OwnPlugins {
  const loaded = signal<readonly OwnPlugin[]>([]);
  const registryOf = (own: readonly OwnPlugin[]) =>
    createRegistry([...built.plugins, ...own.map(({ plugin }) => plugin)]);
  const panelsOf = (own: readonly OwnPlugin[]) =>
    Object.assign({}, built.panels, ...own.map(({ plugin }) => plugin.panel ?? {})) as typeof built.panels;
  return {
    loaded,
    registry: computed(() => registryOf(loaded.value)),
    panels: computed(() => panelsOf(loaded.value)),
    files: () => loaded.peek().flatMap(({ file, plugin }) => (hasEntries(plugin) ? [file] : [])),
    async add(file) {
      const plugin = await built.load(file);
      const own = { file, plugin };
      const others = loaded.peek().filter((other) => other.plugin.name !== plugin.name);
      if (built.plugins.some(({ name }) => name === plugin.name)) {
        throw taken(`the plugin "${plugin.name}" is a part of the lab`);
      }
      const panel = Object.keys(plugin.panel ?? {}).find((name) => Object.hasOwn(panelsOf(others), name));
      if (panel !== undefined) throw taken(`there is a panel "${panel}" already, and ${plugin.name} brings another`);
      registryOf([...others, own]);
      loaded.value = [...others, own];
      return own;
    },
    remove(name) {
      loaded.value = loaded.peek().filter(({ plugin }) => plugin.name !== name);
    },
  };
}

function hasEntries(plugin: Plugin): boolean {
  return PLUGIN_KINDS.some((kind) => Object.keys(plugin[kind] ?? {}).length > 0);
}

function taken(problem: string): GgdlnError {
  return new GgdlnError({ code: 'GGDLN_INCOMPATIBLE', where: 'Own plugin', problem, remedy: 'Rename it' });
}
