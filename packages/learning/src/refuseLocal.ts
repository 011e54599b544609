import type { Incompatibility, ProblemTraits } from '@ggdln/core';

/** Why learners of one loss for the whole network can't take networks whose neurons learn on their own. */
export function refuseLocal({ family }: Pick<ProblemTraits, 'family'>): Incompatibility | undefined {
  if (family !== 'gln') return undefined;
  return {
    reason: 'gated linear networks (gln) have neither one loss nor a posterior: every neuron learns on its own',
    remedy: 'Use the learner online',
  };
}
