import { choice, defineStudy, integer, number, type StudyEntry } from '@ggdln/core';
import { driftStudy } from './driftStudy.ts';

/** Representational drift as a plugin entry. */
export const driftEntry: StudyEntry = defineStudy({
  title: 'Representations drift',
  summary: 'Features keep changing under noisy descent: a frozen readout loses them, a re-learned one doesn’t notice.',
  references: ['Avidan, Li & Sompolinsky, arXiv:2309.04522'],
  equation: 'ndk/7',
  options: {
    activation: choice({ title: 'Activation', values: ['erf', 'relu'], default: 'erf', help: 'Of the hidden units' }),
    examples: integer({
      title: 'Training inputs',
      symbol: 'P',
      min: 1,
      max: 40,
      default: 4,
      help: 'Signs of a teacher',
    }),
    features: integer({
      title: 'Input dimension',
      symbol: 'N₀',
      min: 1,
      max: 100,
      default: 5,
      help: 'Numbers of an input',
    }),
    width: integer({
      title: 'Hidden width',
      symbol: 'N',
      min: 4,
      max: 3200,
      default: 200,
      help: 'Of simulated networks',
    }),
    temperature: number({
      title: 'Temperature',
      symbol: 'T',
      min: 0.01,
      max: 10,
      default: 0.1,
      scale: 'log',
      help: 'Of the noise; features drift over σ²/T',
      equation: 'ndk/7',
    }),
    pairs: integer({
      title: 'Pairs of networks',
      min: 2,
      max: 1000,
      default: 24,
      help: 'Antithetic; bars are over them',
    }),
  },
  axis: { column: 'lag', label: 'lag Δ', unit: 'τc = σ²/T', scale: 'linear' },
  metrics: [
    { metric: 'output', title: 'Output', note: 'on a test input', label: 'mean output', zero: true },
    { metric: 'similarity', title: 'Features', note: 'with their own of Δ = 0', label: 'similarity C(Δ)', zero: false },
  ],
  groupBy: 'readout',
  create: (options) => ({ run: (context) => driftStudy(options as Parameters<typeof driftStudy>[0], context) }),
});
