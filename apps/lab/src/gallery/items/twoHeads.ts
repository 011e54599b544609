import type { GalleryItem } from '../galleryItem.ts';

/** Keep or lose the old head: the study `two-heads`. */
export const twoHeads: GalleryItem = {
  id: 'keep-or-lose-the-old-head',
  title: 'Keep or lose the old head',
  system: 'Continual learning',
  lead:
    'A second task comes with a head of its own. It either reuses the old one or loses it, in a sharp ' + 'transition.',
  before:
    'With more data than width, α > 1, and hidden weights pulled to the old ones, the critical similarity ' +
    'of the rules is',
  equation:
    '<math><msub><mi>γ</mi><mtext>rule</mtext></msub><mo>=</mo><msup><mi>α</mi><mrow><mo>−</mo><mn>1</mn><mo>/</mo><mn>4</mn></mrow></msup></math>',
  after:
    'Above it the heads overlap, c² > 0. Below it the second head grows as √λ, and curves for different λ ' +
    'separate. Finite networks round the transition.',
  source: 'continual/6',
  spec: {
    ggdln: 1,
    name: 'keep-or-lose-the-old-head',
    title: 'Keep or lose the old head',
    seed: 1,
    study: { use: 'two-heads', load: 3, width: 60, draws: 12 },
  },
  agreement: { metric: 'overlap', percent: 2, from: 0.9 },
  // From the run itself.
  sketch: {
    theory: [
      [0, 38],
      [33, 36.6],
      [49, 34.8],
      [62, 31.8],
      [67, 29.8],
      [74, 24.5],
      [90, 7.3],
      [100, 2.2],
      [0, 38],
      [54, 37.6],
      [69, 36.8],
      [74, 35.4],
      [82, 18.7],
      [87, 10.9],
      [90, 7.6],
      [100, 2],
    ],
    simulated: [
      [27, 36.6],
      [59, 32.7],
      [69, 27.4],
      [82, 16.4],
      [90, 7.3],
      [98, 3],
      [27, 37.5],
      [59, 35.3],
      [69, 33.2],
      [82, 22.7],
      [90, 7.5],
      [98, 3],
    ],
  },
};
