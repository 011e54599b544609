import { inputError, type RandomStream } from '@ggdln/core';

const where = '@ggdln/architectures drawGlnHalfSpaces';

/** The fixed half-spaces that choose every neuron's context. Plain JSON: store it beside the weights. */
export type GlnHalfSpaces = {
  /** D, numbers of side information that the half-spaces are in. */
  readonly sideInputs: number;
  /** Unit normals [layer][neuron][bit][D], layer nearest to the inputs first. */
  readonly normals: readonly (readonly (readonly (readonly number[])[])[])[];
  /** Offsets [layer][neuron][bit]: a bit is 1 where normal · z ≥ offset. */
  readonly offsets: readonly (readonly (readonly number[])[])[];
};

export interface GlnHalfSpacesOptions {
  /** D. */
  readonly sideInputs: number;
  /** Neurons of each layer, **nearest to the inputs first**, as in the literature; the last is 1. */
  readonly layerSizes: readonly number[];
  /** B: a neuron has 2^B weight vectors, of which one is in use. 0 gives one context. */
  readonly contextBits: number;
  /** Standard deviation of the offsets. Default 0.05, for many standardised inputs; 0.3–0.8 of the range for D ≤ 3. */
  readonly offsetDeviation?: number;
}

/**
 * Draws half-spaces with normals uniform on the sphere and normal offsets (theory page gln, section 1). Every layer has
 * a substream of its own, so more layers or neurons leave the others as they are.
 * @throws GGDLN_INPUT for sizes that are no counts, or an offset deviation that is not finite or negative.
 */
export function drawGlnHalfSpaces(options: GlnHalfSpacesOptions, rng: RandomStream): GlnHalfSpaces {
  const { sideInputs, layerSizes, contextBits, offsetDeviation = 0.05 } = options;
  requireCount('sideInputs', sideInputs, 1);
  requireCount('contextBits', contextBits, 0);
  if (layerSizes.length === 0) throw inputError(where, 'there are no layers', 'Give layerSizes, e.g. [20, 1]');
  for (const [layer, size] of layerSizes.entries()) requireCount(`layerSizes[${layer}]`, size, 1);
  if (!(offsetDeviation >= 0 && Number.isFinite(offsetDeviation))) {
    throw inputError(where, `offsetDeviation = ${offsetDeviation}`, 'Give a finite number ≥ 0');
  }
  const normals: number[][][][] = [];
  const offsets: number[][][] = [];
  for (const [layer, size] of layerSizes.entries()) {
    const stream = rng.stream(`layer ${layer + 1}`);
    const neurons = Array.from({ length: size }, () =>
      Array.from({ length: contextBits }, () => ({
        normal: drawDirection(sideInputs, stream),
        offset: offsetDeviation * stream.gaussian(),
      })),
    );
    normals.push(neurons.map((bits) => bits.map(({ normal }) => normal)));
    offsets.push(neurons.map((bits) => bits.map(({ offset }) => offset)));
  }
  return { sideInputs, normals, offsets };
}

/** A direction, uniform on the unit sphere. */
function drawDirection(dimension: number, rng: RandomStream): number[] {
  const direction = new Float64Array(dimension);
  let square = 0;
  while (square === 0) {
    rng.fillGaussian(direction);
    for (const entry of direction) square += entry * entry;
  }
  const norm = Math.sqrt(square);
  return Array.from(direction, (entry) => entry / norm);
}

function requireCount(name: string, count: number, min: number): void {
  if (!Number.isSafeInteger(count) || count < min) {
    throw inputError(where, `${name} = ${count}`, `Give a whole number ≥ ${min}`);
  }
}
