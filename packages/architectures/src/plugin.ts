import { CONTRACT_VERSION, choice, defineArchitecture, integer, number, numbers, type Plugin } from '@ggdln/core';
import { supportsAlwaysOn } from './alwaysOn.ts';
import { createDln } from './dln.ts';
import { createGalu } from './galu/galu.ts';
import { createTrainedGalu, TRAINED_GATES } from './galu/trained.ts';
import { gdlnConformance } from './gdln/conformance.ts';
import { createGgdln } from './ggdln.ts';
import { logitCollapse } from './gln/conformance.ts';
import { glnEntry } from './gln/entry.ts';
import { ACTIVATIONS } from './mlp/activations.ts';
import { createMlp } from './mlp/mlp.ts';

const options = {
  depth: integer({
    title: 'Hidden layers',
    symbol: 'L',
    help: 'Number of hidden layers; each one has gates of its own.',
    equation: 'ggdln/1',
    min: 1,
    max: 16,
    default: 1,
  }),
  width: integer({
    title: 'Width',
    symbol: 'N',
    help: 'Units of every hidden layer, where widths is empty.',
    equation: 'ggdln/1',
    min: 1,
    max: 1_000_000,
    scale: 'log',
    default: 100,
  }),
  widths: numbers({
    title: 'Widths',
    symbol: 'N_L, …, N_1',
    help: 'Units of each hidden layer, top (readout) first; empty means width everywhere.',
    equation: 'ggdln/1',
    integer: true,
    min: 1,
    max: 1_000_000,
    default: [],
  }),
  sigma: number({
    title: 'Prior deviation',
    symbol: 'σ',
    help: 'Prior standard deviation of every weight.',
    equation: 'ggdln/1',
    min: 0,
    exclusiveMin: true,
    scale: 'log',
    default: 1,
  }),
} as const;

/** The built-in networks: `ggdln`, its one-gate case `dln`, `galu`, networks without gates, `mlp`, and `gln`. */
export const architecturesPlugin: Plugin = {
  name: '@ggdln/architectures',
  contract: CONTRACT_VERSION,
  architecture: {
    ggdln: defineArchitecture({
      title: 'Globally gated deep linear network',
      summary: 'Linear layers whose outputs pass gates that are shared by all units; exactly solvable at finite width.',
      references: ['Li & Sompolinsky 2022, arXiv:2210.17449'],
      options,
      create: createGgdln,
    }),
    dln: defineArchitecture({
      title: 'Deep linear network',
      summary: 'The one-gate case; use it with the gating always-on.',
      references: ['Li & Sompolinsky 2021, arXiv:2012.04030'],
      options,
      supports: supportsAlwaysOn,
      create: createDln,
    }),
    galu: defineArchitecture({
      title: 'Gated linear units (GaLU)',
      summary:
        'One layer with a neuron for each gate; linear in its weights. Its gates: half-spaces, neither centred nor always on.',
      references: ['Fiat, Malach & Shalev-Shwartz 2019, arXiv:1906.05032'],
      options: { sigma: options.sigma },
      create: createGalu,
    }),
    'galu-trained': defineArchitecture({
      title: 'Gated linear units with trained gates',
      summary: 'GaLU whose half-spaces are trained, soft or by a surrogate gradient; use it with the gating always-on.',
      references: ['Fiat, Malach & Shalev-Shwartz 2019, arXiv:1906.05032'],
      options: {
        width: options.width,
        sigma: options.sigma,
        activation: choice({
          title: 'Gate',
          symbol: 'g',
          values: TRAINED_GATES,
          default: 'sigmoid',
          help: 'sigmoid: σ(β u·x/√d); straight-through: 0 or 1, with the slope of the sigmoid.',
          equation: 'galu/6',
        }),
        beta: number({
          title: 'Steepness',
          symbol: 'β',
          help: 'Of the sigmoid: 0 is a linear network, large values are hard gates.',
          equation: 'galu/6',
          min: 0,
          default: 4,
        }),
      },
      supports: supportsAlwaysOn,
      create: ({ activation, ...rest }) => createTrainedGalu({ ...rest, gate: activation }),
    }),
    mlp: defineArchitecture({
      title: 'Fully connected network',
      summary: 'Hidden units with an activation and no gates or biases; use it with the gating always-on.',
      references: ['Neal 1996, Bayesian Learning for Neural Networks', 'Cho & Saul 2009'],
      options: {
        ...options,
        activation: choice({
          title: 'Activation',
          symbol: 'φ',
          values: ACTIVATIONS,
          default: 'relu',
          help: 'relu: max(0, h); erf: of h itself; linear: a deep linear network.',
          equation: 'bpkr/6',
        }),
      },
      supports: supportsAlwaysOn,
      create: createMlp,
    }),
    gln: glnEntry,
  },
  conformance: {
    'gln.logit-collapse': logitCollapse,
    ...gdlnConformance,
  },
};
