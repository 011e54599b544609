import type { GalleryItem } from '../galleryItem.ts';
import { scalarSaddle } from './equations.ts';

/** Deep linear networks without gates. */
export const widthOnlyRescales: GalleryItem = {
  id: 'width-only-rescales',
  title: 'Width only rescales',
  system: 'BPKR',
  lead:
    'Without gates, learning multiplies the kernel by one number. The mean prediction does not move with the width; ' +
    'only the variance does, and σ decides which way.',
  before:
    'A deep linear network, fewer examples than inputs, almost no noise. The order parameter is one scalar, and it ' +
    'drops out of the mean:',
  equation: scalarSaddle,
  after:
    'Flat bias, three fans of variance: for small σ wider is better, for large σ worse, and neutral where the scaled ' +
    'kernel matches the size of the targets.',
  source: 'bpkr/2',
  spec: {
    ggdln: 1,
    name: 'width-only-rescales',
    title: 'Width only rescales',
    seed: 2,
    temperature: 0.01,
    dataset: { use: 'noisy-teacher', inputs: 40, trainSize: 30, testSize: 200, noise: 0.5 },
    gating: { use: 'always-on' },
    architecture: { use: 'dln', depth: 1 },
    sweep: { 'architecture.sigma': [0.5, 1, 1.5], 'architecture.width': [40, 100, 300, 1000] },
    learners: [{ use: 'block-gibbs', sweeps: 400, batches: 40 }],
    theories: [{ use: 'bpkr', at: { 'architecture.width': [40, 50, 70, 100, 150, 200, 300, 500, 700, 1000] } }],
    figure: { x: 'architecture.width', metrics: ['variance', 'bias'] },
  },
  agreement: { metric: 'variance', percent: 6 },
  sketch: {
    theory: [
      [2, 16],
      [26, 11],
      [50, 7],
      [74, 4],
      [98, 3],
    ],
    simulated: [
      [2, 16],
      [34, 9],
      [66, 5],
      [98, 3],
    ],
  },
};
