import { unknownNameError } from '@ggdln/core';
import { widthMnist } from './ggdln/widthMnist.ts';
import type { Reproduction } from './reproduction.ts';

/** All reproductions, in the order of the papers. */
export const reproductions: readonly Reproduction[] = [widthMnist];

/** @throws GGDLN_UNKNOWN_NAME with the nearest names. */
export function findReproduction(name: string): Reproduction {
  const found = reproductions.find((candidate) => candidate.name === name);
  if (found) return found;
  throw unknownNameError(
    'ggdln reproduce',
    'reproduction',
    name,
    reproductions.map((candidate) => candidate.name),
  );
}
