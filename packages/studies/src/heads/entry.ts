import { defineStudy, integer, number, numbers, type StudyEntry } from '@ggdln/core';
import { twoHeadsStudy } from './twoHeadsStudy.ts';

/** A second head on the inputs of the first, as a plugin entry. */
export const twoHeadsEntry: StudyEntry = defineStudy({
  title: 'Keep or lose the old head',
  summary: 'A second task on the same inputs reuses the first head or loses it, in a sharp transition.',
  references: ['Shan, Li & Sompolinsky, arXiv:2407.10315'],
  equation: 'continual/6',
  options: {
    load: number({
      title: 'Load',
      symbol: 'α',
      min: 0.2,
      max: 8,
      default: 3,
      help: 'Examples over hidden units, P/N; above 1 there is a transition',
      equation: 'continual/6',
    }),
    width: integer({ title: 'Hidden width', symbol: 'N', min: 4, max: 400, default: 60, help: 'Of sampled networks' }),
    lambdas: numbers({
      title: 'Stiffness',
      symbol: 'λ',
      min: 0,
      exclusiveMin: true,
      default: [100, 1000, 10_000],
      scale: 'log',
      help: 'Pull of the hidden weights to those after task 1',
      equation: 'continual/6',
    }),
    gammas: numbers({
      title: 'Rule similarities',
      symbol: 'γ',
      min: 0,
      max: 0.999,
      default: [0.3, 0.6, 0.7, 0.82, 0.9, 0.97],
      help: 'At which heads are sampled',
    }),
    draws: integer({
      title: 'Draws',
      min: 1,
      max: 100,
      default: 6,
      help: 'Problems for each point; bars are over them',
    }),
    samples: integer({
      title: 'Trajectories',
      min: 10,
      max: 5000,
      default: 150,
      help: 'Of Hamiltonian Monte Carlo (HMC) for each head',
    }),
  },
  axis: { column: 'gamma', label: 'rule similarity γ', scale: 'linear' },
  metrics: [
    { metric: 'overlap', title: 'Overlap', note: 'with the first head', label: 'c²', zero: true },
    { metric: 'size', title: 'Size', note: 'of the second head', label: 'u = |a₂|²/N', scale: 'log' },
    { metric: 'test error', title: 'Test error', note: 'on task 2', label: 'mean squared error', scale: 'log' },
    { metric: 'forgetting', title: 'Forgetting', note: 'of task 1', label: 'mean squared error', scale: 'log' },
  ],
  groupBy: 'lambda',
  // Exact only in the limit of long chains.
  roleNames: { 'exact-sampling': 'HMC ± 1 s.e.' },
  create: (options) => ({ run: (context) => twoHeadsStudy(options, context) }),
});
