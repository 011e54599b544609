import type { FlatArray } from '@ggdln/core';
import { type Tensor, erf as tensorErf, relu as tensorRelu } from '@tensorflow/tfjs-core';
import { erf, erfSlope } from './erf.ts';

/** Names of the activations, as in the kernels of wide networks. */
export const ACTIVATIONS = ['relu', 'erf', 'linear'] as const;
export type ActivationName = (typeof ACTIVATIONS)[number];

/** A function of one number, applied to each entry. */
export interface UnitActivation {
  /** φ(h) over h, and φ′(h) over `slopes` where given. */
  apply(h: FlatArray, slopes?: FlatArray): void;
  /** δ φ′ over δ. */
  chain(slopes: FlatArray, delta: FlatArray): void;
  /** Whether `chain` takes φ(h) itself for the slopes, so that none need be kept. */
  readonly slopesFromValues: boolean;
  tensor(h: Tensor): Tensor;
}

/** max(0, h), without the factor √2 of some texts. */
const relu: UnitActivation = {
  apply: (h) => {
    if (h instanceof Float32Array) clearNegative(new Int32Array(h.buffer, h.byteOffset, h.length));
    else for (let i = 0; i < h.length; i++) if (h[i] < 0) h[i] = 0;
  },
  chain: (values, delta) => {
    if (values instanceof Float32Array && delta instanceof Float32Array) {
      const bits = (array: Float32Array) => new Int32Array(array.buffer, array.byteOffset, array.length);
      clearWhereZero(bits(values), bits(delta));
    } else for (let i = 0; i < delta.length; i++) if (values[i] === 0) delta[i] = 0;
  },
  slopesFromValues: true,
  tensor: tensorRelu,
};

/** erf of h itself, not of h/√2. */
const erfUnits: UnitActivation = {
  apply(h, slopes) {
    for (let i = 0; i < h.length; i++) {
      const slope = erfSlope(h[i]);
      if (slopes) slopes[i] = slope;
      h[i] = erf(h[i], slope);
    }
  },
  chain(slopes, delta) {
    for (let i = 0; i < delta.length; i++) delta[i] *= slopes[i];
  },
  slopesFromValues: false,
  tensor: tensorErf,
};

const linear: UnitActivation = {
  apply: () => {},
  chain: () => {},
  slopesFromValues: true,
  tensor: (h) => h,
};

/** By name. */
export const unitActivations: Readonly<Record<ActivationName, UnitActivation>> = { relu, erf: erfUnits, linear };

/** Bits of −∞; those of a negative NaN are a larger number. */
const MINUS_INFINITY = -8388608;

/**
 * Signs of activities are random, so branches on them would be mispredicted half of the time: bits know none. NaN stays,
 * of either sign, so that a run that has left the numbers is seen.
 */
function clearNegative(bits: Int32Array): void {
  for (let i = 0; i < bits.length; i++) bits[i] &= ~(bits[i] >> 31) | ((MINUS_INFINITY - bits[i]) >> 31);
}

/** Values are ≥ 0 here, so their bits are a number ≥ 0, and negated have the sign bit wherever the value is not 0. */
function clearWhereZero(values: Int32Array, delta: Int32Array): void {
  for (let i = 0; i < delta.length; i++) delta[i] &= -values[i] >> 31;
}
