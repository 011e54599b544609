import { inputError } from '@ggdln/core';

/**
 * Path and value of `path=value`.
 * @param flag That it was given to, for messages, e.g. `--set`.
 * @throws GGDLN_INPUT where there is no `=`, or nothing before it.
 */
export function splitPair(pair: string, flag: string, where: string): [path: string, value: string] {
  const at = pair.indexOf('=');
  if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
  const lacking = at < 0 ? 'has no "="' : 'has no path before "="';
  throw inputError(where, `${flag} ${pair} ${lacking}`, `Write ${flag} path=value`);
}
