import type { LinalgBackend, Matrix } from '@ggdln/core';
import { matrix, matrixFromRows, maxAbs, symmetrise } from '@ggdln/linalg';
import { type Check, demand } from '../check.ts';
import { distance, type NastyMatrix } from './nasty.ts';
import { gaussianMatrix, type LinalgCheck, positiveMatrix } from './reference.ts';

/** Sizes on both sides of tiles, small blocks and strips of the backends that we know. */
const SIZES = [1, 3, 31, 32, 33, 64, 65, 130, 257];

type Compute = (backend: LinalgBackend) => Matrix;

/**
 * Two backends give the same numbers: to 1e-9 of the largest where the problem is well-conditioned; on nasty matrices
 * within what backward stability leaves open, that is 2n ε λ_max for eigenvalues and 4n ε κ |x| for solutions and inverses.
 */
export function agreementChecks(
  check: LinalgCheck,
  makeReference: () => LinalgBackend | Promise<LinalgBackend>,
  matrices: Readonly<Record<string, NastyMatrix>>,
): Check[] {
  const compare = async (what: string, backend: LinalgBackend, compute: Compute, tolerance = 1e-9) => {
    const [found, expected] = [compute(backend), compute(await makeReference())];
    const apart = distance(found.data, expected.data) / Math.max(maxAbs(expected), Number.MIN_VALUE);
    demand(apart <= tolerance, `${what}: the backends are ${apart} of the largest number apart, allowed ${tolerance}`);
  };
  return [
    ...SIZES.map((n) =>
      check(`agrees with the reference at n = ${n}`, async (backend) => {
        for (const [what, compute] of Object.entries(wellConditioned(n))) await compare(what, backend, compute);
      }),
    ),
    check('agrees with the reference on matrices that are long one way', async (backend) => {
      const [long, wide, tall] = [gaussianMatrix(5, 300), gaussianMatrix(300, 1100), gaussianMatrix(1030, 3)];
      await compare('gemm', backend, ({ gemm }) => gemm(long, wide));
      await compare('syrk', backend, ({ syrk }) => syrk(tall));
    }),
    ...Object.entries(matrices).map(([name, nasty]) =>
      check(`agrees with the reference on ${name}, as far as its condition allows`, async (backend) => {
        const a = matrixFromRows(nasty.matrix);
        const n = a.rows;
        const bound = n * Number.EPSILON;
        await compare('eigenvalues', backend, ({ symmetricEigen }) => row(symmetricEigen(a).values), 2 * bound);
        if (!nasty.positiveDefinite) return;
        const condition = nasty.eigenvalues[n - 1] / nasty.eigenvalues[0];
        const solution: Compute = ({ cholesky, choleskySolve }) => choleskySolve(cholesky(a), gaussianMatrix(n, 2));
        await compare('solution', backend, solution, 4 * bound * condition);
        const inverse: Compute = ({ cholesky, choleskyInverse }) => choleskyInverse(cholesky(a));
        await compare('inverse', backend, inverse, 4 * bound * condition);
      }),
    ),
  ];
}

const row = (values: Float64Array) => matrix(1, values.length, values);

/** Well-conditioned problems of one size, each with one answer. */
function wellConditioned(n: number): Readonly<Record<string, Compute>> {
  const a = gaussianMatrix(n, n + 2);
  const b = gaussianMatrix(n + 2, 7);
  const rhs = gaussianMatrix(n, 5);
  const positive = positiveMatrix(n);
  const symmetric = symmetrise(gaussianMatrix(n, n));
  const tall = gaussianMatrix(2 * n, n);
  return {
    gemm: ({ gemm }) => gemm(a, b),
    'gemm of transposes': ({ gemm }) => gemm(b, a, { transA: true, transB: true }),
    AAᵀ: ({ syrk }) => syrk(a),
    AᵀA: ({ syrk }) => syrk(a, { trans: true }),
    cholesky: ({ cholesky }) => cholesky(positive),
    choleskyInverse: ({ cholesky, choleskyInverse }) => choleskyInverse(cholesky(positive)),
    choleskySolve: ({ cholesky, choleskySolve }) => choleskySolve(cholesky(positive), rhs),
    triangularSolve: ({ cholesky, triangularSolve }) => triangularSolve(cholesky(positive), rhs, { trans: true }),
    eigenvalues: ({ symmetricEigen }) => row(symmetricEigen(symmetric).values),
    // exp(A/√n) = V exp(Λ/√n) Vᵀ: single eigenvectors have signs of their own, this has not.
    'function of a symmetric matrix': ({ symmetricEigen, gemm }) => {
      const { values, vectors } = symmetricEigen(symmetric);
      const scaled = vectors.data.map((value, at) => value * Math.exp(values[at % n] / Math.sqrt(n)));
      return gemm(matrix(n, n, scaled), vectors, { transB: true });
    },
    'singular values': ({ svd }) => row(svd(tall).s),
    'least squares': ({ leastSquares }) => leastSquares(tall, gaussianMatrix(2 * n, 2)),
  };
}
