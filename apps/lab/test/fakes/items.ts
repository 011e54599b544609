import type { GalleryItem } from '../../src/gallery/galleryItem.ts';

const spec = {
  ggdln: 1,
  name: 'does-width-help',
  title: 'Does width help?',
  seed: 11,
  temperature: 0.01,
  dataset: { use: 'noisy-teacher', trainSize: 40, inputs: 20, testSize: 60 },
  gating: { use: 'half-spaces', gates: 3 },
  architecture: { use: 'ggdln', sigma: 1 },
  learners: [{ use: 'block-gibbs', sweeps: 600 }],
  theories: [{ use: 'ggdln' }, { use: 'infinite-width' }],
  sweep: { 'architecture.width': [10, 30, 100] },
};

/** Items enough to look at the page with; none is shipped. */
export const fakeItems: readonly GalleryItem[] = [
  ['does-width-help', 'GGDLN', 'Does width help?'],
  ['narrow-is-better', 'GGDLN', 'Narrow is better'],
  ['learned-gates', 'GGDLN', 'Gates learned without labels'],
  ['two-tasks', 'GGDLN', 'Two tasks, opposite labels'],
  ['width-rescales', 'BPKR', 'Width only rescales'],
  ['race', 'GDLN', 'The neural race'],
].map(([id, system, title], i) => ({
  id,
  system,
  title,
  lead: 'A gated deep linear network tells odd digits from even ones. The line is theory; the points are the same network, sampled exactly.',
  before:
    'Half-spaces decide which weights an image uses. Learning changes the kernel only through one small matrix, U:',
  equation:
    '<math display="block"><msup><mi>U</mi><mrow><mo>−</mo><mn>1</mn></mrow></msup><mo>=</mo><mfrac><mi>I</mi><msup><mi>σ</mi><mn>2</mn></msup></mfrac><mo>+</mo><mi>A</mi><mo>−</mo><mi>B</mi></math>',
  after: 'At infinite width the kernel ignores the labels.',
  source: 'ggdln/2',
  spec: { ...spec, name: id, seed: 11 + i },
  agreement: { metric: 'bias', percent: 2, from: 30 },
  sketch: {
    theory: [0, 20, 40, 60, 80, 100].map((x) => [x, 5 + 30 * (1 - Math.exp(-x / 30)) * (i % 2 ? 0.5 : 1)] as const),
    simulated: [10, 40, 70].map((x) => [x, 5 + 30 * (1 - Math.exp(-x / 30)) * (i % 2 ? 0.5 : 1)] as const),
  },
}));
