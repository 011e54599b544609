import { defineStudy, integer, number, type StudyEntry } from '@ggdln/core';
import { routingRaceStudy } from './routingRace.ts';

/** The neural race on a routing network as a plugin entry. */
export const routingRaceEntry: StudyEntry = defineStudy({
  title: 'Neural race of a routing network',
  summary: 'Input and output domains share one hidden layer; pathways that are trained together win, for all pairs.',
  references: ['Saxe, Sodhani & Lewallen 2022, arXiv:2207.10430'],
  equation: 'gdln/5',
  options: {
    domains: integer({
      title: 'Domains',
      symbol: 'M',
      min: 2,
      max: 12,
      default: 7,
      help: 'Input domains, and as many output domains',
      equation: 'gdln/5',
    }),
    partners: integer({
      title: 'Trained partners',
      symbol: 'K',
      min: 1,
      max: 12,
      default: 4,
      help: 'Output domains that each input domain is trained with, at most M',
      equation: 'gdln/5',
    }),
    hidden: integer({ title: 'Hidden units', symbol: 'H', min: 8, max: 256, default: 64, help: 'Of each layer' }),
    rate: number({
      title: 'Learning rate',
      symbol: 'η',
      min: 0,
      exclusiveMin: true,
      default: 0.02,
      scale: 'log',
      help: 'Step of full-batch gradient descent',
    }),
    start: number({
      title: 'Start scale',
      symbol: 'g',
      min: 0.01,
      max: 4,
      default: 0.2,
      scale: 'log',
      help: 'Scale of the orthogonal random weights; 2.5 kills transfer',
      equation: 'gdln/5.2',
    }),
    networks: integer({
      title: 'Random starts',
      min: 1,
      max: 40,
      default: 4,
      help: 'Networks beside the decoupled one; error bars are over them',
    }),
    epochs: integer({ title: 'Epochs', min: 1, max: 5000, default: 450, help: 'Steps of gradient descent' }),
  },
  axis: { column: 'epoch', label: 'epoch', unit: '', scale: 'linear' },
  metrics: [
    { metric: 'loss', title: 'Loss', note: 'trained pairs', label: 'κ Σ |T − W₃W₂W₁|²', zero: true },
    { metric: 'singular value', title: 'Shared layer', note: 'mode by mode', label: 'singular value' },
    { metric: 'untrained error', title: 'Untrained pairs', note: 'transfer', label: '½|T − W₃W₂W₁|²', zero: true },
  ],
  groupBy: 'group',
  create: (options) => ({ run: (context) => routingRaceStudy(options, context) }),
});
