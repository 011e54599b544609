import type { GalleryItem } from '../galleryItem.ts';
import { gatedKernel } from './equations.ts';

/** Gates from k-means. */
export const gatesWithoutLabels: GalleryItem = {
  id: 'gates-without-labels',
  title: 'Gates learned without labels',
  system: 'GGDLN',
  lead:
    'Gates from k-means have seen the images but never the labels, so the theory still holds given them. More gates ' +
    'help, and the first few help most.',
  before:
    'Each gate is open on the side of one cluster of the training images. The kernel knows the gates only through which ' +
    'of them two images share:',
  equation: gatedKernel,
  after:
    'The bias falls from M = 2 to 40 gates. Choose random half-spaces in stage 2 to see what learning the gates was ' +
    'worth.',
  source: 'ggdln/9',
  spec: {
    ggdln: 1,
    name: 'gates-without-labels',
    title: 'Gates learned without labels',
    seed: 9,
    temperature: 0.01,
    dataset: { use: 'mnist-small', task: 'odd-even', trainSize: 100, testSize: 200, pixels: 7 },
    gating: { use: 'k-means', alwaysOn: true },
    architecture: { use: 'ggdln', depth: 1, sigma: 1, width: 100 },
    sweep: { 'gating.gates': [2, 5, 10, 20, 40] },
    learners: [{ use: 'block-gibbs', sweeps: 300, batches: 40 }],
    theories: [
      { use: 'ggdln', at: { 'gating.gates': [2, 3, 5, 7, 10, 15, 20, 30, 40] } },
      { use: 'infinite-width', at: { 'gating.gates': [2, 3, 5, 7, 10, 15, 20, 30, 40] } },
    ],
    figure: { x: 'gating.gates', metrics: ['bias', 'variance'] },
  },
  agreement: { metric: 'bias', percent: 4 },
  sketch: {
    theory: [
      [2, 5],
      [12, 14],
      [24, 21],
      [40, 27],
      [60, 31],
      [80, 33],
      [98, 34],
    ],
    simulated: [
      [2, 5],
      [24, 21],
      [46, 29],
      [72, 32],
      [98, 34.5],
    ],
  },
};
