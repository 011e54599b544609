import type { GalleryItem } from '../galleryItem.ts';
import { gatedKernel } from './equations.ts';

/** Top-down gates keep contradicting tasks apart. */
export const twoTasksOppositeLabels: GalleryItem = {
  id: 'two-tasks-opposite-labels',
  title: 'Two tasks, opposite labels',
  system: 'GGDLN',
  lead:
    'Two tasks see the same inputs and want opposite answers. Gates blind to the task can only answer 0; gates that ' +
    'heed a task code keep the two apart.',
  before:
    'The strength λ feeds a code of the task to thirty random half-spaces. The more it weighs, the fewer gates the two ' +
    'tasks share, and the less of the kernel:',
  equation: gatedKernel,
  after:
    'At λ = 0 the error is 1 exactly: the labels cancel. At λ = 1 a quarter is left. The trained U shrinks what ' +
    'the tasks share further than the gates alone do.',
  source: 'ggdln/9',
  spec: {
    ggdln: 1,
    name: 'two-tasks-opposite-labels',
    title: 'Two tasks, opposite labels',
    seed: 2,
    temperature: 0.02,
    dataset: {
      use: 'conflicting-tasks',
      base: 'clusters',
      inputs: 20,
      clusters: 6,
      spread: 0.7,
      tasks: 2,
      flipped: 1,
      inputNoise: 0,
      trainSize: 80,
      testSize: 200,
    },
    gating: { use: 'task-code', gates: 30, alwaysOn: false },
    architecture: { use: 'ggdln', depth: 1, sigma: 1, width: 100 },
    sweep: { 'gating.strength': [0, 0.5, 1, 2, 4] },
    learners: [{ use: 'block-gibbs', sweeps: 300, batches: 40 }],
    theories: [
      { use: 'ggdln', at: { 'gating.strength': [0, 0.125, 0.25, 0.375, 0.5, 0.75, 1, 1.5, 2, 3, 4] } },
      { use: 'infinite-width', at: { 'gating.strength': [0, 0.125, 0.25, 0.375, 0.5, 0.75, 1, 1.5, 2, 3, 4] } },
    ],
    figure: { x: 'gating.strength', metrics: ['bias', 'variance'] },
  },
  agreement: { metric: 'bias', percent: 2.5 },
  sketch: {
    theory: [
      [2, 4],
      [8, 14],
      [14, 26],
      [26, 31],
      [50, 33],
      [74, 33],
      [98, 32],
    ],
    simulated: [
      [2, 4],
      [14, 26],
      [26, 31],
      [50, 33],
      [98, 32],
    ],
  },
};
