import { describe, expect, it } from 'vitest';
import { createMlMatrixBackend, stableRate } from '../src/index.ts';

const linalg = createMlMatrixBackend();

describe('the stability limit of gradient descent', () => {
  it('is 2 over the largest eigenvalue of the Hessian, not over the largest in size', () => {
    const curvatures = [3, -50, 7, 0.1, 6.9];
    const gradient = (theta: Float64Array) => theta.map((value, i) => curvatures[i] * value);
    const { curvature, limit } = stableRate(gradient, Float64Array.of(1, 2, 3, 4, 5), linalg);
    expect(curvature).toBeCloseTo(7, 6);
    expect(limit).toBeCloseTo(2 / 7, 7);
  });

  it('depends on the place: x⁴/4 has curvature 3x²', () => {
    const at = (x: number) => stableRate((theta) => theta.map((value) => value ** 3), Float64Array.of(x), linalg);
    expect(at(2).curvature).toBeCloseTo(12, 6);
    expect(at(0).limit).toBeGreaterThan(1e9);
  });

  it('has no bound where nothing is curved upwards', () => {
    const falling = stableRate((theta) => theta.map((value) => -value), Float64Array.of(1, 2), linalg);
    expect(falling.limit).toBe(Number.POSITIVE_INFINITY);
    expect(stableRate((theta) => theta.map(() => 1), Float64Array.of(1, 2), linalg).limit).toBeGreaterThan(1e9);
  });
});
