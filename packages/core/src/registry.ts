import {
  CONTRACT_VERSION,
  type ConformanceCase,
  type EntryOf,
  PLUGIN_KINDS,
  type Plugin,
  type PluginKind,
} from './contracts/plugin.ts';
import { contractMismatch } from './contractVersion.ts';
import { GgdlnError } from './errors.ts';
import { unknownNameError } from './names.ts';

/** A named entry and the plugin that brought it. */
export interface RegisteredEntry<Kind extends PluginKind> {
  readonly name: string;
  readonly plugin: string;
  readonly entry: EntryOf<Kind>;
}

/** All entries of some plugins. A value: several can exist side by side. */
export interface Registry {
  readonly plugins: readonly Plugin[];
  /** The entry of that name. @throws GGDLN_UNKNOWN_NAME with the nearest known names. */
  get<Kind extends PluginKind>(kind: Kind, name: string): EntryOf<Kind>;
  /** Every entry of a kind, in the order in which plugins and entries were given. */
  list<Kind extends PluginKind>(kind: Kind): RegisteredEntry<Kind>[];
  /**
   * The computation behind a fixture's `compute` field, if any plugin has it. Where several do (a sampler and the
   * theory it is compared with), their results are put together.
   */
  conformance(compute: string): ConformanceCase | undefined;
}

const where = '@ggdln/core createRegistry';

/**
 * Makes a registry of plugins.
 * @throws GGDLN_INCOMPATIBLE for a plugin of another contract version, or two entries of one kind and name.
 */
export function createRegistry(plugins: readonly Plugin[]): Registry {
  const entries = new Map<string, RegisteredEntry<PluginKind>>();
  const cases = new Map<string, ConformanceCase[]>();
  for (const plugin of plugins) {
    checkContract(plugin);
    for (const kind of PLUGIN_KINDS) {
      for (const [name, entry] of Object.entries(plugin[kind] ?? {}))
        addEntry(entries, kind, { name, plugin: plugin.name, entry });
    }
    for (const [compute, run] of Object.entries(plugin.conformance ?? {}))
      cases.set(compute, [...(cases.get(compute) ?? []), run]);
  }
  const list = <Kind extends PluginKind>(kind: Kind) =>
    [...entries]
      .filter(([key]) => key.startsWith(`${kind}:`))
      .map(([, value]) => value as unknown as RegisteredEntry<Kind>);
  return {
    plugins,
    list,
    get: (kind, name) => {
      const found = entries.get(`${kind}:${name}`);
      if (!found)
        throw unknownNameError(
          '@ggdln/core registry',
          kind,
          name,
          list(kind).map((item) => item.name),
        );
      return found.entry as EntryOf<typeof kind>;
    },
    conformance: (compute) => {
      const parts = cases.get(compute);
      return parts && together(parts);
    },
  };
}

function together(parts: readonly ConformanceCase[]): ConformanceCase {
  return async (data, context) => {
    const results = [];
    for (const part of parts) results.push(await part(data, context));
    return Object.assign({}, ...results);
  };
}

function addEntry(
  entries: Map<string, RegisteredEntry<PluginKind>>,
  kind: PluginKind,
  added: RegisteredEntry<PluginKind>,
): void {
  const taken = entries.get(`${kind}:${added.name}`);
  if (taken) {
    throw new GgdlnError({
      code: 'GGDLN_INCOMPATIBLE',
      where,
      problem: `the ${kind} "${added.name}" comes from two plugins, ${taken.plugin} and ${added.plugin}`,
      remedy: 'Rename one of them',
    });
  }
  entries.set(`${kind}:${added.name}`, added);
}

function checkContract(plugin: Plugin): void {
  if (typeof plugin?.name !== 'string') {
    throw new GgdlnError({
      code: 'GGDLN_INCOMPATIBLE',
      where,
      problem: 'what was given is not a plugin',
      remedy: `A plugin is { name, contract: '${CONTRACT_VERSION}', gating: { … } }`,
    });
  }
  const mismatch = contractMismatch(plugin.contract, plugin.name);
  if (!mismatch) return;
  throw new GgdlnError({ code: 'GGDLN_INCOMPATIBLE', where, problem: mismatch.reason, remedy: mismatch.remedy });
}
