import { unknownNameError } from '@ggdln/core';
import { depth as bpkrDepth } from './bpkr/depth.ts';
import { doubleDescent } from './bpkr/doubleDescent.ts';
import { relu } from './bpkr/relu.ts';
import { representations } from './bpkr/representations.ts';
import { sigma as bpkrSigma } from './bpkr/sigma.ts';
import { temperature } from './bpkr/temperature.ts';
import { width as bpkrWidth } from './bpkr/width.ts';
import { continualReproductions } from './continual/list.ts';
import { clothes } from './galu/clothes.ts';
import { generalisation } from './galu/generalisation.ts';
import { memorisation } from './galu/memorisation.ts';
import { spectrum } from './galu/spectrum.ts';
import { depth } from './ggdln/depth.ts';
import { gates } from './ggdln/gates.ts';
import { permutedMnist } from './ggdln/permutedMnist.ts';
import { sigma } from './ggdln/sigma.ts';
import { taskConditioned } from './ggdln/taskConditioned.ts';
import { widthContexts } from './ggdln/widthContexts.ts';
import { widthMnist } from './ggdln/widthMnist.ts';
import { onePass } from './gln/onePass.ts';
import { permuted } from './gln/permuted.ts';
import { splitDigits } from './gln/splitDigits.ts';
import { streams } from './gln/streams.ts';
import { ndkReproductions } from './ndk/list.ts';
import { raceReproductions } from './race/list.ts';
import type { Reproduction } from './reproduction.ts';

/** All reproductions, in the order of the papers. */
export const reproductions: readonly Reproduction[] = [
  widthMnist,
  widthContexts,
  depth,
  sigma,
  gates,
  taskConditioned,
  permutedMnist,
  bpkrWidth,
  bpkrDepth,
  bpkrSigma,
  doubleDescent,
  temperature,
  representations,
  relu,
  ...raceReproductions,
  memorisation,
  spectrum,
  generalisation,
  clothes,
  streams,
  onePass,
  permuted,
  splitDigits,
  ...ndkReproductions,
  ...continualReproductions,
];

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
