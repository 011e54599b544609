import type { GalleryItem } from '../galleryItem.ts';

/** What is forgotten: the study `forgetting`. */
export const whatIsForgotten: GalleryItem = {
  id: 'what-is-forgotten',
  title: 'What is forgotten?',
  system: 'Continual learning',
  lead: 'A wide ReLU network learns six related tasks, one after the other. How much of the first ones is ' + 'left?',
  before: 'Each new task moves the outputs on an old one by what the tasks’ kernels share:',
  equation:
    '<math><msub><mi>δ</mi><mn>1</mn></msub><mo>=</mo><msub><mi>K</mi><mn>12</mn></msub><msubsup><mi>K</mi><mn>22</mn><mrow><mo>−</mo><mn>1</mn></mrow></msubsup><mo>(</mo><mrow><msub><mi>y</mi><mn>2</mn></msub><mo>−</mo><msub><mi>K</mi><mn>21</mn></msub><msubsup><mi>K</mi><mn>11</mn><mrow><mo>−</mo><mn>1</mn></mrow></msubsup><msub><mi>y</mi><mn>1</mn></msub></mrow><mo>)</mo></math>',
  after:
    'Similar inputs with other rules forget most. Theory is for N → ∞; a single network differs from it ' +
    'by order 1/√N.',
  source: 'continual/4',
  spec: {
    ggdln: 1,
    name: 'what-is-forgotten',
    title: 'What is forgotten?',
    seed: 1,
    study: {
      use: 'forgetting',
      tasks: 6,
      examples: 10,
      features: 30,
      inputSimilarity: 0.7,
      ruleSimilarity: 0.7,
      width: 1500,
      networks: 6,
    },
  },
  agreement: { metric: 'forgetting', percent: 10 },
  // From the run itself.
  sketch: {
    theory: [
      [0, 10.0],
      [25, 37.9],
      [50, 26.0],
      [75, 2.0],
      [100, 15.4],
    ],
    simulated: [
      [0, 10.1],
      [25, 38.0],
      [50, 26.9],
      [75, 3.3],
      [100, 16.4],
    ],
  },
};
