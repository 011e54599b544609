import type { Reproduction } from '../reproduction.ts';
import { kPathCifar, kPathMnist } from './kPathImages.ts';
import { kPathSmall } from './kPathSmall.ts';
import { relu } from './relu.ts';
import { routingSmall } from './routingSmall.ts';
import { sharing } from './sharing.ts';
import { startScale } from './startScale.ts';
import { trainedPairs } from './trainedPairs.ts';
import { whichGating } from './whichGating.ts';
import { xor } from './xor.ts';

/** The neural race, in the order of its page. */
export const raceReproductions: readonly Reproduction[] = [
  xor,
  whichGating,
  sharing,
  routingSmall,
  startScale,
  trainedPairs,
  kPathSmall,
  kPathMnist,
  kPathCifar,
  relu,
];
