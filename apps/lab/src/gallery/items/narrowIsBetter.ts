import type { GalleryItem } from '../galleryItem.ts';
import { gatedKernel } from './equations.ts';

/** Related tasks with a gate each. */
export const narrowIsBetter: GalleryItem = {
  id: 'narrow-is-better',
  title: 'Narrow is better',
  system: 'GGDLN',
  lead:
    'Four related linear tasks, one gate each. An infinitely wide network shares nothing between them; a narrow one ' +
    'learns to.',
  before:
    'Every task opens its own gate and no other. At infinite width U is diagonal, so that no task helps another. At ' +
    'finite width the labels fill its other cells:',
  equation: gatedKernel,
  after:
    'Off-diagonal U is transfer: at N = 10 the bias is a third of that at infinite width. Sampling lies a few percent ' +
    'below theory where N is not far above the number of gates.',
  source: 'ggdln/2',
  spec: {
    ggdln: 1,
    name: 'narrow-is-better',
    title: 'Narrow is better',
    seed: 3,
    temperature: 0.01,
    dataset: { use: 'one-hot-contexts', contexts: 4, difference: 0.3, inputs: 20, trainSize: 40, testSize: 400 },
    gating: { use: 'one-hot-tasks' },
    architecture: { use: 'ggdln', depth: 1, sigma: 1 },
    sweep: { 'architecture.width': [10, 30, 100, 300, 1000] },
    learners: [{ use: 'block-gibbs', sweeps: 700, batches: 40 }],
    theories: [
      {
        use: 'ggdln',
        at: { 'architecture.width': [5, 7, 10, 14, 20, 30, 50, 70, 100, 200, 300, 600, 1000, 3000, 10000] },
      },
      { use: 'infinite-width' },
    ],
    figure: { x: 'architecture.width', metrics: ['bias', 'variance'] },
  },
  agreement: { metric: 'bias', percent: 3, from: 100 },
  sketch: {
    theory: [
      [2, 35],
      [12, 31],
      [24, 26],
      [38, 20],
      [52, 14],
      [66, 9],
      [82, 6],
      [98, 5],
    ],
    simulated: [
      [12, 33],
      [30, 24],
      [48, 16],
      [66, 9],
      [84, 6],
    ],
  },
};
