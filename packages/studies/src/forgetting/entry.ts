import { defineStudy, integer, number, type StudyEntry } from '@ggdln/core';
import { forgettingStudy } from './forgettingStudy.ts';

/** Forgetting in a sequence of tasks as a plugin entry. */
export const forgettingEntry: StudyEntry = defineStudy({
  title: 'Forgetting in a sequence of tasks',
  summary: 'Error on every task after every other, of wide networks by theory and by gradient descent.',
  references: ['Shan, Li & Sompolinsky, arXiv:2407.10315'],
  equation: 'continual/4',
  options: {
    tasks: integer({ title: 'Tasks', symbol: 'T', min: 2, max: 12, default: 6, help: 'Learnt one after the other' }),
    examples: integer({ title: 'Examples', symbol: 'P', min: 1, max: 60, default: 10, help: 'Of each task' }),
    features: integer({
      title: 'Input dimension',
      symbol: 'N₀',
      min: 2,
      max: 200,
      default: 30,
      help: 'Numbers of an input',
    }),
    inputSimilarity: number({
      title: 'Input similarity',
      min: 0,
      max: 1,
      default: 0.7,
      help: 'Share that the inputs of two tasks have in common',
      equation: 'continual/5',
    }),
    ruleSimilarity: number({
      title: 'Rule similarity',
      min: 0,
      max: 1,
      default: 0.7,
      help: 'Cosine of the teachers of two tasks',
      equation: 'continual/5',
    }),
    width: integer({
      title: 'Hidden width',
      symbol: 'N',
      min: 10,
      max: 8000,
      default: 1500,
      scale: 'log',
      help: 'Of trained networks; the theory is for N → ∞, off by O(1/√N) for one network',
    }),
    networks: integer({ title: 'Networks', min: 2, max: 100, default: 6, help: 'Error bars are over them' }),
  },
  axis: { column: 'after', label: 'tasks learnt t', unit: '', scale: 'linear' },
  metrics: [
    {
      metric: 'forgetting',
      title: 'Forgetting',
      note: 'of tasks learnt before',
      label: 'F(t, s), mean squared error',
      zero: true,
    },
  ],
  groupBy: 'task',
  create: (options) => ({ run: (context) => forgettingStudy(options, context) }),
});
