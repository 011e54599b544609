import type { LinalgBackend, Matrix } from '@ggdln/core';
import { identity, matrix, symmetrise, transpose } from '@ggdln/linalg';
import { type Check, demand } from '../check.ts';
import { demandClose, demandSameBits } from '../compare.ts';
import {
  demandEqual,
  demandOrthonormal,
  gaussianMatrix,
  type LinalgCheck,
  lowerTriangle,
  mapEntries,
  multiply,
  SIZES,
  timesDiagonal,
} from './reference.ts';

/** Eigenvectors, singular values, QR and least squares. */
export function spectralChecks(check: LinalgCheck): Check[] {
  return [
    check('finds orthonormal eigenvectors with ascending eigenvalues', (backend) => {
      for (const n of SIZES) demandEigen(`n = ${n}`, backend, symmetrise(gaussianMatrix(n, n)));
    }),
    check('finds eigenvectors of degenerate and low-rank matrices', (backend) => {
      for (const [name, a] of Object.entries(degenerateMatrices())) demandEigen(name, backend, a);
    }),
    check('finds eigenvalues of tiny and huge matrices as of ordinary ones', ({ symmetricEigen }) => {
      const a = symmetrise(gaussianMatrix(9, 9));
      const { values } = symmetricEigen(a);
      for (const scale of [2 ** -1000, 2 ** 900]) {
        const scaled = symmetricEigen(mapEntries(a, (value) => value * scale)).values;
        const what = `eigenvalues of the matrix times ${scale}`;
        demandClose(
          what,
          scaled.map((value) => value / scale),
          values,
        );
      }
    }),
    check('finds eigenvalues and singular values at both ends of the numbers', ({ symmetricEigen, svd }) => {
      for (const size of [Number.MIN_VALUE, 1.7e308]) {
        const a = matrix(2, 2, Float64Array.of(0, size, size, 0));
        const relative = (values: Float64Array) => values.map((value) => value / size);
        demandClose(`eigenvalues ±${size}`, relative(symmetricEigen(a).values), [-1, 1]);
        demandClose(`singular values ${size}`, relative(svd(a).s), [1, 1]);
      }
    }),
    check('reads the lower triangle of a symmetric matrix only', ({ symmetricEigen }) => {
      const a = symmetrise(gaussianMatrix(20, 20));
      const { values, vectors } = symmetricEigen(lowerTriangle(a, Number.NaN));
      demandSameBits('eigenvalues', values, symmetricEigen(a).values);
      demandSameBits('eigenvectors', vectors.data, symmetricEigen(a).vectors.data);
    }),
    check('takes matrices apart into U diag(s) Vᵀ with s descending', (backend) => {
      for (const [name, a] of Object.entries(rectangularMatrices())) demandSvd(name, backend, a);
    }),
    check('takes matrices apart into Q R', (backend) => {
      for (const [name, a] of Object.entries(rectangularMatrices())) {
        if (a.rows >= a.cols) demandQr(name, backend, a);
      }
    }),
    check('keeps the digits of tiny columns beside large ones in Q R', ({ qr }) => {
      const sizes = [1e100, 1, 1e-60, 1e-150];
      const ordinary = gaussianMatrix(9, sizes.length);
      const { q, r } = qr(timesDiagonal(ordinary, sizes));
      demandOrthonormal('Q', q);
      demandEqual(
        'Q R, each column divided by its size',
        multiply(
          q,
          mapEntries(r, (value, _, j) => value / sizes[j]),
        ),
        ordinary,
      );
    }),
    check('finds the least-squares solution of minimum norm', demandLeastSquares),
    check('counts singular values below rcond of the largest as zero', ({ leastSquares }) => {
      const a = matrix(3, 2, Float64Array.of(2, 0, 0, 1e-3, 0, 0));
      const b = matrix(3, 1, Float64Array.of(2, 1, 1));
      demandEqual('kept', leastSquares(a, b), matrix(2, 1, Float64Array.of(1, 1000)));
      demandEqual('dropped', leastSquares(a, b, 1e-2), matrix(2, 1, Float64Array.of(1, 0)));
    }),
  ];
}

function demandEigen(name: string, { symmetricEigen }: LinalgBackend, a: Matrix): void {
  const { values, vectors } = symmetricEigen(a);
  demand(values.length === a.rows, `${name}: ${values.length} eigenvalues, expected ${a.rows}`);
  for (let i = 1; i < values.length; i++) {
    demand(
      values[i] >= values[i - 1],
      `${name}: eigenvalue ${i}, ${values[i]}, is below the one before, expected ascending ones`,
    );
  }
  demandOrthonormal(`${name}: eigenvectors`, vectors);
  demandEqual(`${name}: A V`, multiply(a, vectors), timesDiagonal(vectors, values));
}

