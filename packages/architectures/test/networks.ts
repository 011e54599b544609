import { createRandom, type GatedInputs, type NetworkDimensions, type Parameters } from '@ggdln/core';
import { type Matrix, matrix } from '@ggdln/linalg';
import { createGgdln, drawPrior, type GatedNetwork } from '../src/index.ts';

/** Networks of depth 1, 2 and 3 with unequal widths and different numbers of gates in every layer. */
export const CASES = [
  { depth: 1, widths: [5], gates: [3] },
  { depth: 2, widths: [4, 3], gates: [3, 2] },
  { depth: 3, widths: [3, 4, 2], gates: [2, 3, 2] },
  // More units than composite gates below the readout too.
  { depth: 2, widths: [3, 7], gates: [2, 2] },
] as const;

export function randomInputs(P: number, N0: number, gates: readonly number[], seed: number | string): GatedInputs {
  const rng = createRandom(seed);
  const normal = (rows: number, cols: number) => matrix(rows, cols, rng.fillGaussian(new Float64Array(rows * cols)));
  return { X: normal(P, N0), gates: gates.map((count) => normal(P, count)) };
}

export interface MadeNetwork {
  readonly network: GatedNetwork;
  readonly dimensions: NetworkDimensions;
  readonly inputs: GatedInputs;
  readonly parameters: Parameters;
}

/** A network of one of the cases with weights from the prior. */
export function makeNetwork(index: number, P = 6, outputs = 1): MadeNetwork {
  const { depth, widths, gates } = CASES[index];
  const network = createGgdln({ depth, widths, sigma: 1.3 });
  const dimensions = { inputs: 4, gates, outputs };
  const inputs = randomInputs(P, 4, gates, `inputs ${index}`);
  return { network, dimensions, inputs, parameters: drawPrior(network, dimensions, createRandom(`weights ${index}`)) };
}

/** The defining sums of the theory page, section 1, one scalar at a time; f_c(x_μ). */
export function networkByHand(index: number, parameters: Parameters, inputs: GatedInputs, outputs: number): number[][] {
  const { depth, widths, gates } = CASES[index];
  const N = (layer: number) => widths[depth - layer];
  const M = (layer: number) => gates[depth - layer];
  const g = (layer: number, row: number, m: number) => entry(inputs.gates[depth - layer], row, m);
  return Array.from({ length: inputs.X.rows }, (_, row) => {
    const N0 = inputs.X.cols;
    let h = Array.from({ length: N(1) }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < N0; j++) sum += parameters.W1[i * N0 + j] * entry(inputs.X, row, j);
      return sum / Math.sqrt(N0);
    });
    for (let layer = 2; layer <= depth; layer++) {
      const below = h;
      h = Array.from({ length: N(layer) }, (_, i) => {
        let sum = 0;
        for (let m = 0; m < M(layer - 1); m++) {
          for (let j = 0; j < N(layer - 1); j++) {
            const weight = parameters[`W${layer}`][(i * M(layer - 1) + m) * N(layer - 1) + j];
            sum += weight * g(layer - 1, row, m) * below[j];
          }
        }
        return sum / Math.sqrt(N(layer - 1) * M(layer - 1));
      });
    }
    return Array.from({ length: outputs }, (_, c) => {
      let sum = 0;
      for (let i = 0; i < N(depth); i++) {
        for (let m = 0; m < M(depth); m++) {
          sum += parameters.a[(i * M(depth) + m) * outputs + c] * g(depth, row, m) * h[i];
        }
      }
      return sum / Math.sqrt(N(depth) * M(depth));
    });
  });
}

function entry(a: Matrix, i: number, j: number): number {
  return a.data[i * a.cols + j];
}

/** Largest absolute difference. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let max = 0;
  for (let i = 0; i < a.length; i++) max = Math.max(max, Math.abs(a[i] - b[i]));
  return max;
}
