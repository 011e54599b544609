import type { GalleryItem } from '../galleryItem.ts';
import { gatedSaddle } from './equations.ts';

/** Odd against even digits: the first item, and the main job of the command line. */
export const doesWidthHelp: GalleryItem = {
  id: 'does-width-help',
  title: 'Does width help?',
  system: 'GGDLN',
  lead:
    'A gated deep linear network tells odd digits from even ones. The line is theory; the points are the same network, ' +
    'sampled exactly. Here wider is better.',
  before:
    'Fixed half-spaces decide which weights an image uses, so the posterior can be both solved and sampled. Learning ' +
    'changes the kernel only through one small matrix, U:',
  equation: gatedSaddle,
  after:
    'At infinite width U is σ²I and the kernel ignores the labels. At finite width B, which depends on them, stretches ' +
    'U, and the bias falls with width. Gradient descent ends in the posterior’s mode, not its mean.',
  source: 'ggdln/2',
  spec: {
    ggdln: 1,
    name: 'does-width-help',
    title: 'Does width help?',
    seed: 17,
    temperature: 0.01,
    dataset: { use: 'mnist-small', task: 'odd-even', trainSize: 100, testSize: 200, pixels: 7 },
    gating: { use: 'half-spaces', gates: 6, alwaysOn: true },
    architecture: { use: 'ggdln', depth: 1, sigma: 1 },
    sweep: { 'architecture.width': [10, 30, 100, 300, 1000] },
    learners: [
      { use: 'block-gibbs', sweeps: 600, batches: 40 },
      { use: 'gradient-descent', momentum: 0.99 },
    ],
    theories: [
      { use: 'ggdln', at: { 'architecture.width': [10, 14, 20, 30, 45, 70, 100, 150, 220, 300, 430, 620, 1000] } },
      { use: 'infinite-width' },
    ],
    figure: { x: 'architecture.width', metrics: ['bias', 'variance'] },
  },
  agreement: { metric: 'bias', percent: 1.5, from: 30 },
  sketch: {
    theory: [
      [2, 6],
      [18, 12],
      [34, 18],
      [50, 23],
      [66, 26],
      [82, 27.5],
      [98, 28],
    ],
    simulated: [
      [2, 6],
      [26, 15],
      [50, 23],
      [74, 27],
      [98, 28],
    ],
  },
};
