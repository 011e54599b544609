import type { GalleryItem } from '../galleryItem.ts';
import { howMuchMemory } from './howMuchMemory.ts';
import { neuralRace } from './neuralRace.ts';
import { twoHeads } from './twoHeads.ts';
import { twoPhases } from './twoPhases.ts';
import { whatIsForgotten } from './whatIsForgotten.ts';
import { xorSolved } from './xorSolved.ts';

/** Items that run studies, in the gallery’s order. */
export const studyItems: readonly GalleryItem[] = [
  neuralRace,
  xorSolved,
  howMuchMemory,
  twoPhases,
  twoHeads,
  whatIsForgotten,
];
