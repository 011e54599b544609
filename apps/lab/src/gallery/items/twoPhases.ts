import type { GalleryItem } from '../galleryItem.ts';

/** Two phases of learning: the study `two-phases`. */
export const twoPhases: GalleryItem = {
  id: 'two-phases-of-learning',
  title: 'Two phases of learning',
  system: 'NDK',
  lead:
    'Noisy descent first finds the tangent kernel’s answer, then drifts slowly to the Bayesian one. ' +
    'Stopping in between can be best.',
  before: 'The mean output of a wide network follows an integral equation:',
  equation:
    '<math><mi>f</mi><mo>(</mo><mi>x</mi><mo>,</mo><mi>t</mi><mo>)</mo><mo>=</mo><msubsup><mo>∫</mo><mn>0</mn><mi>t</mi></msubsup><mi>d</mi><msup><mi>t</mi><mo>′</mo></msup><msup><mi>K</mi><mi>d</mi></msup><mo>(</mo><mi>t</mi><mo>,</mo><msup><mi>t</mi><mo>′</mo></msup><mo>)</mo><mo>[</mo><mi>y</mi><mo>−</mo><mi>f</mi><mo>(</mo><mi>X</mi><mo>,</mo><msup><mi>t</mi><mo>′</mo></msup><mo>)</mo><mo>]</mo></math>',
  after:
    'The first phase takes 1/λ, the second σ²/T. Points are pairs of networks of finite width; what is ' +
    'left beyond their bars is of order P/N.',
  source: 'ndk/6',
  first: ['phases'],
  spec: {
    ggdln: 1,
    name: 'two-phases-of-learning',
    title: 'Two phases of learning',
    seed: 1,
    study: { use: 'two-phases', examples: 12, depth: 2, sigma0: 3, temperature: 0.1, width: 80, pairs: 12 },
  },
  agreement: { metric: 'test error', percent: 5 },
  // From the run itself.
  sketch: {
    theory: [
      [0, 2],
      [9, 3.3],
      [19, 6.7],
      [26, 10.1],
      [41, 21.6],
      [48, 25.2],
      [64, 30.1],
      [81, 37],
      [87, 37.8],
      [96, 35.9],
      [100, 36],
    ],
    simulated: [
      [16, 6.2],
      [29, 13.4],
      [41, 22.1],
      [55, 28.2],
      [68, 31.6],
      [81, 37.2],
      [94, 38],
      [100, 35.3],
    ],
  },
};
