import {
  describeRange,
  inputError,
  type Option,
  PLUGIN_KINDS,
  type Plugin,
  type PluginKind,
  type RegisteredEntry,
  type Registry,
  unknownNameError,
} from '@ggdln/core';
import type { Session } from '../command.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import type { Arguments } from '../flags.ts';
import { alignColumns } from '../terminal.ts';
import { packageVersion } from './packageVersion.ts';

/** `ggdln plugins list [KIND [NAME]]`: plugins with their versions, entries, and the options of one. */
export function listPlugins({ positionals }: Arguments, session: Session): number {
  const [, kind, name, ...rest] = positionals;
  if (kind !== undefined && !isKind(kind)) throw unknownNameError('ggdln plugins list', 'kind', kind, PLUGIN_KINDS);
  if (rest.length > 0)
    throw inputError('ggdln plugins list', `too many words: ${rest.join(' ')}`, 'Give at most a kind and a name');
  return list(session, kind ? [kind] : PLUGIN_KINDS, name);
}

function list(session: Session, kinds: readonly PluginKind[], name: string | undefined): number {
  const { registry, terminal, json, cwd } = session;
  if (name !== undefined) registry.get(kinds[0], name);
  const wanted = kinds.map((kind) => ({
    kind,
    entries: registry.list(kind).filter((item) => name === undefined || item.name === name),
  }));
  if (json)
    terminal.out(
      `${JSON.stringify(wanted.flatMap(({ kind, entries }) => entries.map((item) => jsonEntry(kind, item, registry, cwd))))}\n`,
    );
  else if (name !== undefined) terminal.out(detail(registry, kinds[0], name));
  else {
    if (kinds.length > 1) terminal.out(`${plugins(registry.plugins, cwd)}\n\n`);
    for (const { kind, entries } of wanted)
      terminal.out(
        `${kind}\n${alignColumns(
          ['  name', 'title', 'plugin', 'summary'],
          entries.map((item) => [`  ${item.name}`, item.entry.title, item.plugin, item.entry.summary]),
          4,
        )}\n\n`,
      );
  }
  return EXIT_CODES.ok;
}

/** Which plugins there are, what they were written for, and how many entries of which kinds they bring. */
function plugins(loaded: readonly Plugin[], cwd: string): string {
  const rows = loaded.map((plugin) => {
    const kinds = [...PLUGIN_KINDS, 'panel'] as const;
    const counts = kinds.map((kind) => ({ kind, count: Object.keys(plugin[kind] ?? {}).length }));
    const entries = counts.filter(({ count }) => count > 0).map(({ kind, count }) => `${count} ${kind}`);
    return [`  ${plugin.name}`, packageVersion(plugin.name, cwd) ?? '', plugin.contract, entries.join(', ')];
  });
  return `plugins\n${alignColumns(['  name', 'version', 'contract', 'entries'], rows, 4)}`;
}

function jsonEntry<Kind extends PluginKind>(
  kind: Kind,
  { name, plugin, entry }: RegisteredEntry<Kind>,
  registry: Registry,
  cwd: string,
): object {
  const { title, summary, references = [], options } = entry;
  const contract = registry.plugins.find((candidate) => candidate.name === plugin)?.contract;
  const version = packageVersion(plugin, cwd) ?? null;
  return { kind, name, plugin, version, contract, title, summary, references, options };
}

function detail(registry: Registry, kind: PluginKind, name: string): string {
  const entry = registry.get(kind, name);
  const rows = Object.entries(entry.options).map(([key, option]) => [
    key,
    option.symbol ?? '',
    rangeText(option),
    String(option.default),
    option.help,
  ]);
  const references = (entry.references ?? []).map((reference) => `  ${reference}\n`).join('');
  const options =
    rows.length > 0 ? alignColumns(['option', 'symbol', 'allowed', 'default', 'help'], rows, 5) : 'No options.';
  return `${kind} ${name}: ${entry.title}\n${entry.summary}\n${references}\n${options}\n`;
}

function rangeText(option: Option): string {
  switch (option.type) {
    case 'integer':
    case 'number':
      return describeRange(option, option.type === 'integer');
    case 'numbers':
      return `a list of numbers`;
    case 'choice':
      return option.values.join(', ');
    case 'boolean':
      return 'true, false';
    default:
      return 'text';
  }
}

function isKind(word: string): word is PluginKind {
  return (PLUGIN_KINDS as readonly string[]).includes(word);
}
