import type { GalleryItem } from '../galleryItem.ts';

/** XOR, solved exactly: the study `xor-race`. */
export const xorSolved: GalleryItem = {
  id: 'xor-solved',
  title: 'XOR, solved exactly',
  system: 'GDLN',
  lead:
    'Four gated pathways, one for each point, learn exclusive or along a sigmoid that is known in closed ' + 'form.',
  before: 'A pathway of strength a grows at the rate 1/√2, and the loss is',
  equation:
    '<math><mi>L</mi><mo>(</mo><mi>t</mi><mo>)</mo><mo>=</mo><mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac><msup><mrow><mo>(</mo><mn>1</mn><mo>−</mo><msqrt><mn>2</mn></msqrt><mi>a</mi><mo>(</mo><mi>t</mi><mo>)</mo><mo>)</mo></mrow><mn>2</mn></msup></math>',
  after:
    'ReLU networks from small random weights do the same, later: they are moved in time to pass a loss of ' +
    '¼ together. Their units end on the diagonals.',
  source: 'gdln/7',
  spec: {
    ggdln: 1,
    name: 'xor-solved',
    title: 'XOR, solved exactly',
    seed: 1,
    study: { use: 'xor-race', rate: 0.005, time: 20 },
  },
  agreement: { metric: 'loss', percent: 2 },
  // From the run itself.
  sketch: {
    theory: [
      [0, 2],
      [18, 3.1],
      [23, 4.2],
      [28, 6.4],
      [33, 10.2],
      [38, 16.1],
      [45, 27.1],
      [50, 32.9],
      [55, 36.1],
      [63, 37.7],
      [100, 38],
    ],
    simulated: [
      [0, 2],
      [10, 2.3],
      [20, 3.6],
      [30, 8.1],
      [40, 19.7],
      [50, 32.9],
      [60, 37.4],
      [70, 38],
      [80, 38],
      [90, 38],
      [98, 38],
    ],
  },
};
