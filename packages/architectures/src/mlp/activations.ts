import type { FlatArray } from '@ggdln/core';
import { createLoopMemory, type LoopMemory } from '@ggdln/linalg';
import { type Tensor, erf as tensorErf, relu as tensorRelu } from '@tensorflow/tfjs-core';
import { erf, erfSlope } from './erf.ts';

/** Names of the activations, as in the kernels of wide networks. */
export const ACTIVATIONS = ['relu', 'erf', 'linear'] as const;
export type ActivationName = (typeof ACTIVATIONS)[number];

/** A function of one number, applied to each entry. */
export interface UnitActivation {
  /** φ(h) over h, and φ′(h) over `slopes` where given. @param loops Fast on arrays that were made there. */
  apply(h: FlatArray, slopes?: FlatArray, loops?: LoopMemory): void;
  /** δ φ′ over δ. */
  chain(slopes: FlatArray, delta: FlatArray, loops?: LoopMemory): void;
  /** Whether `chain` takes φ(h) itself for the slopes, so that none need be kept. */
  readonly slopesFromValues: boolean;
  tensor(h: Tensor): Tensor;
}

const plain: LoopMemory = /* @__PURE__ */ createLoopMemory([]);

/** max(0, h), without the factor √2 of some texts. */
const relu: UnitActivation = {
  apply: (h, _slopes, loops = plain) => {
    if (h instanceof Float32Array) loops.rectify(h);
    else for (let i = 0; i < h.length; i++) if (h[i] < 0) h[i] = 0;
  },
  chain: (values, delta, loops = plain) => {
    if (values instanceof Float32Array && delta instanceof Float32Array) loops.clearWhereZero(values, delta);
    else for (let i = 0; i < delta.length; i++) if (values[i] === 0) delta[i] = 0;
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
