import { choice, defineLearner, integer, type LearnerEntry, number } from '@ggdln/core';
import { online } from './onlineLearner.ts';

/** The plugin entry `online`. */
export const onlineEntry: LearnerEntry = defineLearner({
  title: 'Online learning (local rules)',
  summary: 'One pass over the examples; every neuron descends its own loss, nothing is propagated back.',
  references: ['Veness et al. 2019, arXiv:1910.01526', 'Budden et al. 2020, arXiv:2006.05964'],
  role: 'online',
  options: {
    stepSize: number({
      title: 'Step size',
      symbol: 'η',
      help: 'Largest step; 0 chooses it from the number of inputs (0.003 for 784).',
      equation: 'gln/1',
      min: 0,
      scale: 'log',
      default: 0,
    }),
    schedule: choice({
      title: 'Schedule',
      help: 'decaying: min(η, 1/(1 + t/10)); constant: for tasks that change over time.',
      equation: 'gln/1',
      values: ['decaying', 'constant'],
      default: 'decaying',
    }),
    clipGradient: choice({
      title: 'Clipped predictions',
      help: 'paper: learn by the error of the clipped prediction; stop: do not learn.',
      equation: 'gln/1',
      values: ['paper', 'stop'],
      default: 'paper',
    }),
    window: integer({
      title: 'Window',
      help: 'Examples, the last ones, over which online accuracy and log loss are means.',
      min: 1,
      scale: 'log',
      default: 1000,
    }),
  },
  supports: ({ family }) =>
    family === 'gln'
      ? undefined
      : {
          reason: `online learning by local rules is for gated linear networks (gln), not ${family}`,
          remedy: 'Use the architecture gln, or another learner',
        },
  create: online,
});
