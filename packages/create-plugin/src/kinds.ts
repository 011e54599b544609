import { PLUGIN_KINDS, unknownNameError } from '@ggdln/core';

/** The kinds of plugins that there are templates for. */
export const TEMPLATE_KINDS = [...PLUGIN_KINDS, 'panel'] as const;
export type TemplateKind = (typeof TEMPLATE_KINDS)[number];

/** @throws GGDLN_UNKNOWN_NAME with the nearest kind. */
export function readKind(where: string, word: string): TemplateKind {
  const kind = TEMPLATE_KINDS.find((candidate) => candidate === word);
  if (kind === undefined) throw unknownNameError(where, 'kind of plugin', word, TEMPLATE_KINDS);
  return kind;
}
