import type { Matrix } from '@ggdln/core';
import { matrix, matrixFromRows } from '@ggdln/linalg';
import { requirePositive } from './checks.ts';
import { balancedStrength } from './depth2.ts';
import type { GatedUnits } from './gatedUnits.ts';

/** XOR with one hidden unit for each example: its modes, its course in closed form, and the network itself. */
export interface XorRace {
  /** Correlation √2/4 and input variance 1/2 of each of the four pathways, whose gates don't overlap. */
  readonly s: number;
  readonly d: number;
  /** Strength of each pathway at time t. */
  strength(t: number): number;
  /** ½ (1 − √2 a(t))²: the loss ½⟨(y − f)²⟩, from near ½ to 0. */
  loss(t: number): number;
  /** The network with these pathways; a ReLU network has the same gates for `gates: 'relu'`. */
  readonly network: GatedUnits;
}

const inputs = [
  [1, 1],
  [-1, -1],
  [1, -1],
  [-1, 1],
];

/**
 * The neural race on XOR, x ∈ {±1}², y = x1 x2, where unit k is open on example k alone.
 * @param a0 Strength of each pathway at the start, above 0.
 * @throws GGDLN_INPUT for another `a0`.
 */
export function xorRace(a0: number): XorRace {
  requirePositive('@ggdln/theory xorRace', { a0 });
  const [s, d] = [Math.SQRT2 / 4, 1 / 2];
  const strength = (t: number) => balancedStrength({ s, d, a0 }, t);
  const y = inputs.map(([first, second]) => first * second);
  return {
    s,
    d,
    strength,
    loss: (t) => (1 - Math.SQRT2 * strength(t)) ** 2 / 2,
    network: {
      X: matrixFromRows(inputs),
      y,
      W1: matrixFromRows(inputs.map((x) => x.map((value) => value * Math.sqrt(a0 / 2)))),
      w2: y.map((value) => value * Math.sqrt(a0)),
      gates: onePerExample(inputs.length),
    },
  };
}

function onePerExample(P: number): Matrix {
  const gates = matrix(P, P);
  for (let p = 0; p < P; p++) gates.data[p * P + p] = 1;
  return gates;
}
