import { createRegistry, describeRange, type OptionsSchema, type PluginKind } from '@ggdln/core';
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
      return `### \`${name}\`\n\n${about.title}. ${escape(about.summary)}\n\n${optionTable(about.options)}`;
    })
    .join('\n\n');
}

function optionTable(options: OptionsSchema): string {
  const rows = Object.entries(options).map(
    ([name, option]) =>
      `| \`${name}\` | ${shown(option.default)} | ${escape(option.help)} | ${escape(describeRange(option))} |`,
  );
  if (rows.length === 0) return 'It has no options.';
  return ['| option | default | what | values |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function shown(value: unknown): string {
  const text = Array.isArray(value) ? value.join(', ') : String(value);
  return text === '' ? '' : `\`${text}\``;
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
