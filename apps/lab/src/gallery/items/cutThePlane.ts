import type { GalleryItem } from '../galleryItem.ts';
import { gatedSaddle } from './equations.ts';

/** Half-spaces to drag. */
export const cutThePlane: GalleryItem = {
  id: 'cut-the-plane',
  title: 'Cut the plane yourself',
  system: 'GGDLN',
  lead:
    'Three half-spaces cut the input plane; in every piece the network is linear. Drag a line, and mean, deviation and ' +
    'U follow.',
  before:
    'A noisy ReLU teacher in two dimensions. Move the lines in the gate panel: while you drag, the theory is solved; ' +
    'when you let go, press Space to sample.',
  equation: gatedSaddle,
  after:
    'Lines that lie where the teacher bends lower the bias. The arrow keys turn a line, + and − shift it, n adds one, ' +
    'Delete removes it.',
  source: 'ggdln/9',
  first: ['gates', 'prediction', 'order'],
  spec: {
    ggdln: 1,
    name: 'cut-the-plane',
    title: 'Cut the plane yourself',
    seed: 5,
    temperature: 0.05,
    dataset: { use: 'noisy-teacher', teacher: 'relu', inputs: 2, trainSize: 40, testSize: 400 },
    gating: { use: 'drawn-half-spaces', angles: [20, 140, 260], thresholds: [0, 0, 0] },
    architecture: { use: 'ggdln', depth: 1, sigma: 1 },
    sweep: { 'architecture.width': [10, 30, 100, 300] },
    learners: [{ use: 'block-gibbs', sweeps: 700, batches: 40 }],
    theories: [
      { use: 'ggdln', at: { 'architecture.width': [10, 15, 20, 30, 50, 70, 100, 150, 200, 300] } },
      { use: 'infinite-width' },
    ],
    figure: { x: 'architecture.width', metrics: ['bias', 'variance'] },
  },
  agreement: { metric: 'bias', percent: 3, from: 30 },
  sketch: {
    theory: [
      [2, 4],
      [18, 10],
      [34, 16],
      [50, 22],
      [66, 27],
      [82, 31],
      [98, 34],
    ],
    simulated: [
      [2, 1],
      [34, 15],
      [66, 27],
      [98, 34],
    ],
  },
};
