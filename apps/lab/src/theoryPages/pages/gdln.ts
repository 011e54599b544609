import type { TheoryPage } from '../theoryPage.ts';

const race = '@ggdln/theory/race';

/** Gated deep linear networks on graphs. */
export const gdln: TheoryPage = {
  id: 'gdln',
  short: 'GDLN',
  title: 'Gated deep linear networks and the neural race',
  summary:
    'Linear maps on the edges of a graph, switched on and off by gates that belong to the data. Gradient descent reduces to pathways that race for the same correlations, and shared pathways win.',
  source: {
    text: 'Saxe, Sodhani, Lewallen: The Neural Race Reduction, ICML 2022',
    arxiv: '2207.10430',
  },
  sections: [
    {
      id: '1',
      title: 'Graph, gates, paths',
      text: [
        'Each example carries a gate for every node and edge. The output is a sum over paths from inputs to outputs; a path contributes where all its gates are open.',
      ],
      equations: ['h_v = g_v \\sum_e g_e W_e h_{s(e)}'],
      computedBy: [{ name: 'trainGatedUnits', from: race }],
    },
    {
      id: '2',
      title: 'Gradient flow in correlations',
      text: [
        'The data enter only through one correlation matrix a path and one for each pair of paths. For every hidden node the difference of the norms of outgoing and incoming weights is conserved.',
      ],
      equations: [
        '\\tau \\dot{W}_e = \\sum_p W_{\\mathrm{after}}^\\top \\left[ \\Sigma^{yx}(p) - \\sum_j W_j \\Sigma^x(j, p) \\right] W_{\\mathrm{before}}^\\top',
      ],
      computedBy: [{ name: 'scalarRace', from: race }],
    },
    {
      id: '3',
      title: 'The race',
      text: [
        'Where the correlations share singular vectors and the start is aligned with them, every mode obeys a scalar equation of its own. Of pathways that could explain the same correlation the fastest takes nearly all of it, the more so the smaller the start.',
      ],
      equations: ['\\tau \\dot{a}_i = n \\, a_i^{2 - 2/n} \\left( s_i - \\sum_j D_{ij} a_j \\right)'],
      computedBy: [
        { name: 'raceModes', from: race },
        { name: 'scalarRace', from: race },
        { name: 'competingPathways', from: race },
      ],
    },
    {
      id: '4',
      title: 'Exact solutions; XOR',
      text: [
        'Two layers from a balanced start follow a logistic curve. XOR with one pathway an example consists of four equal ones; the loss starts at 1/2 and falls at the rate 1/√2. A ReLU network from small weights follows it and ends on the diagonals.',
      ],
      equations: [
        'a(t) = \\frac{s / d}{1 + \\left( \\frac{s}{d a_0} - 1 \\right) \\exp( - 2 s t / \\tau )}',
        'L(t) = \\frac{1}{2} ( 1 - \\sqrt{2} \\, a(t) )^2',
      ],
      computedBy: [
        { name: 'balancedStrength', from: race },
        { name: 'unbalancedStrength', from: race },
        { name: 'xorRace', from: race },
      ],
    },
    {
      id: '5',
      title: 'The routing network',
      text: [
        'M input and M output domains share one hidden layer; K of the M pairs in a row are trained. Every trained pair drives the shared layer, so it learns faster than private routes would, and untrained pairs come out right. From a large start private solutions survive and transfer fails.',
      ],
      equations: [
        '\\dot{b}_1 = \\frac{K}{M^2} b_2 b_3 ( s - b_1 b_2 b_3 ), \\quad \\dot{b}_2 = \\frac{K}{M} b_1 b_3 ( s - b_1 b_2 b_3 )',
        '\\mathrm{speed-up} = \\frac{K \\sqrt{M - 1}}{\\arctan \\sqrt{M - 1}}',
      ],
      computedBy: [
        { name: 'routingRace', from: race },
        { name: 'routingClosedForm', from: race },
        { name: 'trainRoutingNetwork', from: race },
        { name: 'sharedRouteSpeedUp', from: race },
      ],
    },
    {
      id: '5.1',
      title: 'Singular values of the shared layer',
      text: [
        'From a small start the modes leave one after the other, in the order of the singular values of the target. The shared layer ends about √M times larger than encoders and decoders.',
      ],
      equations: ['b_2 \\to ( M s )^{1/3}'],
      computedBy: [{ name: 'routingClosedForm', from: race }],
    },
    {
      id: '6',
      title: 'Many domains of one classification',
      text: [
        'Inputs are transformed and classes relabelled in M ways each; only some pairs are trained. Accuracy on pairs never seen is high when enough are trained and the start is small.',
      ],
      equations: [],
      computedBy: [{ name: 'trainRoutingNetwork', from: race }],
    },
    {
      id: '7',
      title: 'What it says of ReLU networks',
      text: [
        'With gates frozen at the current pattern, output and gradient of a ReLU network are those of the gated network. As long as no pattern changes the whole trajectory agrees.',
      ],
      equations: [],
      computedBy: [{ name: 'trainGatedUnits', from: race }],
    },
  ],
};
