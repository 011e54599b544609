import type { GalleryItem } from '../galleryItem.ts';

/** The neural race: the study `routing-race`. */
export const neuralRace: GalleryItem = {
  id: 'neural-race',
  title: 'The neural race',
  system: 'GDLN',
  lead:
    'Seven input and seven output domains share one hidden layer; four of seven pairs a row are trained. ' +
    'Do the others come out right?',
  before: 'Each mode is a race. The shared layer is driven by every trained pair at once, so it learns first:',
  equation:
    '<math><mfrac><mrow><mi>d</mi><msub><mi>b</mi><mn>2</mn></msub></mrow><mrow><mi>d</mi><mi>t</mi></mrow></mfrac><mo>=</mo><mfrac><mrow><mi>K</mi></mrow><mrow><mi>M</mi></mrow></mfrac><msub><mi>b</mi><mn>1</mn></msub><msub><mi>b</mi><mn>3</mn></msub><mo>(</mo><mrow><mi>s</mi><mo>−</mo><msub><mi>b</mi><mn>1</mn></msub><msub><mi>b</mi><mn>2</mn></msub><msub><mi>b</mi><mn>3</mn></msub></mrow><mo>)</mo><mo>,</mo><mspace width="1em"/><mfrac><mrow><mi>d</mi><msub><mi>b</mi><mn>1</mn></msub></mrow><mrow><mi>d</mi><mi>t</mi></mrow></mfrac><mo>=</mo><mfrac><mrow><mi>K</mi></mrow><mrow><msup><mi>M</mi><mn>2</mn></msup></mrow></mfrac><msub><mi>b</mi><mn>2</mn></msub><msub><mi>b</mi><mn>3</mn></msub><mo>(</mo><mrow><mi>s</mi><mo>−</mo><msub><mi>b</mi><mn>1</mn></msub><msub><mi>b</mi><mn>2</mn></msub><msub><mi>b</mi><mn>3</mn></msub></mrow><mo>)</mo></math>',
  after:
    'Loss falls in steps, mode by mode, and untrained pairs fall with it. Set the start scale to 2.5: ' +
    'trained pairs are fitted, the others are not.',
  source: 'gdln/5',
  first: ['pathwayRace'],
  spec: {
    ggdln: 1,
    name: 'neural-race',
    title: 'The neural race',
    seed: 1,
    study: { use: 'routing-race', domains: 7, partners: 4, hidden: 64, rate: 0.02, start: 0.2 },
  },
  agreement: { metric: 'singular value', percent: 0.01 },
  // From the run itself.
  sketch: {
    theory: [
      [0, 38],
      [11, 35.5],
      [13, 33.4],
      [16, 25.9],
      [19, 2],
      [100, 2],
      [0, 38],
      [19, 36.3],
      [27, 34.1],
      [32, 29.3],
      [35, 21.7],
      [37, 10.7],
      [100, 10.2],
      [0, 38],
      [35, 36.6],
      [48, 35.5],
      [59, 33.6],
      [67, 30.3],
      [72, 25.2],
      [77, 18],
      [83, 16.6],
      [100, 16.5],
    ],
    simulated: [
      [0, 37],
      [32, 2],
      [64, 2],
      [96, 2],
      [0, 37],
      [32, 25.4],
      [64, 10.2],
      [96, 10.1],
      [0, 37],
      [32, 34.7],
      [64, 26.9],
      [96, 16.5],
    ],
  },
};
