import { defineStudy, integer, numbers, type StudyEntry } from '@ggdln/core';
import { memorisationStudy } from './memorisationStudy.ts';

/** Memorisation of random labels by fixed gates as a plugin entry. */
export const memorisationEntry: StudyEntry = defineStudy({
  title: 'Memorisation of random labels',
  summary: 'GaLU networks fit random labels as linear algebra says: exactly from kd = m on, signs from about half.',
  references: ['Fiat, Malach & Shalev-Shwartz 2019, arXiv:1906.05032'],
  equation: 'galu/3',
  options: {
    inputs: integer({ title: 'Inputs', symbol: 'm', min: 10, max: 2000, default: 200, help: 'With random labels ±1' }),
    dimension: integer({ title: 'Dimension', symbol: 'd', min: 1, max: 200, default: 10, help: 'Numbers of an input' }),
    ratios: numbers({
      title: 'Weights per label',
      symbol: 'kd/m',
      min: 0,
      exclusiveMin: true,
      max: 4,
      default: [0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1, 1.25, 1.5],
      help: 'kd/m for which networks are fitted',
      equation: 'galu/3',
    }),
    draws: integer({ title: 'Draws', min: 1, max: 200, default: 10, help: 'Random problems of the first size' }),
    scales: numbers({
      title: 'Larger sizes',
      min: 1,
      exclusiveMin: true,
      max: 10,
      default: [2, 5],
      help: 'Multiples of (m, d) that should fall on the same curve',
    }),
    coarse: numbers({
      title: 'Ratios of larger sizes',
      min: 0,
      exclusiveMin: true,
      max: 4,
      default: [0.25, 0.5, 0.75],
      help: 'kd/m for which larger sizes are fitted',
    }),
    steps: integer({
      title: 'Steps of descent',
      min: 1,
      max: 1_000_000,
      default: 300,
      scale: 'log',
      help: 'Gradient descent with the step m/κ_max; slow near kd = m',
      equation: 'galu/2',
    }),
  },
  axis: { column: 'ratio', label: 'weights per label kd/m', scale: 'linear' },
  metrics: [
    {
      metric: 'error',
      title: 'Squared error',
      note: 'best fit of random labels',
      label: 'mean squared error',
      zero: true,
    },
    {
      metric: 'separable',
      title: 'Separable signs',
      note: 'some weights get every sign right',
      label: 'share of draws',
      zero: true,
    },
    {
      metric: 'error of descent',
      title: 'After descent',
      note: 'slow where κ_min → 0',
      label: 'mean squared error',
      zero: true,
    },
  ],
  groupBy: 'size',
  create: (options) => ({ run: (context) => memorisationStudy(options, context) }),
});
