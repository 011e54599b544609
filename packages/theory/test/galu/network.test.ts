import { createRandom } from '@ggdln/core';
import { add, identity, inner, matrix, matrixFromRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { galuGates, galuKernel, galuMap, galuWithBias } from '../../src/galu/index.ts';
import { distance, gaussianMatrix, scaled } from '../helpers.ts';
import { at, linalg, negative, randomGalu } from './helpers.ts';

const { X, network, alpha } = randomGalu();
const { U } = network;
const [k, d] = [U.rows, U.cols];
const rng = createRandom(5);
const weights = gaussianMatrix(rng, 2, k * d);
const map = galuMap(X, network, linalg);

describe('the network', () => {
  it('is a ReLU network where W = U', () => {
    const output = map.forward(matrix(1, k * d, U.data)).data;
    const relu = Array.from({ length: X.rows }, (_, row) => {
      let sum = 0;
      for (let j = 0; j < k; j++) {
        let product = 0;
        for (let i = 0; i < d; i++) product += at(U, j, i) * at(X, row, i);
        sum += alpha[j] * Math.max(0, product);
      }
      return sum / Math.sqrt(k);
    });
    expect(distance(output, relu)).toBeLessThan(1e-14);
  });

  it('is positively homogeneous in x and linear in W', () => {
    const first = map.forward(weights);
    expect(distance(galuMap(scaled(X, 3), network, linalg).forward(weights).data, scaled(first, 3).data)).toBeLessThan(
      1e-13,
    );
    const others = gaussianMatrix(rng, 2, k * d);
    const sum = map.forward(add(weights, others, 2, -3));
    expect(distance(sum.data, add(first, map.forward(others), 2, -3).data)).toBeLessThan(1e-13);
  });

  it('has gates that depend on the direction of U alone, and open at the boundary', () => {
    expect(galuGates(X, scaled(U, 0.1))).toEqual(map.gates);
    expect(galuGates(matrixFromRows([[1, 1]]), matrixFromRows([[1, -1]])).data[0]).toBe(1);
    expect(galuGates(matrix(1, d), U).data).toEqual(new Float64Array(k).fill(1));
    const other = galuGates(X, negative(U)).data;
    expect(map.gates.data.every((gate, i) => gate + other[i] === 1)).toBe(true);
  });

  it('is the linear model s (Σ_j α_j w_j)·x when all gates are open', () => {
    const open = galuMap(X, { ...network, gateBias: new Float64Array(k).fill(100), scale: 0.3 }, linalg);
    const sum = matrix(d, 1);
    for (let j = 0; j < k; j++) for (let i = 0; i < d; i++) sum.data[i] += 0.3 * alpha[j] * weights.data[j * d + i];
    const one = matrix(1, k * d, weights.data.slice(0, k * d));
    expect(distance(open.forward(one).data, linalg.gemm(X, sum).data)).toBeLessThan(1e-13);
  });

  it('is its features times the weights, with their transpose as adjoint and their Gram matrix as kernel', () => {
    const features = map.features();
    expect(distance(map.forward(weights).data, linalg.gemm(features, weights, { transB: true }).data)).toBeLessThan(
      1e-13,
    );
    const residual = gaussianMatrix(rng, X.rows, 2);
    expect(inner(map.forward(weights), residual)).toBeCloseTo(inner(weights, map.adjoint(residual)), 11);
    expect(distance(map.kernel().data, linalg.syrk(features).data)).toBeLessThan(1e-13);
    expect(distance(galuKernel(X, X, network, linalg).data, map.kernel().data)).toBeLessThan(1e-13);
    const other = gaussianMatrix(rng, 3, d);
    const cross = linalg.gemm(galuMap(other, network, linalg).features(), features, { transB: true });
    expect(distance(galuKernel(other, X, network, linalg).data, cross.data)).toBeLessThan(1e-13);
  });

  it('takes biases as a last input equal to 1', () => {
    const gateBias = rng.fillGaussian(new Float64Array(k));
    const scale = 0.7;
    const biased = galuWithBias(X, { ...network, gateBias, scale });
    const linear = rng.fillGaussian(new Float64Array(k));
    const W = gaussianMatrix(rng, k, d);
    const extended = matrix(1, k * (d + 1));
    for (let j = 0; j < k; j++) {
      extended.data.set(W.data.subarray(j * d, (j + 1) * d), j * (d + 1));
      extended.data[j * (d + 1) + d] = linear[j];
    }
    const products = linalg.gemm(X, W, { transB: true });
    const gates = galuGates(X, U, gateBias);
    expect(galuMap(biased.X, biased.network, linalg).gates).toEqual(gates);
    const expected = Array.from({ length: X.rows }, (_, row) =>
      linear.reduce((sum, c, j) => sum + scale * alpha[j] * at(gates, row, j) * (at(products, row, j) + c), 0),
    );
    expect(distance(galuMap(biased.X, biased.network, linalg).forward(extended).data, expected)).toBeLessThan(1e-13);
    // The default scale counts neurons, which stay as many.
    expect(galuWithBias(X, { U }).network.scale).toBe(1 / Math.sqrt(k));
  });

  it('names inputs with no open gate', () => {
    const line = galuMap(matrixFromRows([[1], [-1], [2]]), { U: matrixFromRows([[1], [3]]) }, linalg);
    expect(line.deadInputs).toEqual([1]);
    expect(line.forward(matrix(1, 2, Float64Array.of(5, 7))).data[1]).toBe(0);
  });
});

describe('bad input', () => {
  it.each([
    [() => galuGates(X, matrix(3, d + 1)), /U \(k × d\) is 3 × 5\. It should be 3 × 4/],
    [() => galuGates(X, U, new Float64Array(3)), /gateBias \(k\) is 3 × 1\. It should be 8 × 1/],
    [() => galuGates(matrix(1, 1, Float64Array.of(Number.NaN)), identity(1)), /X \(m × d\) has NaN at row 0, column 0/],
    [() => galuMap(X, { U: matrix(0, d) }, linalg), /U is 0 × 4: no neurons or no inputs/],
    [() => galuMap(X, { ...network, alpha: new Float64Array(2) }, linalg), /alpha \(k\) is 2 × 1\. It should be 8 × 1/],
    [() => galuMap(X, { ...network, scale: Number.NaN }, linalg), /scale is NaN\. Give a finite number/],
    [() => map.forward(matrix(1, 7)), /weights \(C × kd\) is 1 × 7\. It should be 1 × 32/],
    [() => map.adjoint(matrix(7, 1)), /residual \(m × C\) is 7 × 1\. It should be 20 × 1/],
    [() => galuWithBias(X, { ...network, gateBias: new Float64Array(2) }), /gateBias \(k\) is 2 × 1\. It should be 8/],
  ])('%# says what is wrong', (call, message) => {
    expect(call).toThrow(message);
  });
});
