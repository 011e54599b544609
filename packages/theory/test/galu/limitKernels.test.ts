import { createRandom } from '@ggdln/core';
import { type Matrix, matrix, matrixFromRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { galuLimitKernels, galuMap } from '../../src/galu/index.ts';
import { distance, gaussianMatrix } from '../helpers.ts';
import { at, linalg, negative, onSphere } from './helpers.ts';

const X = gaussianMatrix(createRandom(3), 12, 5);

/** Kernel of k drawn neurons. */
function finite(inputs: Matrix, k: number, seed = 7): Matrix {
  return galuMap(inputs, { U: gaussianMatrix(createRandom(seed), k, inputs.cols) }, linalg).kernel();
}

describe('the kernels of infinitely many neurons', () => {
  it('are approached as k^(−1/2)', () => {
    const inputs = onSphere(2, 30, 8);
    const { galu } = galuLimitKernels(inputs);
    const errors = [100, 10_000].map((k) => distance(finite(inputs, k).data, galu.data));
    // An entry's standard deviation is at most 1/(2√k); the largest of 435 is about three of these.
    expect(errors[0]).toBeLessThan(0.2);
    expect(errors[0]).toBeGreaterThan(0.05);
    expect(errors[1]).toBeLessThan(0.02);
  });

  it('take known values for equal, opposite and orthogonal inputs', () => {
    const { galu, gates } = galuLimitKernels(X);
    for (let row = 0; row < X.rows; row++) {
      const square = X.data.subarray(row * 5, (row + 1) * 5).reduce((sum, value) => sum + value * value, 0);
      expect(at(galu, row, row)).toBeCloseTo(square / 2, 13);
      expect(at(gates, row, row)).toBeCloseTo(0.5, 15);
    }
    const opposite = galuLimitKernels(X, negative(X));
    for (let row = 0; row < X.rows; row++) expect(Math.abs(at(opposite.galu, row, row))).toBeLessThan(1e-15);
    const crossed = galuLimitKernels(matrixFromRows([[3, 0]]), matrixFromRows([[0, 2]]));
    expect(crossed.galu.data[0]).toBe(0);
    expect(crossed.gates.data[0]).toBeCloseTo(0.25, 15);
    expect(crossed.reluFeatures.data[0]).toBeCloseTo(6 / (2 * Math.PI), 14);
  });

  it('are degree 1 plus even degrees of the overlap', () => {
    for (const rho of [-0.99, -0.9, -0.3, 0, 0.2, 0.7, 0.9 - 1e-12, 0.9 + 1e-12, 0.99]) {
      const [a, b] = [matrixFromRows([[1, 0]]), matrixFromRows([[rho, Math.sqrt(1 - rho * rho)]])];
      expect(galuLimitKernels(a, b).galu.data[0]).toBeCloseTo(rho / 4 + (rho * Math.asin(rho)) / (2 * Math.PI), 14);
    }
  });

  it('keep their digits near parallel inputs, where acos loses half of them', () => {
    const angle = 1e-9;
    const { gates } = galuLimitKernels(matrixFromRows([[1, 0]]), matrixFromRows([[Math.cos(angle), Math.sin(angle)]]));
    expect((0.5 - gates.data[0]) * 2 * Math.PI).toBeCloseTo(angle, 15);
  });

  it('make up the tangent kernel of a ReLU network: first layer plus readout', () => {
    const k = 100_000;
    const inputs = onSphere(4, 4, 3);
    const { galu, reluFeatures, reluTangent } = galuLimitKernels(inputs);
    expect(
      distance(
        reluTangent.data,
        galu.data.map((value, i) => value + reluFeatures.data[i]),
      ),
    ).toBe(0);
    const W = gaussianMatrix(createRandom(9), k, 3);
    const hidden = linalg.gemm(inputs, W, { transB: true });
    hidden.data.forEach((value, i) => {
      hidden.data[i] = Math.max(0, value);
    });
    expect(distance(linalg.syrk(hidden, { alpha: 1 / k }).data, reluFeatures.data)).toBeLessThan(0.02);
    expect(distance(finite(inputs, k, 9).data, galu.data)).toBeLessThan(0.01);
  });

  it('agree with open gates at a zero vector, which has no angle', () => {
    const inputs = matrixFromRows([
      [0, 0],
      [1, 2],
    ]);
    const limit = galuLimitKernels(inputs);
    expect(Array.from(limit.gates.data)).toEqual([1, 0.5, 0.5, 0.5]);
    expect(Array.from(limit.reluTangent.data.slice(0, 3))).toEqual([0, 0, 0]);
    const { gates } = galuMap(inputs, { U: gaussianMatrix(createRandom(1), 20_000, 2) }, linalg);
    expect(distance(linalg.syrk(gates, { alpha: 1 / 20_000 }).data, limit.gates.data)).toBeLessThan(0.02);
  });

  it('keep the smallest eigenvalue away from 0 on random unit inputs, as the page says', () => {
    const smallest = (m: number, d: number) =>
      linalg.symmetricEigen(galuLimitKernels(onSphere(8, m, d)).galu).values[0];
    // 0.3150 ± 0.0032 and 0.1050 ± 0.0006 (standard errors of three draws): four deviations of a single one.
    expect(Math.abs(smallest(100, 400) - 0.315)).toBeLessThan(4 * Math.sqrt(3) * 0.0032);
    expect(Math.abs(smallest(400, 40) - 0.105)).toBeLessThan(4 * Math.sqrt(3) * 0.0006);
  });

  it('refuse inputs of different dimensions', () => {
    expect(() => galuLimitKernels(X, matrix(2, 4))).toThrow(/X2 \(m2 × d\) is 2 × 4\. It should be 2 × 5/);
  });
});
