import type { PanelEntry } from '@ggdln/core';
import { forgetting } from './forgetting.ts';
import { memorisation } from './memorisation.ts';
import { multiHead } from './multiHead.ts';
import { pathwayRace } from './pathwayRace.ts';
import { phases } from './phases.ts';
import { xorWeights } from './xorWeights.ts';

/** Panels of studies, which stand beside the curves and the agreement that every run has. */
export const studyPanels: Readonly<Record<string, PanelEntry>> = {
  pathwayRace,
  xorWeights,
  phases,
  memorisation,
  multiHead,
  forgetting,
};
