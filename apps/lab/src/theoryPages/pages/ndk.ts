import type { TheoryPage } from '../theoryPage.ts';

const ndkPackage = '@ggdln/theory/ndk';

/** Noisy learning of wide networks. */
export const ndk: TheoryPage = {
  id: 'ndk',
  short: 'NDK',
  title: 'The neural dynamical kernel: from NTK to NNGP',
  summary:
    'A wide network that learns with noise has two phases: it first fits the data as its tangent kernel says, then drifts among solutions until it is the Bayesian answer.',
  source: {
    text: 'Avidan, Li, Sompolinsky: Connecting NTK and NNGP, 2023',
    arxiv: '2309.04522',
  },
  sections: [
    {
      id: '1',
      title: 'Langevin learning',
      text: [
        'Gradient descent on the summed squared error, decay of the weights, and noise of temperature T. Its stationary state is the posterior. Without data weights forget their start in the time τc.',
      ],
      equations: [
        'd \\Theta = - \\left( \\nabla E + \\frac{T}{\\sigma^2} \\Theta \\right) d t + \\sqrt{2 T} \\, d B',
        '\\tau_c = \\frac{\\sigma^2}{T}',
      ],
      computedBy: [
        { name: 'langevin', from: '@ggdln/learning' },
        { name: 'langevinEnsemble', from: '@ggdln/learning' },
      ],
    },
    {
      id: '2',
      title: 'The equation of the mean predictor',
      text: [
        'At infinite width the output obeys a linear integral equation whose kernel compares gradients at two times.',
      ],
      equations: ['f(x, t) = \\int_0^t K^d(x, X; t, t^\\prime) \\, [ y - f(X, t^\\prime) ] \\, d t^\\prime'],
      computedBy: [
        { name: 'ndkMean', from: ndkPackage },
        { name: 'planNdk', from: ndkPackage },
      ],
    },
    {
      id: '3',
      title: 'Kernels at two times',
      text: ['The kernel of the dynamics is the tangent kernel between two times, times the memory of the weights.'],
      equations: ['K^d = \\exp\\left( - \\frac{| t - t^\\prime |}{\\tau_c} \\right) \\Theta_L(t, t^\\prime)'],
      computedBy: [{ name: 'ndkKernel', from: ndkPackage }],
    },
    {
      id: '4',
      title: 'Linear and gated networks',
      text: [
        'With fixed gates the memory is a single exponential: the integral equation is a differential equation, and every number is exact.',
      ],
      equations: ['\\dot{f} = \\kappa(t) \\, \\Gamma ( y - f ) - \\frac{L + 1}{\\tau_c} f'],
      computedBy: [{ name: 'gatedNdk', from: ndkPackage }],
    },
    {
      id: '5',
      title: 'Spread of the predictor',
      text: [
        'Noise and random start spread the output. Its variance comes from the same kernels, integrated backwards from the time that is asked for.',
      ],
      equations: [],
      computedBy: [{ name: 'ndkVariance', from: ndkPackage }],
    },
    {
      id: '6',
      title: 'Two phases',
      text: [
        'In a time of order 1/λ, with λ an eigenvalue of the tangent kernel, the training set is fitted: the first plateau. Over times of order τc the network drifts to the posterior mean: the second. Between them the test error may pass through a minimum or a maximum.',
      ],
      equations: [
        'f \\to \\Theta_x \\Theta^{-1} y \\quad ( t \\ll \\tau_c )',
        'f \\to Q_x ( Q + T I )^{-1} y \\quad ( t \\gg \\tau_c )',
      ],
      computedBy: [
        { name: 'ndkDiffusivePhase', from: ndkPackage },
        { name: 'ndkGradientPhase', from: ndkPackage },
        { name: 'ndkEquilibrium', from: ndkPackage },
      ],
    },
    {
      id: '7',
      title: 'Representational drift',
      text: [
        'Long after the error has settled the features keep moving. A readout that is learned again works as well as before; one that was frozen loses its task over τc, with zero initial slope.',
      ],
      equations: [
        '\\frac{f(\\Delta)}{f(0)} = ( 1 + \\rho ) \\, \\exp( - \\rho ), \\quad \\rho = \\frac{\\Delta}{\\tau_c} \\quad ( \\text{linear,~} L = 1 )',
      ],
      computedBy: [
        { name: 'ndkFrozenReadout', from: ndkPackage },
        { name: 'ndkFrozenReadoutEquilibrium', from: ndkPackage },
      ],
    },
  ],
};
