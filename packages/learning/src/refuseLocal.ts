import type { Incompatibility, ProblemTraits } from '@ggdln/core';

/** Why learners of one loss for the whole network can't take networks whose neurons learn on their own. */
export function refuseLocal({ family }: Pick<ProblemTraits, 'family'>): Incompatibility | undefined {
  if (family !== 'gln') return undefined;
  return {
    reason: 'gated linear networks (gln) have neither one loss nor a posterior: every neuron learns on its own',
    remedy: 'Use the learner online',
  };
}

/** Why gradient samplers can't take networks whose gradient is a surrogate. */
export function refuseSurrogate({
  family,
  activation,
}: Pick<ProblemTraits, 'family' | 'activation'>): Incompatibility | undefined {
  if (activation !== 'straight-through') return undefined;
  return {
    reason: `the gradient of ${family} (straight-through) is a surrogate, not that of its loss: samples would be of another law`,
    remedy: 'Use the gate sigmoid, or the learner gradient-descent',
  };
}
