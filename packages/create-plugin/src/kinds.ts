import { PLUGIN_KINDS, type PluginKind, unknownNameError } from '@ggdln/core';

/** The kinds of plugins that there are templates for. */
export const TEMPLATE_KINDS: readonly TemplateKind[] = [...PLUGIN_KINDS, 'panel'];
export type TemplateKind = PluginKind | 'panel';

/** @throws GGDLN_UNKNOWN_NAME with the nearest kind. */
export function readKind(where: string, word: string): TemplateKind {
  const kind = TEMPLATE_KINDS.find((candidate) => candidate === word);
  if (kind === undefined) throw unknownNameError(where, 'kind of plugin', word, TEMPLATE_KINDS);
  return kind;
}
