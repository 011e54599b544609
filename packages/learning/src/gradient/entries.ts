import { boolean, choice, defineLearner, integer, type LearnerEntry, number } from '@ggdln/core';
import { centredOptions } from '../centredOptions.ts';
import { refuseLocal, refuseSurrogate } from '../refuseLocal.ts';
import { GRADIENTS, PRECISIONS } from './createLossNetwork.ts';
import { gradientDescent } from './gradientDescent.ts';
import { langevin } from './langevin.ts';

const PAGE = 'Li & Sompolinsky 2022, arXiv:2210.17449';

/** Options of both. */
const gradients = {
  gradient: choice({
    title: 'Gradient',
    values: GRADIENTS,
    default: 'auto',
    help: 'analytic: of the architecture, over linear algebra; autodiff: of its tensors.',
  }),
  precision: choice({
    title: 'Precision',
    values: PRECISIONS,
    default: 'float32',
    help: 'Of weights and gradients; float64 needs an analytic gradient.',
  }),
  compress: boolean({
    title: 'Compress inputs',
    default: true,
    help: 'Learn in the space that the inputs span, where it is smaller; exact.',
  }),
} as const;

/** The plugin entry `gradient-descent`. */
export const gradientDescentEntry: LearnerEntry = defineLearner({
  title: 'Gradient descent',
  summary: 'Full-batch training with weight decay T/σ²; finds a mode of the posterior, not its mean.',
  references: [PAGE],
  role: 'gradient-descent',
  options: {
    learningRate: number({
      title: 'Step size',
      symbol: 'η',
      min: 0,
      default: 0,
      scale: 'log',
      help: 'Step size; 0 chooses it from the largest curvature and corrects it on the way.',
    }),
    momentum: number({
      title: 'Momentum',
      symbol: 'μ',
      min: 0,
      max: 0.9999,
      default: 0.95,
      help: "Nesterov's momentum; 0 is plain gradient descent.",
    }),
    steps: integer({ title: 'Steps', min: 1, default: 5000, scale: 'log', help: 'Most steps of each start.' }),
    tolerance: number({
      title: 'Tolerance',
      min: 0,
      default: 1e-5,
      scale: 'log',
      help: 'Stops when the gradient is this times smaller than at the start.',
    }),
    starts: integer({ title: 'Starts', min: 1, default: 1, help: 'Independent random starts to average over.' }),
    initScale: number({
      title: 'Start deviation',
      unit: 'σ',
      min: 0,
      exclusiveMin: true,
      default: 1,
      scale: 'log',
      help: 'Deviation of the weights at the start; 1 draws them from the prior.',
    }),
    ...centredOptions,
    ...gradients,
  },
  supports: refuseLocal,
  create: (options) => gradientDescent(options),
});

/** The plugin entry `langevin`. */
export const langevinEntry: LearnerEntry = defineLearner({
  title: 'Langevin sampling',
  summary: 'Samples the posterior by noisy gradient dynamics; shares nothing with block Gibbs.',
  references: [PAGE, 'Leimkuhler & Matthews 2013, arXiv:1203.5428 (BAOAB)'],
  role: 'langevin',
  options: {
    dynamics: choice({
      title: 'Dynamics',
      values: ['underdamped', 'overdamped'],
      default: 'underdamped',
      help: 'With inertia, fast at small T; or without, as on the theory page.',
      equation: 'ggdln/8',
    }),
    steps: integer({
      title: 'Steps',
      min: 1,
      default: 10_000,
      scale: 'log',
      help: 'Steps of each chain, burn-in included.',
    }),
    stepSize: number({
      title: 'Step size',
      symbol: 'η',
      min: 0,
      default: 0,
      scale: 'log',
      help: 'Step size; 0 chooses it from the largest curvature during burn-in.',
    }),
    friction: number({
      title: 'Friction',
      symbol: 'γ',
      min: 0,
      default: 0,
      scale: 'log',
      help: 'Friction of the underdamped dynamics; 0 chooses √T/σ.',
    }),
    thin: integer({ title: 'Thinning', min: 1, default: 10, help: 'Steps from one sample to the next.' }),
    chains: integer({ title: 'Chains', min: 2, default: 2, help: 'Independent chains.' }),
    burnIn: number({
      title: 'Burn-in',
      min: 0,
      max: 0.99,
      default: 0.1,
      help: 'Share of the steps that is thrown away at the start.',
    }),
    estimator: choice({
      title: 'Estimator',
      values: ['sampled', 'conditional'],
      default: 'sampled',
      help: 'f of the sampled weights, or with the first layer integrated out (float64).',
    }),
    batches: integer({ title: 'Batches', min: 20, default: 20, help: 'Batches for error bars, all chains together.' }),
    ...gradients,
  },
  supports: ({ family, activation, temperature }) =>
    refuseLocal({ family }) ??
    refuseSurrogate({ family, ...(activation ? { activation } : {}) }) ??
    (temperature > 0
      ? undefined
      : { reason: 'at T = 0 there is nothing to sample', remedy: 'Give T > 0, or use gradient-descent' }),
  create: (options) => langevin(options),
});
