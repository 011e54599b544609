import { CONTRACT_VERSION, type Plugin } from '@ggdln/core';
import { bpkrBlockGibbs } from './conformance/bpkrBlockGibbs.ts';
import { gibbsConditionalL1, gibbsConditionalL2 } from './conformance/gibbsConditional.ts';
import { bernoulliSteps, gaussianSteps, logisticEquivalence } from './conformance/gln.ts';
import { posteriorStatistics } from './conformance/posteriorStatistics.ts';
import { blockGibbsEntry } from './gibbs/entry.ts';
import { onlineEntry } from './gln/entry.ts';
import { gradientDescentEntry, langevinEntry } from './gradient/entries.ts';
import { hmcEntry } from './hmc/entry.ts';

/** The built-in learners. */
export const learningPlugin: Plugin = {
  name: '@ggdln/learning',
  contract: CONTRACT_VERSION,
  learner: {
    'block-gibbs': blockGibbsEntry,
    hmc: hmcEntry,
    langevin: langevinEntry,
    'gradient-descent': gradientDescentEntry,
    online: onlineEntry,
  },
  conformance: {
    'ggdln.gibbs-conditional-l1': gibbsConditionalL1,
    'ggdln.gibbs-conditional-l2': gibbsConditionalL2,
    'ggdln.posterior-statistics': posteriorStatistics,
    'bpkr.block-gibbs': bpkrBlockGibbs,
    'gln.bernoulli': bernoulliSteps,
    'gln.gaussian': gaussianSteps,
    'gln.logistic-equivalence': logisticEquivalence,
  },
};
