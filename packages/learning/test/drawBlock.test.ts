import { identity, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { drawGaussianBlock } from '../src/index.ts';
import { linalg, normal } from './problems.ts';

const SIGMA = 1.3;
const [P, SIZE] = [4, 7];
const design = normal(P, SIZE, 'design');
const y = normal(P, 1, 'targets').data;
const column = (values: Float64Array) => matrix(values.length, 1, values);
const block = {
  size: SIZE,
  gram: () => linalg.syrk(design),
  forward: (w: Float64Array) => linalg.gemm(design, column(w)).data,
  adjoint: (r: Float64Array) => linalg.gemm(design, column(r), { transA: true }).data,
};
const draw = (prior: Float64Array, noise: Float64Array, temperature: number, targets = y) =>
  drawGaussianBlock(block, { y: targets, sigma: SIGMA, temperature, prior, noise, name: 'w' }, linalg).weights;
const unit = (n: number, k: number, value = 1) => Float64Array.from({ length: n }, (_, i) => (i === k ? value : 0));

describe.each([0, 0.4])('drawGaussianBlock at T = %d', (temperature) => {
  it('has the mean of ridge regression', () => {
    const mean = draw(new Float64Array(SIZE), new Float64Array(P), temperature);
    // (AᵀA + T/σ² I) w = Aᵀy; at T = 0 the smallest solution of Aw = y.
    const residual = linalg.gemm(design, column(mean)).data.map((f, i) => y[i] - f);
    const normalEquations = linalg.gemm(design, column(residual), { transA: true }).data;
    for (let i = 0; i < SIZE; i++) expect(normalEquations[i]).toBeCloseTo((temperature / SIGMA ** 2) * mean[i], 12);
    const smallest = linalg.leastSquares(design, column(y)).data;
    if (temperature === 0) for (let i = 0; i < SIZE; i++) expect(mean[i]).toBeCloseTo(smallest[i], 12);
  });

  it('has the posterior covariance σ²I − σ⁴Aᵀ(σ²AAᵀ + TI)⁻¹A exactly', () => {
    // The draw is affine in (w0, ξ) ~ N(0, σ²I), N(0, I): its covariance is JJᵀ of its Jacobian.
    const zero = new Float64Array(P);
    const columns = [
      ...Array.from({ length: SIZE }, (_, k) => draw(unit(SIZE, k, SIGMA), zero, temperature, zero)),
      ...Array.from({ length: P }, (_, k) => draw(new Float64Array(SIZE), unit(P, k), temperature, zero)),
    ];
    const covariance = linalg.syrk(matrix(columns.length, SIZE, Float64Array.from(columns.flatMap((c) => [...c]))), {
      trans: true,
    });
    const K = linalg.gemm(design, design, { transB: true, alpha: SIGMA ** 2, beta: 1, out: identity(P, temperature) });
    const solved = linalg.choleskySolve(linalg.cholesky(K), design);
    const expected = linalg.gemm(design, solved, {
      transA: true,
      alpha: -(SIGMA ** 4),
      beta: 1,
      out: identity(SIZE, SIGMA ** 2),
    });
    for (let k = 0; k < SIZE * SIZE; k++) expect(covariance.data[k]).toBeCloseTo(expected.data[k], 12);
  });
});

describe('drawGaussianBlock on singular blocks', () => {
  const noise = new Float64Array(P);
  const prior = new Float64Array(SIZE);

  it('names block, temperature and remedy, with the number of dead inputs', () => {
    const dead = {
      ...block,
      gram: () =>
        matrix(
          P,
          P,
          identity(P).data.map((value, k) => (k < P ? 0 : value)),
        ),
    };
    const problem = { y, sigma: 1, temperature: 0, prior, noise, name: 'W1' };
    expect(() => drawGaussianBlock(dead, problem, linalg)).toThrow(
      /block W1 is singular at T = 0; 1 of 4 training inputs have no active path.*Use a higher temperature/,
    );
  });

  it('does not take a pivot of rounding size for a number', () => {
    const thin = normal(P, 2, 'thin');
    const flat = { ...block, gram: () => linalg.syrk(thin) };
    const problem = { y, sigma: 1, temperature: 0, prior, noise, name: 'a' };
    expect(() => drawGaussianBlock(flat, problem, linalg)).toThrow('block a is singular at T = 0');
    expect(() => drawGaussianBlock(flat, { ...problem, temperature: 1e-17 }, linalg)).toThrow('singular at T = 1e-17');
  });
});
