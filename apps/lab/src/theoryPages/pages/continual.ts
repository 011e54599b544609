import type { TheoryPage } from '../theoryPage.ts';

const continualPackage = '@ggdln/theory/continual';

/** Task after task. */
export const continual: TheoryPage = {
  id: 'continual',
  short: 'Continual',
  title: 'Continual learning of wide networks',
  summary:
    'Tasks come one after the other, and each is learned close to the weights of the last. Two similarities of tasks say how much is forgotten; with a head a task there are sharp transitions.',
  source: {
    text: 'Shan, Li, Sompolinsky: Order parameters and phase transitions of continual learning, 2024',
    arxiv: '2407.10315',
  },
  sections: [
    {
      id: '1',
      title: 'A chain of posteriors',
      text: [
        'The weights of a task are drawn given those of the task before, held close by the stiffness λ. Later data never act back on earlier weights.',
      ],
      equations: [
        'P(\\Theta_t \\mid \\Theta_{t-1}) \\propto \\exp\\left( - \\beta E_t - \\frac{\\lambda}{2} \\lVert \\Theta_t - \\Theta_{t-1} \\rVert^2 - \\frac{\\lVert \\Theta_t \\rVert^2}{2 \\sigma^2} \\right)',
      ],
      computedBy: [{ name: 'sampleTaskChain', from: '@ggdln/learning' }],
    },
    {
      id: '2',
      title: 'One head, finite λ',
      text: [
        'The output after every task is Gaussian; what each task adds has a kernel of its own, made from networks that share their history up to it. Exact at infinite width.',
      ],
      equations: ['\\langle f_t(x) \\rangle = \\sum_{s \\le t} C_s(t, s; x, X_s) \\, r_s'],
      computedBy: [
        { name: 'continualGibbs', from: continualPackage },
        { name: 'weightVariances', from: continualPackage },
      ],
    },
    {
      id: '3',
      title: 'The limit of large λ',
      text: [
        'The first task is learned with the NNGP kernel, each later one as a tangent-kernel correction of what was there.',
      ],
      equations: ['f_t(x) = f_{t-1}(x) + K(x, X_t) K_{tt}^{-1} ( Y_t - f_{t-1}(X_t) )'],
      computedBy: [{ name: 'continualLimit', from: continualPackage }],
    },
    {
      id: '4',
      title: 'Forgetting and what predicts it',
      text: [
        'F(t, s) is the squared error on task s after task t. γ feature is the overlap of the spaces that two tasks use, γ rule the cosine of what they learned; together they predict the forgetting.',
      ],
      equations: [
        'F_{t,s} = \\frac{1}{P} \\lVert f_t(X_s) - Y_s \\rVert^2',
        '\\gamma_{\\mathrm{feature}} = \\frac{1}{P} \\tr K_{11}^{-1} K_{12} K_{22}^{-1} K_{21}',
      ],
      computedBy: [
        { name: 'forgettingMatrix', from: continualPackage },
        { name: 'continualOrderParameters', from: continualPackage },
        { name: 'orderParameterMatrices', from: continualPackage },
      ],
    },
    {
      id: '6',
      title: 'A head a task: three phases',
      text: [
        'With fewer examples than units (α < 1) the old features fit the new task. Above it the new head either reuses the old one or loses it in a sharp transition; beyond, the size u of the new head grows as √λ and with it the variance on new inputs.',
        'For equal inputs, σ = 1 and α = 3 the transition is at γ = 0.76.',
      ],
      equations: ['| \\gamma_{\\mathrm{rule}} | = \\alpha^{-1/4}', 'u \\propto \\sqrt{\\lambda}'],
      computedBy: [
        { name: 'solveMultiHead', from: continualPackage },
        { name: 'multiHeadLimit', from: continualPackage },
        { name: 'multiHeadOrderParameters', from: continualPackage },
        { name: 'sampleSecondHead', from: '@ggdln/learning' },
      ],
    },
  ],
};
