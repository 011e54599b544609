import type { Plugin } from '@ggdln/core';
import { driftEntry } from './drift/entry.ts';
import { forgettingEntry } from './forgetting/entry.ts';
import { twoHeadsEntry } from './heads/entry.ts';
import { memorisationEntry } from './memorisation/entry.ts';
import { twoPhasesEntry } from './phases/entry.ts';
import { routingRaceEntry } from './routing/entry.ts';
import { xorRaceEntry } from './xor/entry.ts';

/** The built-in studies: races along paths, memorisation, phases of learning, tasks in sequence. */
export const studiesPlugin: Plugin = {
  name: '@ggdln/studies',
  contract: '1.0.0',
  study: {
    'routing-race': routingRaceEntry,
    'xor-race': xorRaceEntry,
    memorisation: memorisationEntry,
    'two-phases': twoPhasesEntry,
    'two-heads': twoHeadsEntry,
    forgetting: forgettingEntry,
    drift: driftEntry,
  },
};
