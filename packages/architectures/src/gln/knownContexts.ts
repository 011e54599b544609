import type { LinalgBackend, Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { dotAt } from './arithmetic.ts';
import type { BernoulliGln } from './bernoulli.ts';
import { type GlnLayer, requireVector } from './layers.ts';

const where = '@ggdln/architectures withKnownContexts';

/** Inputs to one product. */
const CHUNK = 1000;

/**
 * The network with the contexts of given inputs found beforehand by one product a layer, since they don't depend on
 * weights: most of the work of a pass, where inputs are known in advance or come again. It computes the same to the last
 * bit: where a projection is within rounding of its offset, the context is found as `forward` finds it.
 * @param sides Side information. It is known by its array, whose numbers must not change any more; other inputs are
 * computed as before. @throws GGDLN_INPUT for one of another length than D, or not finite.
 */
export function withKnownContexts(
  network: BernoulliGln,
  sides: readonly Float64Array[],
  linalg: LinalgBackend,
): BernoulliGln {
  const known = new WeakMap<Float64Array, readonly Int32Array[]>();
  for (let first = 0; first < sides.length; first += CHUNK) {
    const chunk = sides.slice(first, first + CHUNK);
    for (const side of chunk) requireVector(where, 'side', side, network.sideInputs);
    const Z = matrix(chunk.length, network.sideInputs);
    chunk.forEach((side, row) => {
      Z.data.set(side, row * Z.cols);
    });
    const lengths = chunk.map((side) => Math.sqrt(side.reduce((sum, z) => sum + z * z, 0)));
    const layers = network.layers.map((layer) => contextsOf(layer, Z, lengths, linalg));
    chunk.forEach((side, row) => {
      known.set(
        side,
        layers.map((contexts, l) => {
          const { neurons } = network.layers[l];
          return contexts.subarray(row * neurons, (row + 1) * neurons);
        }),
      );
    });
  }
  return {
    ...network,
    forward(weights, input, pass) {
      const contexts = input.contexts ?? known.get(input.side);
      network.forward(weights, contexts ? { ...input, contexts } : input, pass);
    },
  };
}

/** Contexts of all neurons of a layer, rows × neurons. */
function contextsOf(
  { neurons, bits, normals, offsets }: GlnLayer,
  Z: Matrix,
  lengths: readonly number[],
  linalg: LinalgBackend,
): Int32Array {
  const D = Z.cols;
  const out = new Int32Array(Z.rows * neurons);
  const count = neurons * bits;
  if (count === 0) return out;
  const V = matrix(count, D, normals);
  const projections = linalg.gemm(Z, V, { transB: true }).data;
  // Sums of D products in whatever order differ by no more than this many lengths of both vectors.
  const rounding = 4 * D * Number.EPSILON;
  const norms = Float64Array.from({ length: count }, (_, at) => {
    const v = normals.subarray(at * D, (at + 1) * D);
    return Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  });
  for (let row = 0; row < Z.rows; row++) {
    const z = Z.data.subarray(row * D, (row + 1) * D);
    for (let at = 0; at < count; at++) {
      const distance = projections[row * count + at] - offsets[at];
      const slack = rounding * (lengths[row] * norms[at] + Math.abs(offsets[at]));
      const open = Math.abs(distance) > slack ? distance > 0 : dotAt(normals, at * D, z) >= offsets[at];
      if (open) out[row * neurons + Math.floor(at / bits)] |= 1 << (at % bits);
    }
  }
  return out;
}
