import {
  type BooleanOption,
  boolean,
  defineGating,
  type Gates,
  type Gating,
  type GatingEntry,
  type IntegerOption,
  inputError,
  integer,
  type Matrix,
  type NumberOption,
  number,
  type RandomStream,
} from '@ggdln/core';
import { matrix, toRows } from '@ggdln/linalg';
import { columnMeans, requireCount, requireTrainingInputs } from './inputs.ts';
import { type HalfSpaces, openSides } from './openSides.ts';

const where = '@ggdln/gating half-spaces';

export interface HalfSpacesOptions {
  /** M, without the always-on gate. */
  readonly gates: number;
  /** b. Default 0. */
  readonly threshold?: number;
  /** Put a gate equal to 1 before the others. Default true. */
  readonly alwaysOn?: boolean;
  /** Subtract the mean of the training inputs from the inputs of the gates. Default true. */
  readonly centre?: boolean;
}

/**
 * Draws the normals V ~ N(0, 1) of M random half-spaces (theory page ggdln, section 9), gate after gate: the first
 * gates of a larger draw are those of a smaller one from the same stream.
 * @param X Training inputs, P × N0; only their dimension and mean matter.
 * @throws GGDLN_INPUT for no inputs, no gates, or numbers that aren't finite.
 */
export function drawHalfSpaces(X: Matrix, options: HalfSpacesOptions, rng: RandomStream): HalfSpaces {
  const { gates, threshold = 0, alwaysOn = true, centre = true } = options;
  requireTrainingInputs(where, X);
  requireCount(where, 'gates', gates, 1, 'Give a whole number ≥ 1; the gating always-on has none but the open gate');
  if (!Number.isFinite(threshold)) throw inputError(where, `threshold = ${threshold}`, 'Give a finite number');
  const V = rng.fillGaussian(new Float64Array(gates * X.cols));
  const mean = centre ? columnMeans(where, X) : new Array<number>(X.cols).fill(0);
  return { V: toRows(matrix(gates, X.cols, V)), mean, threshold, alwaysOn };
}

/**
 * g_m(x) = Θ(V_m·(x − mean)/√N0 − b) with Θ(0) = 0, P × M; with `alwaysOn` the always-on gate comes first.
 * @throws GGDLN_INPUT for inputs of another dimension than the training inputs, or not finite.
 */
export function halfSpaceGates(halfSpaces: HalfSpaces, X: Matrix): Gates {
  return openSides({ where, gate: 'half-space' }, halfSpaces, X);
}

/** The gating of {@link drawHalfSpaces} and {@link halfSpaceGates}. */
export function halfSpaces(options: HalfSpacesOptions): Gating<HalfSpaces> {
  return {
    fit: (X, { rng }) => drawHalfSpaces(X, options, rng),
    gates: halfSpaceGates,
  };
}

/** Options of every gating that draws half-spaces. */
export const halfSpaceOptions: {
  readonly gates: IntegerOption;
  readonly threshold: NumberOption;
  readonly alwaysOn: BooleanOption;
  readonly centre: BooleanOption;
} = {
  gates: integer({
    title: 'Gates',
    symbol: 'M',
    min: 1,
    default: 6,
    help: 'Number of half-spaces, without the always-on gate.',
    equation: 'ggdln/9',
  }),
  threshold: number({
    title: 'Threshold',
    symbol: 'b',
    default: 0,
    help: 'How far beyond the hyperplane a gate opens; larger opens fewer inputs.',
    equation: 'ggdln/9',
  }),
  alwaysOn: boolean({
    title: 'Always-on gate',
    default: true,
    help: 'Put a gate equal to 1 before the others, so that no input has all gates off.',
    equation: 'ggdln/6',
  }),
  centre: boolean({
    title: 'Centre gate inputs',
    default: true,
    help: 'Subtract the mean training input from what the gates see (not from the network input).',
    equation: 'ggdln/9',
  }),
};

/** Random half-spaces, the gates of Li & Sompolinsky. */
export const halfSpacesEntry: GatingEntry = defineGating({
  title: 'Random half-spaces',
  summary: 'A gate is open on one side of a random hyperplane through the mean of the training inputs.',
  references: ['Li & Sompolinsky 2022, arXiv:2210.17449', 'Veness et al. 2021, arXiv:1910.01526'],
  options: halfSpaceOptions,
  create: halfSpaces,
});
