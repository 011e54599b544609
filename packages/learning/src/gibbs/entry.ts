import { choice, defineLearner, integer, type LearnerEntry, number } from '@ggdln/core';
import { refuseLocal } from '../refuseLocal.ts';
import { blockGibbs } from './blockGibbs.ts';

/** The registry entry of `blockGibbs`. */
export const blockGibbsEntry: LearnerEntry = defineLearner({
  title: 'Exact sampling (block Gibbs)',
  summary:
    'Draws each layer from its exact Gaussian conditional; float64, with R̂, effective sample sizes and error bars.',
  references: ['Li & Sompolinsky 2022, arXiv:2210.17449', 'Vehtari et al. 2021, arXiv:1903.08008'],
  options: {
    sweeps: integer({
      title: 'Sweeps',
      help: 'Sweeps of every chain, burn-in included; a sweep draws each layer once.',
      equation: 'ggdln/8',
      min: 10,
      scale: 'log',
      default: 2000,
    }),
    chains: integer({
      title: 'Chains',
      help: 'Independent chains from the prior; R̂ compares them.',
      min: 2,
      max: 64,
      default: 2,
    }),
    burnIn: number({
      title: 'Burn-in',
      help: 'Share of the sweeps that is thrown away at the start.',
      min: 0,
      max: 0.9,
      default: 0.1,
    }),
    estimator: choice({
      title: 'Estimator',
      help: 'conditional integrates the first layer out (low noise); sampled uses the sampled weights.',
      equation: 'ggdln/8',
      values: ['conditional', 'sampled'],
      default: 'conditional',
    }),
    batches: integer({
      title: 'Batches',
      help: 'Batches for error bars, all chains together.',
      min: 20,
      default: 20,
    }),
  },
  role: 'exact-sampling',
  supports: ({ family, activation }) =>
    activation === undefined
      ? refuseLocal({ family })
      : {
          reason: `exact sampling needs Gaussian conditionals, which the architecture ${family} (${activation}) does not have`,
          remedy: 'Use the learner hmc or langevin; linear networks also go as dln',
        },
  create: blockGibbs,
});
