import { createRandom } from '@ggdln/core';
import { createMlMatrixBackend, type Matrix, matrix, matrixFromRows, selectMatrixRows, transpose } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { openShares } from '../../src/ggdln/gateKernel.ts';
import { gateKernel, halfSpaceOverlap } from '../../src/index.ts';
import { distance, gaussianMatrix } from '../helpers.ts';

const linalg = createMlMatrixBackend();
const rng = createRandom(2);
const X = gaussianMatrix(rng, 9, 4);
const others = { X: gaussianMatrix(rng, 5, 4), codes: gaussianMatrix(rng, 5, 3) };
const inputs = { X, codes: gaussianMatrix(rng, 9, 3) };

/** [x, λ √(N0/N_z) z] √((N0 + N_z)/N0): inputs whose half-spaces are those of inputs and codes together. */
function joined({ X, codes }: { X: Matrix; codes: Matrix }, strength: number): Matrix {
  const size = X.cols + codes.cols;
  const scale = Math.sqrt(size / X.cols);
  const forCodes = strength * Math.sqrt(size / codes.cols);
  return matrixFromRows(
    Array.from({ length: X.rows }, (_, i) => [
      ...X.data.subarray(i * X.cols, (i + 1) * X.cols).map((value) => scale * value),
      ...codes.data.subarray(i * codes.cols, (i + 1) * codes.cols).map((value) => forCodes * value),
    ]),
  );
}

describe('gateKernel', () => {
  it.each([0, 0.4, -0.8])(
    'is the overlap of every pair, symmetric, positive and with the open shares on its diagonal, b = %d',
    async (threshold) => {
      const kernel = await gateKernel({ X }, undefined, { threshold, linalg });
      const K0 = linalg.syrk(X, { alpha: 1 / 4 });
      const overlap = halfSpaceOverlap(threshold);
      const at = (a: Matrix, i: number, j: number) => a.data[i * 9 + j];
      for (let i = 0; i < 9; i++) {
        for (let j = 0; j < i; j++) {
          expect(at(kernel, i, j)).toBeCloseTo(overlap(at(K0, i, i), at(K0, i, j), at(K0, j, j)), 13);
        }
      }
      expect(transpose(kernel)).toEqual(kernel);
      expect(Array.from({ length: 9 }, (_, i) => at(kernel, i, i))).toEqual([...openShares({ X }, { threshold })]);
      expect(linalg.symmetricEigen(kernel).values[0]).toBeGreaterThan(1e-3);
    },
  );

  it('is between inputs what it is among all of them', async () => {
    const all = await gateKernel({ X }, undefined, { threshold: 0.3, linalg });
    const [first, last] = [{ X: selectMatrixRows(X, [0, 1, 2]) }, { X: selectMatrixRows(X, [5, 7]) }];
    const between = await gateKernel(first, last, { threshold: 0.3, linalg });
    const expected = [0, 1, 2].flatMap((i) => [5, 7].map((j) => all.data[i * 9 + j]));
    expect(distance(between.data, expected)).toBeLessThan(1e-14);
  });

  it.each([0, 0.4])('takes codes as further inputs of the gates, b = %d', async (threshold) => {
    const strength = 1.7;
    const options = { threshold, linalg };
    const coded = await gateKernel(inputs, others, { ...options, strength });
    const plain = await gateKernel({ X: joined(inputs, strength) }, { X: joined(others, strength) }, options);
    expect(distance(coded.data, plain.data)).toBeLessThan(1e-13);
    const blind = await gateKernel(inputs, undefined, { ...options, strength: 0 });
    expect(distance(blind.data, (await gateKernel({ X }, undefined, options)).data)).toBeLessThan(1e-13);
  });

  it('gives the same input under two codes the overlaps of section 9', async () => {
    const x = Array.from({ length: 4 }, (_, j) => (j % 2 === 0 ? 1 : -1));
    const codes = matrixFromRows([
      [1, 1],
      [1, -1],
      [-1, -1],
    ]);
    for (const strength of [0, 0.5, 1, 2, 8, 1e6]) {
      const kernel = await gateKernel({ X: matrixFromRows([x, x, x]), codes }, undefined, { strength, linalg });
      const ratio = (i: number, j: number) => kernel.data[i * 3 + j] / kernel.data[0];
      const { PI, acos } = Math;
      const norm = 1 + strength ** 2;
      expect(ratio(0, 1)).toBeCloseTo((PI - acos(1 / norm)) / PI, 14);
      // Digits of the angle are lost as what the gates see becomes opposite.
      expect(ratio(0, 2)).toBeCloseTo((PI - acos((1 - strength ** 2) / norm)) / PI, strength > 2 ? 7 : 13);
    }
  });

  it('names what does not fit', async () => {
    await expect(gateKernel({ X }, { X: matrix(2, 3) })).rejects.toThrow(/others\.X \(P × N0\) is 2 × 3.*2 × 4/);
    await expect(gateKernel({ X: matrix(2, 0) })).rejects.toThrow(/inputs\.X is 2 × 0/);
    await expect(gateKernel({ X }, others)).rejects.toThrow(/only one of inputs and others has codes/);
    await expect(gateKernel({ X, codes: matrix(3, 2) })).rejects.toThrow(/inputs\.codes \(P × N_z\) is 3 × 2.*9 × 2/);
    await expect(gateKernel({ X, codes: matrix(9, 0) })).rejects.toThrow(/inputs\.codes is 9 × 0/);
    await expect(gateKernel(inputs, { X, codes: matrix(9, 2) })).rejects.toThrow(/others\.codes .* is 9 × 2.*9 × 3/);
    await expect(gateKernel({ X }, undefined, { threshold: Number.NaN })).rejects.toThrow(/threshold is NaN/);
    await expect(gateKernel(inputs, undefined, { strength: Number.POSITIVE_INFINITY })).rejects.toThrow(
      /strength is Infinity/,
    );
    await expect(gateKernel({ X }, undefined, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'GGDLN_CANCELLED',
    });
  });
});
