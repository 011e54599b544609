import {
  boolean,
  defineGating,
  type Gating,
  type GatingEntry,
  inputError,
  integer,
  throwIfCancelled,
} from '@ggdln/core';
import { chooseLinalg, type LinalgBackend, type Matrix, matrix } from '@ggdln/linalg';
import { columnMeans, requireCount, requireTrainingInputs } from './inputs.ts';
import type { HalfSpaces } from './openSides.ts';
import { openSides } from './openSides.ts';

const where = '@ggdln/gating pca';

/** Directions whose variance is below this of the largest are constant up to rounding. */
const CONSTANT = 1e-12;

export interface PrincipalSidesOptions {
  /** M, without the always-on gate: at most the rank of the centred inputs, twice that with `bothSides`. */
  readonly gates: number;
  /** Two gates a direction, one on each side. Default false: one gate, on the side of the largest component. */
  readonly bothSides?: boolean;
  /** Put a gate equal to 1 before the others. Default true. */
  readonly alwaysOn?: boolean;
}

/**
 * Half-spaces through the mean input across the leading principal directions (theory page ggdln, section 9): fitted on
 * inputs alone, the most varying direction first. Normals are of length √N0, as random ones are on average. The sign of
 * a direction is that which makes its largest component positive, so that it doesn't depend on the linear algebra.
 */
export function principalSides(options: PrincipalSidesOptions): Gating<HalfSpaces> {
  const { gates, bothSides = false, alwaysOn = true } = options;
  return {
    async fit(X, { linalg, signal }) {
      requireTrainingInputs(where, X);
      requireCount(where, 'gates', gates, 1, 'Give a whole number ≥ 1');
      throwIfCancelled(signal, where);
      const mean = columnMeans(where, X);
      const count = bothSides ? Math.ceil(gates / 2) : gates;
      const directions = leadingDirections(X, mean, count, linalg ?? (await chooseLinalg()).backend);
      const V = bothSides ? directions.flatMap((v) => [v, v.map((value) => -value)]).slice(0, gates) : directions;
      return { V, mean, threshold: 0, alwaysOn };
    },
    gates: (state, X) => openSides({ where, gate: 'principal side' }, state, X),
  };
}

/** Half-spaces learned by principal-component analysis. */
export const principalSidesEntry: GatingEntry = defineGating({
  title: 'Half-spaces from PCA',
  summary: 'A gate is open on one side of the mean along a direction in which the training inputs vary most.',
  references: ['Li & Sompolinsky 2022, arXiv:2210.17449'],
  options: {
    gates: integer({
      title: 'Gates',
      symbol: 'M',
      min: 1,
      default: 6,
      help: 'Number of half-spaces, without the always-on gate; at most the rank of the inputs.',
      equation: 'ggdln/9',
    }),
    bothSides: boolean({
      title: 'Both sides',
      default: false,
      help: 'Two gates a direction, one on each side of the mean.',
    }),
    alwaysOn: boolean({
      title: 'Always-on gate',
      default: true,
      help: 'Put a gate equal to 1 before the others, so that no input has all gates off.',
      equation: 'ggdln/6',
    }),
  },
  create: principalSides,
});

/** The leading principal directions, each of length √N0, from the smaller of covariance and Gram matrix. */
function leadingDirections(X: Matrix, mean: readonly number[], count: number, linalg: LinalgBackend): number[][] {
  const centred = matrix(
    X.rows,
    X.cols,
    X.data.map((value, at) => value - mean[at % X.cols]),
  );
  const isTall = X.rows >= X.cols;
  const { values, vectors } = linalg.symmetricEigen(linalg.syrk(centred, { trans: isTall }));
  const largest = Math.max(0, values[values.length - 1]);
  const rank = values.filter((value) => value > CONSTANT * largest).length;
  if (count > rank) {
    throw inputError(
      where,
      `${count} principal directions of ${X.rows} inputs that vary in ${rank} directions`,
      'Ask for fewer gates, set bothSides, or give more inputs',
    );
  }
  return Array.from({ length: count }, (_, k) => {
    const vector = Float64Array.from({ length: vectors.rows }, (_, i) => vectors.data[(i + 1) * vectors.cols - 1 - k]);
    const direction = isTall ? vector : linalg.gemm(centred, matrix(X.rows, 1, vector), { transA: true }).data;
    return orient(direction, Math.sqrt(X.cols));
  });
}

/** The direction with its largest component positive (the first of several), of a given length. */
function orient(direction: Float64Array, length: number): number[] {
  const largest = direction.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  // Components that differ by rounding alone count as equal, or the sign would hang on it.
  const sign = Math.sign(direction.find((value) => Math.abs(value) > largest * (1 - 1e-9)) ?? 1);
  const norm = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
  return Array.from(direction, (value) => (sign * length * value) / norm);
}
