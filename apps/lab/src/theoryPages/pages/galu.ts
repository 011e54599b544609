import type { TheoryPage } from '../theoryPage.ts';

const galuPackage = '@ggdln/theory/galu';

/** Gated linear units. */
export const galu: TheoryPage = {
  id: 'galu',
  short: 'GaLU',
  title: 'GaLU: gates apart from linear maps',
  summary:
    'Every neuron has a fixed random gate and a linear part that learns. Fitting is linear algebra, and memorisation a matter of rank.',
  source: {
    text: 'Fiat, Malach, Shalev-Shwartz: Decoupling Gating from Linearity, 2019',
    arxiv: '1906.05032',
  },
  sections: [
    {
      id: '1',
      title: 'The network',
      text: [
        'k neurons on d inputs; a gate opens on one side of a random hyperplane. With gates equal to the linear parts it is a ReLU network.',
      ],
      equations: ['f(x) = \\frac{1}{\\sqrt{k}} \\sum_j \\alpha_j \\, g_j(x) \\, ( w_j \\cdot x )'],
      computedBy: [
        { name: 'createGalu', from: '@ggdln/architectures' },
        { name: 'galuMap', from: galuPackage },
      ],
    },
    {
      id: '2',
      title: 'A linear model in W',
      text: [
        'Training is a ridge or least-squares problem with a kernel that is the product of gate overlap and input overlap. The error of gradient descent is a sum over its eigenvalues.',
      ],
      equations: [
        'K = \\frac{1}{k} ( G G^\\top ) \\circ ( X X^\\top )',
        'L_t = \\frac{1}{2 m} \\sum_i \\left( 1 - \\frac{\\eta \\kappa_i}{m} \\right)^{2 t} ( v_i \\cdot r_0 )^2',
      ],
      computedBy: [
        { name: 'galuKernel', from: galuPackage },
        { name: 'galuMinimumNorm', from: galuPackage },
        { name: 'galuDynamics', from: galuPackage },
        { name: 'galuLimitKernels', from: galuPackage },
      ],
    },
    {
      id: '3',
      title: 'Memorisation',
      text: [
        'Random labels of m examples are fitted exactly once kd ≥ m; below, the share 1 − kd/m of their variance is left. Getting the signs right is easier: it is possible from about kd = m/2. An example for which every gate is closed can never be fitted.',
        'Near kd = m the smallest eigenvalue goes to zero, so plain descent needs many steps.',
      ],
      equations: ['\\mathrm{MSE} = 1 - \\frac{\\rank \\Phi}{m} \\approx 1 - \\frac{k d}{m}'],
      computedBy: [
        { name: 'galuMemorizationCurve', from: galuPackage },
        { name: 'galuGenericRank', from: galuPackage },
        { name: 'galuFeatureRank', from: galuPackage },
        { name: 'linearlySeparable', from: galuPackage },
      ],
    },
    {
      id: '4',
      title: 'Generalisation',
      text: [
        'A bound by the norm of the solution does not count neurons as long as the gates are fixed before the data are seen.',
      ],
      equations: ['\\frac{2 B \\sqrt{\\tr K}}{m}'],
      computedBy: [{ name: 'rademacherBound', from: galuPackage }],
    },
    {
      id: '5',
      title: 'Landscape',
      text: ['With learned output signs every critical point is a global minimum or a strict saddle.'],
      equations: [],
      computedBy: [{ name: 'galuLandscape', from: galuPackage }],
    },
    {
      id: '7',
      title: 'As a posterior, and beside GGDLN',
      text: [
        'The k gates play the part of the M global gates. As the width of a GGDLN grows its posterior becomes that of a GaLU network.',
      ],
      equations: ['K = \\frac{\\sigma^2}{k d} ( G G^\\top ) \\circ ( X X^\\top )'],
      computedBy: [{ name: 'galuPosterior', from: galuPackage }],
    },
  ],
};
