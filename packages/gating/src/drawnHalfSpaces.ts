import {
  boolean,
  defineGating,
  type Gates,
  type Gating,
  type GatingEntry,
  inputError,
  type Matrix,
  numbers,
} from '@ggdln/core';
import { matrix, shapeOf } from '@ggdln/linalg';
import { withAlwaysOn } from './alwaysOn.ts';
import { requireSameDimension, requireTrainingInputs } from './inputs.ts';

const where = '@ggdln/gating drawn-half-spaces';

export interface DrawnHalfSpacesOptions {
  /** Direction of each gate's normal in degrees, anticlockwise from the first axis: where it is open. */
  readonly angles: readonly number[];
  /** Distance of each gate's line from the origin along its normal, or one for all. Default 0. */
  readonly thresholds?: readonly number[];
  /** Put a gate equal to 1 before the others. Default true. */
  readonly alwaysOn?: boolean;
}

/** Half-planes with a threshold each. Plain JSON. */
export type DrawnHalfSpaces = {
  /** In degrees. */
  readonly angles: readonly number[];
  /** One a gate. */
  readonly thresholds: readonly number[];
  readonly alwaysOn: boolean;
};

/**
 * g_m(x) = Θ(x₁ cos φ_m + x₂ sin φ_m − b_m) with Θ(0) = 0, P × M: one side of a line that is set by hand. Unlike the
 * other half-spaces these are neither centred nor divided by √N0, so that b_m is a distance in the plane of the inputs.
 * @throws GGDLN_INPUT for inputs that aren't points of a plane, or not finite.
 */
export function drawnHalfSpaceGates({ angles, thresholds, alwaysOn }: DrawnHalfSpaces, X: Matrix): Gates {
  requireSameDimension(where, X, 2);
  const values = matrix(X.rows, angles.length);
  angles.forEach((angle, m) => {
    const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    for (let i = 0; i < X.rows; i++) {
      const projection = X.data[2 * i] * cos + X.data[2 * i + 1] * sin;
      if (!Number.isFinite(projection)) {
        throw inputError(
          where,
          `half-space ${m + 1} has no finite projection of row ${i} of X`,
          'Scale the inputs down',
        );
      }
      values.data[i * angles.length + m] = projection > thresholds[m] ? 1 : 0;
    }
  });
  const gates = { values, names: angles.map((_, m) => `half-space ${m + 1}`) };
  return alwaysOn ? withAlwaysOn(gates) : gates;
}

/**
 * The gating with half-planes set by hand. Nothing is drawn or learned: `fit` only checks that the inputs are a plane.
 * @throws GGDLN_INPUT for no angles, thresholds that are neither one a gate nor one for all, or numbers that aren't
 * finite.
 */
export function drawnHalfSpaces(options: DrawnHalfSpacesOptions): Gating<DrawnHalfSpaces> {
  const { angles, thresholds = [0], alwaysOn = true } = options;
  if (angles.length === 0) throw inputError(where, 'there are no angles', 'Give one a gate, e.g. 0, 120, 240');
  if (thresholds.length !== 1 && thresholds.length !== angles.length) {
    throw inputError(
      where,
      `there are ${angles.length} angles and ${thresholds.length} thresholds`,
      'Give one threshold a gate, or one for all',
    );
  }
  const bad = [...angles, ...thresholds].find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw inputError(where, `an angle or threshold is ${bad}`, 'Give finite numbers');
  return {
    fit(X) {
      requireTrainingInputs(where, X);
      if (X.cols !== 2) {
        const remedy = 'Use data of dimension 2, e.g. noisy-teacher with inputs: 2, or the gating half-spaces';
        throw inputError(where, `X is ${shapeOf(X)}, but half-spaces are drawn in a plane`, remedy);
      }
      const each = thresholds.length === 1 ? angles.map(() => thresholds[0]) : [...thresholds];
      return { angles: [...angles], thresholds: each, alwaysOn };
    },
    gates: drawnHalfSpaceGates,
  };
}

/** Half-spaces of a plane, set one by one. */
export const drawnHalfSpacesEntry: GatingEntry = defineGating({
  title: 'Half-spaces set by hand',
  summary: 'Each gate is open on one side of a line in the plane; for inputs of dimension 2.',
  references: ['Li & Sompolinsky 2022, arXiv:2210.17449'],
  options: {
    angles: numbers({
      title: 'Angles',
      symbol: 'φ',
      unit: '°',
      min: -360,
      max: 360,
      default: [0, 120, 240],
      help: 'Where each gate is open, anticlockwise from the first axis; one gate an angle.',
      equation: 'ggdln/9',
    }),
    thresholds: numbers({
      title: 'Thresholds',
      symbol: 'b',
      default: [0],
      help: 'Distance of each line from the origin towards its open side; one a gate or one for all.',
      equation: 'ggdln/9',
    }),
    alwaysOn: boolean({
      title: 'Always-on gate',
      default: true,
      help: 'Put a gate equal to 1 before the others, so that no input has all gates off.',
      equation: 'ggdln/6',
    }),
  },
  create: drawnHalfSpaces,
});
