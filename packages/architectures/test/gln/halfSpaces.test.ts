import { createRandom } from '@ggdln/core';
import { matrix, matrixFromRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { createBernoulliGln, drawGlnHalfSpaces, glnContextEntropy } from '../../src/index.ts';
import { normals } from './networks.ts';

const draw = (layerSizes: readonly number[], contextBits = 2, offsetDeviation = 0.5) =>
  drawGlnHalfSpaces({ sideInputs: 3, layerSizes, contextBits, offsetDeviation }, createRandom(1));

/** Context of a single neuron with the given half-spaces at z. */
function contextOf(planes: number[][], offsets: number[], z: number[]): number {
  const halfSpaces = { sideInputs: z.length, normals: [[planes]], offsets: [[offsets]] };
  const network = createBernoulliGln({ inputs: 1, halfSpaces });
  const pass = network.createPass();
  network.forward(network.initialWeights(), { side: Float64Array.from(z), base: Float64Array.of(0.5) }, pass);
  return pass[0].contexts[0];
}

describe('drawGlnHalfSpaces', () => {
  it('draws unit normals without a preferred direction, and offsets of the given deviation', () => {
    const { normals: planes, offsets } = draw([2000, 1]);
    const rows = planes[0].flat();
    for (const row of rows) expect(Math.hypot(...row)).toBeCloseTo(1, 12);
    // 4000 directions: each entry has mean 0 and mean square 1/3.
    for (const j of [0, 1, 2]) {
      expect(Math.abs(rows.reduce((sum, row) => sum + row[j], 0) / rows.length)).toBeLessThan(4 / Math.sqrt(12000));
      expect(rows.reduce((sum, row) => sum + row[j] ** 2, 0) / rows.length).toBeCloseTo(1 / 3, 1);
    }
    const square = offsets[0].flat().reduce((sum, offset) => sum + offset ** 2, 0) / rows.length;
    expect(Math.abs(square / 0.25 - 1)).toBeLessThan(4 * Math.sqrt(2 / rows.length));
  });

  it('draws the same again from the same seed, and leaves layers as they are when others change', () => {
    const small = draw([3, 1]);
    expect(draw([3, 1])).toEqual(small);
    expect(draw([3, 2, 1]).normals[0]).toEqual(small.normals[0]);
    expect(draw([5, 1]).normals[0].slice(0, 3)).toEqual(small.normals[0]);
    expect(JSON.parse(JSON.stringify(small))).toEqual(small);
  });

  it('says which size is wrong', () => {
    const rng = createRandom(1);
    const sizes = { sideInputs: 3, layerSizes: [4, 1], contextBits: 2 };
    expect(() => drawGlnHalfSpaces({ ...sizes, sideInputs: 0 }, rng)).toThrow(
      'sideInputs = 0. Give a whole number ≥ 1',
    );
    expect(() => drawGlnHalfSpaces({ ...sizes, contextBits: -1 }, rng)).toThrow('contextBits = -1. Give');
    expect(() => drawGlnHalfSpaces({ ...sizes, layerSizes: [] }, rng)).toThrow('there are no layers');
    expect(() => drawGlnHalfSpaces({ ...sizes, layerSizes: [4, 0.5] }, rng)).toThrow('layerSizes[1] = 0.5');
    expect(() => drawGlnHalfSpaces({ ...sizes, offsetDeviation: Number.NaN }, rng)).toThrow('offsetDeviation = NaN');
  });
});

describe('contexts', () => {
  const axes = [
    [1, 0],
    [0, 1],
  ];

  it('count bit b as 2^b, and a point on the plane as inside', () => {
    expect(contextOf(axes, [0, 0], [-1, -1])).toBe(0);
    expect(contextOf(axes, [0, 0], [1, -1])).toBe(1);
    expect(contextOf(axes, [0, 0], [-1, 1])).toBe(2);
    expect(contextOf(axes, [0.5, 0], [0.5, 0])).toBe(3);
    expect(contextOf(axes, [0.5, 0], [0.4999, 0])).toBe(2);
  });

  it('are 0 without bits', () => {
    expect(contextOf([], [], [3, -3])).toBe(0);
  });

  it('sum over sides of any dimension', () => {
    for (const dimension of [1, 3, 4, 5, 8, 11]) {
      const [normal, z] = [normals(dimension, 'normal'), normals(dimension, 'z')];
      const projection = normal.reduce((sum, entry, j) => sum + entry * z[j], 0);
      expect(contextOf([Array.from(normal)], [projection - 1e-9], Array.from(z))).toBe(1);
      expect(contextOf([Array.from(normal)], [projection + 1e-9], Array.from(z))).toBe(0);
    }
  });
});

describe('glnContextEntropy', () => {
  const halfSpaces = (offset: number) => ({
    sideInputs: 1,
    normals: [[[[1], [-1]]]],
    offsets: [[[offset, offset]]],
  });
  const Z = matrixFromRows([[-3], [-1], [1], [3]]);
  const entropyAt = (offset: number) =>
    glnContextEntropy(createBernoulliGln({ inputs: 1, halfSpaces: halfSpaces(offset) }), Z)[0][0];

  it('is that of the counts', () => {
    expect(entropyAt(2)).toBeCloseTo(1.5, 14); // contexts 2, 0, 0, 1
    expect(entropyAt(0)).toBeCloseTo(1, 14); // contexts 2, 2, 1, 1
    expect(entropyAt(10)).toBe(0);
  });

  it('says what is wrong with the inputs', () => {
    const network = createBernoulliGln({ inputs: 1, halfSpaces: halfSpaces(0) });
    expect(() => glnContextEntropy(network, matrix(0, 1))).toThrow('Z has no rows');
    expect(() => glnContextEntropy(network, matrix(2, 3))).toThrow('Z is 2 × 3');
  });
});
