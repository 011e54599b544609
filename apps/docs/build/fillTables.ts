import { createRegistry, describeRange, type Option, type OptionsSchema, type PluginKind } from '@ggdln/core';
import { standardPlugins } from '@ggdln/standard';

const SHOWN: readonly PluginKind[] = ['dataset', 'gating', 'architecture', 'learner', 'theory', 'study'];

/**
 * Replaces `<!-- options of KIND -->` by the entries of that kind with all their options, as the plugins declare them.
 */
export function fillTables(markdown: string): string {
  return markdown.replace(/<!-- options of ([a-z]+) -->/g, (_, kind: string) => {
    if (!SHOWN.includes(kind as PluginKind)) throw new Error(`there is no table of the kind ${kind}`);
    return entriesOf(kind as PluginKind);
  });
}

function entriesOf(kind: PluginKind): string {
  return createRegistry(standardPlugins)
    .list(kind)
    .map(({ name, entry }) => {
      const about = entry as { readonly title: string; readonly summary: string; readonly options: OptionsSchema };
      return `### \`${name}\`\n\n${about.title}. ${forCell(about.summary)}\n\n${optionTable(about.options)}`;
    })
    .join('\n\n');
}

function optionTable(options: OptionsSchema): string {
  const rows = Object.entries(options).map(
    ([name, option]) =>
      `| \`${name}\` | ${shown(option.default)} | ${forCell(option.help)} | ${forCell(allowed(option))} |`,
  );
  if (rows.length === 0) return 'It has no options.';
  return ['| option | default | what | values |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function allowed(option: Option): string {
  if (option.type === 'boolean') return 'true, false';
  if (option.type === 'choice') return option.values.join(', ');
  if (option.type === 'text') return 'text';
  if (option.type === 'numbers') return 'a list of numbers';
  return describeRange(option, option.type === 'integer');
}

function shown(value: unknown): string {
  const text = Array.isArray(value) ? value.join(', ') : String(value);
  return text === '' ? '' : `\`${text}\``;
}

function forCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
