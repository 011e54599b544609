import { type BooleanOption, boolean, type NumberOption, number } from '@ggdln/core';

/** How every learner declares its centred network, α(f(x; θ) − f(x; θ₀)). A scale other than 1 needs `centred`. */
export const centredOptions: { readonly centred: BooleanOption; readonly scale: NumberOption } = {
  centred: boolean({
    title: 'Centred',
    default: false,
    help: 'Subtracts what the network says at the start; only so do large starts get lazy.',
  }),
  scale: number({
    title: 'Scale',
    symbol: 'α',
    min: 0,
    exclusiveMin: true,
    default: 1,
    scale: 'log',
    help: 'Of a centred network: multiplies its outputs; the larger, the lazier.',
  }),
};
