import type { TheoryPage } from '../theoryPage.ts';

/** Gated linear networks. */
export const gln: TheoryPage = {
  id: 'gln',
  short: 'GLN',
  title: 'Gated linear networks',
  summary:
    'Every neuron predicts the target itself and learns online from its own convex loss; fixed contexts choose its weights. Nothing is propagated back.',
  source: { text: 'Veness et al.: Gated Linear Networks, AAAI 2021', arxiv: '1910.01526' },
  sections: [
    {
      id: '1',
      title: 'Geometric mixing',
      text: [
        'A neuron weighs the logits of the layer below with the weights of its context, and changes only those. What other contexts know stays bit for bit, which is why little is forgotten.',
      ],
      equations: ['p = \\frac{1}{1 + \\exp( - w \\cdot \\ell )}', 'w \\to w - \\eta ( p - y ) \\, \\ell'],
      computedBy: [
        { name: 'createBernoulliGln', from: '@ggdln/architectures' },
        { name: 'bernoulliLearner', from: '@ggdln/learning' },
      ],
    },
    {
      id: '2',
      title: 'Task after task',
      text: [
        'Resistance to forgetting comes from fine contexts: with few bits a gated linear network forgets as much as a multilayer perceptron.',
      ],
      equations: [],
      computedBy: [
        { name: 'online', from: '@ggdln/learning' },
        { name: 'oneVsAllLearner', from: '@ggdln/learning' },
      ],
    },
    {
      id: '3',
      title: 'Gaussian networks',
      text: [
        'Signals are means with variances; a neuron multiplies the Gaussians below with its weights as exponents.',
      ],
      equations: ['\\frac{1}{v} = \\sum_j \\frac{w_j}{v_j}, \\quad \\mu = v \\sum_j \\frac{w_j \\mu_j}{v_j}'],
      computedBy: [
        { name: 'createGaussianGln', from: '@ggdln/architectures' },
        { name: 'gaussianLearner', from: '@ggdln/learning' },
      ],
    },
  ],
};
