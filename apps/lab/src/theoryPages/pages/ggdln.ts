import type { TheoryPage } from '../theoryPage.ts';

const theory = '@ggdln/theory';

/** Globally gated deep linear networks. */
export const ggdln: TheoryPage = {
  id: 'ggdln',
  short: 'GGDLN',
  title: 'Globally gated deep linear networks',
  summary:
    'Fixed gates choose which weights an input uses, the same for all units of a layer. The network is linear in every layer, so its posterior is solved at finite width: learning reshapes the kernel through one small matrix U.',
  source: {
    text: 'Li, Sompolinsky: Globally Gated Deep Linear Networks, NeurIPS 2022',
    arxiv: '2210.17449',
  },
  sections: [
    {
      id: '1',
      title: 'The network and its posterior',
      text: [
        'M gates g(x) look at the input and never at the labels. Each hidden unit has one readout weight a gate; weights have a Gaussian prior of variance σ², and training at temperature T gives the posterior.',
        'Deterministic training with weight decay ends in the mode of the same density. Its predictions leave the mean when the network is wide compared with the number of examples.',
      ],
      equations: [
        'f(x) = \\frac{1}{\\sqrt{N M}} \\sum_{i,m} a_i^m \\, g_m(x) \\, h_i(x)',
        'P(\\Theta) \\propto \\exp\\left( - \\frac{E}{T} - \\frac{\\lVert \\Theta \\rVert^2}{2 \\sigma^2} \\right)',
      ],
      computedBy: [{ name: 'createGgdln', from: '@ggdln/architectures' }],
    },
    {
      id: '2',
      title: 'One hidden layer: the saddle point',
      text: [
        'Given the readout the output is a Gaussian process whose kernel depends on the readout only through U, its M × M second moment. For many examples and units U stops fluctuating and solves a matrix equation: A pulls it below the prior because data are fitted at all, B stretches it along what the labels ask for.',
        'Exact as P and N grow at fixed M; corrections are of order M/N. The theoretical variance leaves out the fluctuation of U, so sampled variances lie above it by about 1/N.',
      ],
      equations: [
        'K(U) = \\frac{\\sigma^2}{M} K_0 \\circ ( \\Phi U \\Phi^\\top )',
        'U^{-1} = \\frac{I}{\\sigma^2} + A - B',
        '\\langle f(x) \\rangle = k^\\top (K + T I)^{-1} y',
      ],
      computedBy: [
        { name: 'solveGgdln', from: theory },
        { name: 'solveGgdlnWidths', from: theory },
        { name: 'infiniteWidthPredictor', from: theory },
      ],
    },
    {
      id: '3',
      title: 'Several hidden layers',
      text: [
        'Every layer has an order parameter of its own; its gates multiply those above, so U of the first layer has as many rows as there are combinations of gates. Upper layers follow from the one below in closed form.',
      ],
      equations: ['C_l = \\sigma^2 \\, U_{l+1} \\otimes I', 'K = s \\, K_0 \\circ ( F U_1 F^\\top )'],
      computedBy: [{ name: 'solveGgdln', from: theory }],
    },
    {
      id: '5',
      title: 'How it is solved',
      text: [
        'A monotone update bounds the action from above and minimises the bound exactly; it needs no step size and keeps U positive definite. Anderson mixing makes it several times faster. The residual that is shown is dimensionless and does not depend on the basis of the gates.',
      ],
      equations: ['\\max_l \\lVert \\frac{2}{N_l} \\Lambda_l^\\top G_l \\Lambda_l \\rVert_{\\max} < 10^{-8}'],
      computedBy: [{ name: 'solveGgdln', from: theory }],
    },
    {
      id: '6',
      title: 'Low temperature and capacity',
      text: [
        'The network computes one linear map a gate, so it fits at most N₀M generic examples once N is at least the smaller of M and N₀. An input for which every gate is closed gets the output 0; an always-on gate or T > 0 avoids it, and the count is reported.',
      ],
      equations: ['P_{\\max} = N_0 M', '\\rank K \\le N_0 \\, \\rank F'],
      computedBy: [{ name: 'solveGgdln', from: theory }],
    },
    {
      id: '7',
      title: 'Identities that check a run',
      text: [
        'The virial sum vanishes at the saddle point, and as an average over exact samples at any finite width: the sharpest test of a sampler, shown with its standard error. At infinite width U is σ²I and the kernel ignores the labels.',
      ],
      equations: ['N \\left[ \\frac{\\tr U}{\\sigma^2} - M \\right] + \\tr (H K) - \\beta^\\top K \\beta = 0'],
      computedBy: [
        { name: 'solveGgdln', from: theory },
        { name: 'oneGateLimit', from: theory },
      ],
    },
    {
      id: '8',
      title: 'Exact sampling',
      text: [
        'Given all other layers, the output is linear in the weights of one layer, so each layer is drawn exactly from its conditional Gaussian. Sweeps through the layers sample the posterior at finite width without a step size. Estimates use the conditional mean given U, which has less noise than the drawn output.',
      ],
      equations: ['w = w_0 + \\sigma^2 A^\\top ( \\sigma^2 A A^\\top + T I )^{-1} ( y - A w_0 - \\sqrt{T} \\, \\xi )'],
      computedBy: [{ name: 'blockGibbs', from: '@ggdln/learning' }],
    },
    {
      id: '9',
      title: 'Gates',
      text: [
        'Random half-spaces open on one side of a hyperplane. Gates may be learned without labels, from clusters or principal directions, or read a task code of strength λ. The theory holds for any of them, given the gates.',
        'With many random half-spaces the overlap of the gates depends on the angle between two inputs alone.',
      ],
      equations: [
        'g_m(x) = \\Theta \\left( \\frac{V_m \\cdot x}{\\sqrt{N_0}} - b \\right)',
        '\\kappa(\\theta) = \\frac{\\pi - \\theta}{2 \\pi}',
      ],
      computedBy: [
        { name: 'halfSpaces', from: '@ggdln/gating' },
        { name: 'kMeans', from: '@ggdln/gating' },
        { name: 'taskCode', from: '@ggdln/gating' },
        { name: 'halfSpaceOverlap', from: theory },
      ],
    },
  ],
};
