import { GgdlnError } from '@ggdln/core';

/** A plugin of the user's own: one file of JavaScript, as the page and its workers get it. */
export interface PluginFile {
  /** Of the file, e.g. `index.js`. */
  readonly name: string;
  readonly source: string;
}

/** Why a file can't be taken as a plugin. */
export function refusedFile({ name }: PluginFile, problem: string, remedy: string, cause?: unknown): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_INPUT',
    where: 'Own plugin',
    problem: `${name} ${problem}`,
    remedy,
    ...(cause === undefined ? {} : { cause }),
  });
}
