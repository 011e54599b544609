import type { TheoryPage } from '../theoryPage.ts';

const bpkrPackage = '@ggdln/theory/bpkr';

/** Deep linear networks. */
export const bpkr: TheoryPage = {
  id: 'bpkr',
  short: 'BPKR',
  title: 'Deep linear networks: back-propagating kernel renormalisation',
  summary:
    'Without gates learning multiplies the kernel by a number a layer. The posterior is known exactly at every width; its saddle point is one scalar equation.',
  source: {
    text: 'Li, Sompolinsky: Statistical Mechanics of Deep Linear Neural Networks, Phys. Rev. X 2021',
    arxiv: '2012.04030',
  },
  sections: [
    {
      id: '2',
      title: 'One output: a scalar a layer',
      text: [
        'Integrating the weights from the readout backwards leaves one positive number u a layer. Given their product s the output is a Gaussian process, at any width; for many examples and units the u settle at the saddle point.',
        'At T → 0 with P ≤ N₀ the mean prediction does not depend on s at all: width, depth and σ move only the variance.',
      ],
      equations: [
        'f \\mid s \\sim \\mathrm{GP}(0, s \\, k_0), \\quad s = \\prod_l u_l',
        'u_l = \\sigma^2 \\left( 1 - \\frac{g(s)}{N_l} \\right)',
        '\\Var f(x) = s ( \\kappa_0 - k_0^\\top K_0^{-1} k_0 )',
      ],
      computedBy: [
        { name: 'solveBpkr', from: bpkrPackage },
        { name: 'exactBpkr', from: bpkrPackage },
      ],
    },
    {
      id: '3',
      title: 'Several outputs',
      text: ['The number becomes a C × C matrix G. At the saddle point the factors of all layers commute.'],
      equations: ['G = \\sigma^{2L} \\prod_l \\left( I - \\frac{\\Gamma G}{N_l} \\right)'],
      computedBy: [{ name: 'solveBpkr', from: bpkrPackage }],
    },
    {
      id: '4',
      title: 'Hidden layers, and what is conserved',
      text: [
        'Only the directions of a layer that reach the output feel the data; the others stay at the prior. Every layer gains the same excess norm, at any width and temperature: the cheapest test of a sampler.',
      ],
      equations: [
        '\\frac{\\langle \\lVert \\theta_l \\rVert^2 \\rangle}{\\sigma^2} - n_l = - \\frac{1}{T} \\langle \\tr F^\\top ( F - Y ) \\rangle',
      ],
      computedBy: [{ name: 'layerGrams', from: bpkrPackage }],
    },
    {
      id: '5',
      title: 'Width, depth and noise',
      text: [
        'Compare σ to the power 2(L + 1) with r̂, the energy of the labels in the input kernel. Above it wider is worse, below it wider is better, and at equality width has no effect.',
      ],
      equations: ['\\hat{r} = \\frac{1}{P} \\, y^\\top \\left( \\frac{X X^\\top}{N_0} \\right)^{-1} y'],
      computedBy: [{ name: 'predictorErrors', from: bpkrPackage }],
    },
    {
      id: '6',
      title: 'Kernels of wide networks',
      text: [
        'The NNGP kernel is the prior covariance of the output, the tangent kernel the inner product of its gradients. Both follow layer by layer from the covariance of two inputs.',
      ],
      equations: ['A_{l+1} = q_l + \\sigma_{l+1}^2 \\, \\dot{q}_l \\, A_l'],
      computedBy: [
        { name: 'kernelMatrix', from: '@ggdln/theory/kernels' },
        { name: 'nngpPredictor', from: '@ggdln/theory/kernels' },
        { name: 'ntkPredictor', from: '@ggdln/theory/kernels' },
      ],
    },
    {
      id: '7',
      title: 'A heuristic for ReLU',
      text: [
        'Putting the ReLU kernel in place of the linear one gives a guess for gates that move with the weights. It is a heuristic: no limit is known in which it becomes exact.',
      ],
      equations: [],
      computedBy: [{ name: 'solveReluHeuristic', from: bpkrPackage }],
    },
    {
      id: '8',
      title: 'Exact sampling',
      text: [
        'Layers are drawn in turn from their conditional Gaussians; for one output independent draws are possible too, without burn-in.',
      ],
      equations: [],
      computedBy: [
        { name: 'blockGibbs', from: '@ggdln/learning' },
        { name: 'createExactSampler', from: bpkrPackage },
      ],
    },
  ],
};
