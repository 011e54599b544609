import type { GalleryItem } from '../galleryItem.ts';

/** How much can it memorise: the study `memorisation`. */
export const howMuchMemory: GalleryItem = {
  id: 'how-much-can-it-memorise',
  title: 'How much can it memorise?',
  system: 'GaLU',
  lead: 'With fixed gates, fitting random labels is linear algebra. Networks of three sizes fall on one ' + 'curve.',
  before: 'k units of d weights fit m random labels with the error',
  equation:
    '<math><mo>⟨</mo><msup><mrow><mo>(</mo><mrow><mi>f</mi><mo>−</mo><mi>y</mi></mrow><mo>)</mo></mrow><mn>2</mn></msup><mo>⟩</mo><mo>=</mo><mi>max</mi><mo>(</mo><mrow><mn>1</mn><mo>−</mo><mfrac><mrow><mi>k</mi><mi>d</mi></mrow><mrow><mi>m</mi></mrow></mfrac><mo>,</mo><mn>0</mn></mrow><mo>)</mo></math>',
  after:
    'Values are fitted exactly from kd = m on; signs alone can be separated from about half of that. ' +
    'Gradient descent is slow near kd = m, where the smallest eigenvalue vanishes.',
  source: 'galu/3',
  spec: {
    ggdln: 1,
    name: 'how-much-can-it-memorise',
    title: 'How much can it memorise?',
    seed: 1,
    study: { use: 'memorisation', inputs: 200, dimension: 10 },
  },
  agreement: { metric: 'error', percent: 12 },
  // From the run itself.
  sketch: {
    theory: [
      [0, 2],
      [66, 37.8],
      [100, 38],
    ],
    simulated: [
      [17, 11.1],
      [27, 16.5],
      [33, 20.1],
      [40, 24],
      [50, 29.2],
      [60, 34.5],
      [67, 38],
      [83, 38],
      [100, 38],
    ],
  },
};
