import {
  describeRange,
  inputError,
  type Option,
  PLUGIN_KINDS,
  type PluginKind,
  type Registry,
  unknownNameError,
} from '@ggdln/core';
import type { Command, Session } from '../command.ts';
import { EXIT_CODES } from '../exitCodes.ts';
import { alignColumns } from '../terminal.ts';

/** `ggdln plugins list`: every entry with its options. */
export const pluginsCommand: Command = {
  name: 'plugins',
  usage: 'plugins list [KIND [NAME]]',
  summary: 'List datasets, gatings, architectures, learners, theories and their options',
  description: `Lists every entry of every plugin. KIND is one of ${PLUGIN_KINDS.join(', ')}; with a NAME, its options are shown.`,
  flags: () => [],
  run: async (args, session) => {
    const [action, kind, name] = args.positionals;
    if (action === undefined) throw inputError('ggdln plugins', 'nothing to do is named', 'Say ggdln plugins list');
    if (action !== 'list') throw unknownNameError('ggdln plugins', 'action', action, ['list']);
    if (kind !== undefined && !isKind(kind)) throw unknownNameError('ggdln plugins list', 'kind', kind, PLUGIN_KINDS);
    if (args.positionals.length > 3)
      throw inputError(
        'ggdln plugins list',
        `too many words: ${args.positionals.slice(3).join(' ')}`,
        'Give at most a kind and a name',
      );
    return list(session, kind ? [kind] : PLUGIN_KINDS, name);
  },
};

function list(session: Session, kinds: readonly PluginKind[], name: string | undefined): number {
  const { registry, terminal, json } = session;
  if (name !== undefined) registry.get(kinds[0], name);
  const wanted = kinds.map((kind) => ({
    kind,
    entries: registry.list(kind).filter((item) => name === undefined || item.name === name),
  }));
  if (json)
    terminal.out(
      `${JSON.stringify(wanted.flatMap(({ kind, entries }) => entries.map((item) => jsonEntry(kind, item))))}\n`,
    );
  else if (name !== undefined) terminal.out(detail(registry, kinds[0], name));
  else
    for (const { kind, entries } of wanted)
      terminal.out(
        `${kind}\n${alignColumns(
          ['  name', 'title', 'plugin', 'summary'],
          entries.map((item) => [`  ${item.name}`, item.entry.title, item.plugin, item.entry.summary]),
          4,
        )}\n\n`,
      );
  return EXIT_CODES.ok;
}

function jsonEntry(
  kind: PluginKind,
  item: {
    name: string;
    plugin: string;
    entry: { title: string; summary: string; references?: readonly string[]; options: object };
  },
): object {
  const { title, summary, references = [], options } = item.entry;
  return { kind, name: item.name, plugin: item.plugin, title, summary, references, options };
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
