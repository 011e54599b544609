import type { GalleryItem } from '../galleryItem.ts';
import { cutThePlane } from './cutThePlane.ts';
import { doesWidthHelp } from './doesWidthHelp.ts';
import { gatesWithoutLabels } from './gatesWithoutLabels.ts';
import { narrowIsBetter } from './narrowIsBetter.ts';
import { studyItems } from './studyItems.ts';
import { twoTasksOppositeLabels } from './twoTasksOppositeLabels.ts';
import { widthOnlyRescales } from './widthOnlyRescales.ts';

/** The gallery, in its order; the first opens when the page does. */
export const galleryItems: readonly GalleryItem[] = [
  doesWidthHelp,
  narrowIsBetter,
  gatesWithoutLabels,
  twoTasksOppositeLabels,
  widthOnlyRescales,
  ...studyItems,
  cutThePlane,
];
