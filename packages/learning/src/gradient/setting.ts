import type { FlatArray, NetworkDimensions, Parameters, Problem } from '@ggdln/core';
import type { InputCompression } from './compressInputs.ts';
import type { LossNetwork } from './lossNetwork.ts';

/** A network to descend on, in compressed coordinates (with their idle weight) where that is less work. */
export interface Setting {
  readonly problem: Problem;
  readonly network: LossNetwork;
  readonly compression: InputCompression | undefined;
}

/** θ of named parameters, and the way back from where it has gone. */
export function place(
  { network, compression }: Setting,
  parameters: Parameters,
): { readonly theta: FlatArray; readonly restore: (theta: FlatArray) => Parameters } {
  if (!compression) return { theta: network.flatten(parameters), restore: network.unflatten };
  const { unseen, parameters: seen } = compression.split(parameters);
  const length = Math.sqrt(unseen.reduce((sum, w) => sum + w * w, 0));
  const theta = network.flatten(seen);
  theta[theta.length - 1] = length;
  const restore = (end: FlatArray) => {
    const factor = length > 0 ? end[end.length - 1] / length : 0;
    return compression.join(
      network.unflatten(end),
      unseen.map((w) => factor * w),
    );
  };
  return { theta, restore };
}

/** N0, M_L … M_1 and C of a problem. */
export function dimensionsOf({ train }: Problem): NetworkDimensions {
  return { inputs: train.X.cols, gates: train.gates.map(({ cols }) => cols), outputs: train.Y.cols };
}

/** How far the problem was reduced, exactly, as diagnostics: nothing where it wasn't. */
export function describeReductions({ network, compression }: Pick<Setting, 'network' | 'compression'>): {
  readonly [name: string]: { readonly value: number };
} {
  const { compressedExamples } = network;
  return {
    ...(compression ? { inputDimensions: { value: compression.rank } } : {}),
    ...(compressedExamples === undefined ? {} : { compressedExamples: { value: compressedExamples } }),
  };
}