/** Symmetric matrices with repeated eigenvalues. Gates make such: 0, 1 or ±1 in blocks of low rank. */
function degenerateMatrices(): Record<string, Matrix> {
  const n = 64;
  const fill = (f: (i: number, j: number) => number) => mapEntries(matrix(n, n), (_, i, j) => f(i, j));
  return {
    zero: matrix(n, n),
    identity: identity(n, 3),
    ones: fill(() => 1),
    'one-hot blocks': fill((i, j) => (i % 6 === j % 6 ? 1 : 0)),
    'alternating signs, rank 2': fill((i, j) => (-1) ** (i * j)),
    'one large entry': fill((i, j) => (i === j ? (i === 0 ? 1e6 : 1) : 0)),
    'pairs of opposite eigenvalues': fill((i, j) => (Math.abs(i - j) === 1 ? 1 : 0)),
    'almost the identity': fill((i, j) => (i === j ? 1 : 1e-17 * Math.sin(i * j))),
  };
}

function rectangularMatrices(): Record<string, Matrix> {
  const { zero, ones, identity: scalar, ...degenerate } = degenerateMatrices();
  return {
    empty: matrix(0, 0),
    'no columns': matrix(3, 0),
    'no rows': matrix(0, 3),
    number: matrix(1, 1, Float64Array.of(-2)),
    column: gaussianMatrix(7, 1),
    row: gaussianMatrix(1, 7),
    tall: gaussianMatrix(40, 17),
    wide: gaussianMatrix(5, 33),
    square: gaussianMatrix(33, 33),
    'rank 2': multiply(gaussianMatrix(20, 2), gaussianMatrix(2, 9)),
    'zero columns': mapEntries(gaussianMatrix(9, 5), (value, _, j) => (j % 2 === 0 ? 0 : value)),
    graded: mapEntries(gaussianMatrix(12, 10), (value, _, j) => value * 10 ** (-4 * j)),
    // Takes cyclic Jacobi rotations more than 60 sweeps.
    'rows of very different sizes': mapEntries(
      gaussianMatrix(160, 130),
      (value, i) => value * 10 ** (70 * Math.sin(i * i) - 70),
    ),
    zero,
    ones,
    scalar,
    ...degenerate,
  };
}

function demandSvd(name: string, { svd }: LinalgBackend, a: Matrix): void {
  const k = Math.min(a.rows, a.cols);
  const { u, s, v } = svd(a);
  demand(u.rows === a.rows && u.cols === k, `${name}: U is ${u.rows} × ${u.cols}, expected ${a.rows} × ${k}`);
  demand(v.rows === a.cols && v.cols === k, `${name}: V is ${v.rows} × ${v.cols}, expected ${a.cols} × ${k}`);
  demand(s.length === k, `${name}: ${s.length} singular values, expected ${k}`);
  for (let i = 0; i < k; i++) {
    demand(
      s[i] >= 0 && s[i] <= (s[i - 1] ?? Infinity),
      `${name}: singular value ${i} is ${s[i]}, expected ≥ 0 and no larger than the one before`,
    );
  }
  demandOrthonormal(`${name}: U`, u);
  demandOrthonormal(`${name}: V`, v);
  demandEqual(`${name}: U diag(s) Vᵀ`, multiply(timesDiagonal(u, s), transpose(v)), a);
}

function demandQr(name: string, { qr }: LinalgBackend, a: Matrix): void {
  const { q, r } = qr(a);
  demand(q.rows === a.rows && q.cols === a.cols, `${name}: Q is ${q.rows} × ${q.cols}, expected ${a.rows} × ${a.cols}`);
  demandOrthonormal(`${name}: Q`, q);
  demandSameBits(`${name}: transpose of R below its diagonal`, transpose(r).data, lowerTriangle(transpose(r)).data);
  for (let i = 0; i < r.rows; i++) {
    const pivot = r.data[i * (r.cols + 1)];
    demand(pivot >= 0, `${name}: diagonal entry ${i} of R is ${pivot}, expected ≥ 0, which makes the factors unique`);
  }
  demandEqual(`${name}: Q R`, multiply(q, r), a);
}

function demandLeastSquares({ leastSquares }: LinalgBackend): void {
  const factors = { left: gaussianMatrix(30, 3), right: gaussianMatrix(3, 12) };
  const cases = {
    'full rank': gaussianMatrix(30, 12),
    underdetermined: gaussianMatrix(8, 20),
    'rank 3': multiply(factors.left, factors.right),
    zero: matrix(6, 4),
  };
  for (const [name, a] of Object.entries(cases)) {
    const b = gaussianMatrix(a.rows, 4);
    const x = leastSquares(a, b);
    const residual = mapEntries(multiply(a, x), (value, i, j) => value - b.data[i * b.cols + j]);
    demandEqual(`${name}: Aᵀ(AX − B)`, multiply(transpose(a), residual), matrix(a.cols, 4));
    // Minimum norm: X = Aᵀ Z for some Z, so that solving for Z again changes nothing.
    const again = multiply(transpose(a), leastSquares(transpose(a), x));
    demandEqual(`${name}: part of X in the row space of A`, again, x, 1e-10);
  }
}
