import { createRandom } from '@ggdln/core';
import { createMlMatrixBackend } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { type BernoulliInput, createBernoulliGln, drawGlnHalfSpaces, withKnownContexts } from '../../src/index.ts';
import { randomWeights } from './networks.ts';

const linalg = createMlMatrixBackend();
const rng = createRandom(8).stream('known contexts');
const sizes = { sideInputs: 6, layerSizes: [5, 3, 1], contextBits: 3 };
const halfSpaces = drawGlnHalfSpaces(sizes, rng);
const network = createBernoulliGln({ inputs: 4, halfSpaces });
const weights = randomWeights(network.shapes);
const draw = () => ({
  side: rng.fillGaussian(new Float64Array(6)),
  base: Float64Array.from({ length: 4 }, () => rng.uniform()),
});

/** All that a pass computes. */
function passOf(of: typeof network, input: BernoulliInput) {
  const pass = of.createPass();
  of.forward(weights, input, pass);
  return structuredClone(pass);
}

describe('a network with known contexts', () => {
  it('computes the same bits, also for inputs it does not know', () => {
    const inputs = Array.from({ length: 1300 }, draw);
    const knowing = withKnownContexts(
      network,
      inputs.slice(0, 1200).map(({ side }) => side),
      linalg,
    );
    for (const input of inputs) expect(passOf(knowing, input)).toEqual(passOf(network, input));
  });

  it('finds as a pass does on which side an input is that lies on the plane, whatever the order of sums', () => {
    // The projection of an input by another order of sums is its offset to within rounding, above or below.
    const onPlanes = Array.from({ length: 60 }, () => {
      const { side } = draw();
      const [neuron, bit] = [rng.integer(5), rng.integer(3)];
      const normal = halfSpaces.normals[0][neuron][bit];
      const gap = normal.reduce((sum, v, i) => sum + v * side[i], 0) - halfSpaces.offsets[0][neuron][bit];
      return { ...draw(), side: side.map((z, i) => z - gap * normal[i]) };
    });
    const backwards = {
      ...linalg,
      gemm: (...[a, b, options]: Parameters<typeof linalg.gemm>) => {
        const product = linalg.gemm(a, b, options);
        return { ...product, data: product.data.map((value) => value + 1e-15 * (rng.uniform() - 0.5)) };
      },
    };
    const knowing = withKnownContexts(
      network,
      onPlanes.map(({ side }) => side),
      backwards,
    );
    for (const input of onPlanes) expect(passOf(knowing, input)).toEqual(passOf(network, input));
  });

  it('does not look at side information whose contexts are given, and refuses contexts that are none', () => {
    const input = draw();
    const contexts = passOf(network, input).map((layer) => layer.contexts);
    const blind = { ...input, side: new Float64Array(6).fill(Number.NaN), contexts };
    expect(passOf(network, blind)).toEqual(passOf(network, input));
    const wrong = (contexts: Int32Array[]) => () => passOf(network, { ...input, contexts });
    expect(wrong([contexts[0], contexts[1]])).toThrow('layer 3 has contexts for no neurons');
    expect(wrong([contexts[0], contexts[1], Int32Array.of(8)])).toThrow('layer 3 has the context 8');
    expect(() => withKnownContexts(network, [new Float64Array(5)], linalg)).toThrow('side is 5 numbers');
  });
});
