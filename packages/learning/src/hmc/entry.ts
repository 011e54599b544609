import { choice, defineLearner, integer, type LearnerEntry, number } from '@ggdln/core';
import { refuseLocal, refuseSurrogate } from '../refuseLocal.ts';
import { hmc } from './hmc.ts';

/** The registry entry of `hmc`. */
export const hmcEntry: LearnerEntry = defineLearner({
  title: 'Hamiltonian Monte Carlo',
  summary:
    'Samples networks with an analytic gradient, ReLU and erf among them; float64, no step-size bias, with R̂ and error bars.',
  references: ['Neal 2011, arXiv:1206.1901', 'Hoffman & Gelman 2014, arXiv:1111.4246'],
  options: {
    trajectories: integer({
      title: 'Trajectories',
      help: 'Trajectories of every chain, warm-up included.',
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
    warmUp: number({
      title: 'Warm-up',
      help: 'Share of the trajectories that adapt the step size and are then thrown away.',
      min: 0.01,
      max: 0.9,
      default: 0.2,
    }),
    length: number({
      title: 'Length',
      help: 'Mean length of a trajectory; at π/2, weights without effect are drawn afresh.',
      min: 0,
      exclusiveMin: true,
      default: Math.PI / 2,
    }),
    acceptance: number({
      title: 'Acceptance',
      help: 'Mean acceptance that the step size is adapted to.',
      min: 0.1,
      max: 0.99,
      default: 0.8,
    }),
    maxSteps: integer({
      title: 'Largest number of steps',
      help: 'Leapfrog steps of a trajectory at most.',
      min: 1,
      scale: 'log',
      default: 1000,
    }),
    estimator: choice({
      title: 'Estimator',
      help: 'sampled uses the sampled weights; conditional integrates the first layer out.',
      values: ['sampled', 'conditional'],
      default: 'sampled',
    }),
    batches: integer({
      title: 'Batches',
      help: 'Batches for error bars, all chains together.',
      min: 20,
      default: 20,
    }),
  },
  role: 'exact-sampling',
  // Exact only in the limit of long chains.
  roleName: 'HMC ± 1 s.e.',
  supports: ({ family, activation, temperature }) =>
    refuseLocal({ family }) ??
    refuseSurrogate({ family, ...(activation ? { activation } : {}) }) ??
    (temperature > 0
      ? undefined
      : {
          reason: 'Hamiltonian Monte Carlo needs a temperature above 0',
          remedy: 'Give T > 0, or use block-gibbs or gradient-descent',
        }),
  create: hmc,
});
