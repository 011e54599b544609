import type { LinalgBackend, Matrix } from '@ggdln/core';
import { copy, matrix, symmetrise } from '@ggdln/linalg';
import { type Check, demand, demandRefusal } from '../check.ts';
import { demandSameBits } from '../compare.ts';
import { demandMessage } from './cholesky.ts';
import { gaussianMatrix, type LinalgCheck, lowerTriangle, mapEntries, positiveMatrix } from './reference.ts';

/** Every operation on given arguments; each result as one list of numbers. */
const OPERATIONS: { readonly [name: string]: (backend: LinalgBackend, a: Matrix, b: Matrix) => Matrix[] } = {
  gemm: (backend, a, b) => [backend.gemm(a, b)],
  'gemm with vectors': (backend, a, b) => [backend.gemm(a, column(b)), backend.gemm(column(b), a, { transA: true })],
  syrk: (backend, a) => [backend.syrk(a)],
  cholesky: (backend, a) => [backend.cholesky(a)],
  choleskyInverse: (backend, a) => [backend.choleskyInverse(lowerTriangle(a))],
  choleskySolve: (backend, a, b) => [backend.choleskySolve(lowerTriangle(a), b)],
  triangularSolve: (backend, a, b) => [
    backend.triangularSolve(lowerTriangle(a), b),
    backend.triangularSolve(lowerTriangle(a), column(b), { trans: true }),
  ],
  symmetricEigen: (backend, a) => {
    const { values, vectors } = backend.symmetricEigen(a);
    return [matrix(1, values.length, values), vectors];
  },
  svd: (backend, a) => {
    const { u, s, v } = backend.svd(a);
    return [u, matrix(1, s.length, s), v];
  },
  qr: (backend, a) => Object.values(backend.qr(a)),
  leastSquares: (backend, a, b) => [backend.leastSquares(a, b)],
};

const column = (a: Matrix) => matrix(a.rows, 1, a.data.slice(0, a.rows));

/** What every operation does alike: no side effects, same bits, refusals. */
export function habitChecks(check: LinalgCheck, makeBackend: () => LinalgBackend | Promise<LinalgBackend>): Check[] {
  return [
    check('has a short name and a line for people', ({ name, description }) => {
      demand(
        /^[a-z][a-z0-9-]*$/.test(name),
        `the name "${name}" is not short and in lower case, expected one like wasm`,
      );
      demand(
        description.trim() !== '' && !description.includes('\n'),
        'the description is not one line, expected what runs, e.g. OpenBLAS 0.3, one thread',
      );
    }),
    check('leaves its arguments as they are', (backend) => {
      const { a, b } = operands(40);
      for (const [name, run] of Object.entries(OPERATIONS)) {
        const [first, second] = [copy(a), copy(b)];
        run(backend, first, second);
        demandSameBits(`${name}: first argument`, first.data, a.data);
        demandSameBits(`${name}: second argument`, second.data, b.data);
      }
    }),
    check('gives the same bits again, also after other work and from a new backend', async (backend) => {
      const { a, b } = operands(40);
      const fresh = await makeBackend();
      for (const [name, run] of Object.entries(OPERATIONS)) {
        const expected = run(backend, a, b).map((result) => result.data.slice());
        for (const other of Object.values(OPERATIONS)) other(backend, operands(7).a, operands(7).b);
        for (const again of [run(backend, a, b), run(fresh, a, b)]) {
          for (const [at, { data }] of again.entries()) demandSameBits(`${name} again`, data, expected[at]);
        }
      }
    }),
    check('keeps earlier results when it computes others', (backend) => {
      const { a, b } = operands(20);
      const results = Object.values(OPERATIONS).flatMap((run) => run(backend, a, b));
      const before = results.map((result) => result.data.slice());
      for (const run of Object.values(OPERATIONS)) run(backend, b, a);
      for (const [at, { data }] of results.entries()) demandSameBits(`result ${at}`, data, before[at]);
    }),
    check('refuses numbers that are not finite', async (backend) => {
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) await demandFinite(backend, bad);
    }),
    check('refuses shapes that do not fit, and says which they are', demandShapes),
    check('refuses results beyond the largest number', async (backend) => {
      const huge = mapEntries(positiveMatrix(6), (value) => value * 1e300);
      const refuse = (name: string, run: () => unknown) => demandRefusal(`${name} of 1e300`, run, 'GGDLN_NUMERICAL');
      await refuse('gemm', () => backend.gemm(huge, huge));
      await refuse('syrk', () => backend.syrk(huge));
      // Only what is below the diagonal overflows.
      const beside = matrix(2, 2, Float64Array.of(0, 0, 1.7e308, 0));
      const ones = matrix(2, 1, Float64Array.of(1e154, 1e154));
      await refuse('syrk onto out', () => backend.syrk(ones, { beta: 1, out: copy(beside) }));
      await refuse('lower syrk onto out', () => backend.syrk(ones, { beta: 1, lowerOnly: true, out: copy(beside) }));
      const largest = matrix(4, 4, new Float64Array(16).fill(Number.MAX_VALUE));
      await refuse('symmetricEigen', () => backend.symmetricEigen(largest));
      await refuse('svd', () => backend.svd(largest));
      await refuse('qr', () => backend.qr(largest));
      const tiny = matrix(2, 2, Float64Array.of(1e-200, 0, 0, 1e-200));
      const solve = () =>
        backend.leastSquares(
          tiny,
          mapEntries(tiny, () => 1e200),
        );
      await demandMessage('leastSquares of 1e200 by 1e-200', solve, 'GGDLN_NUMERICAL', 'leastSquares', 'overflow');
    }),
  ];
}

/** Two symmetric positive definite matrices. */
function operands(n: number): { a: Matrix; b: Matrix } {
  return { a: symmetrise(positiveMatrix(n, 1)), b: symmetrise(positiveMatrix(n, 2)) };
}

async function demandFinite(backend: LinalgBackend, bad: number): Promise<void> {
  const { a, b } = operands(9);
  const broken = (good: Matrix) => mapEntries(good, (value, i, j) => (i === 4 && j === 2 ? bad : value));
  for (const [name, run] of Object.entries(OPERATIONS)) {
    await demandMessage(`${name} of ${bad}`, () => run(backend, broken(a), b), 'GGDLN_INPUT', `${bad}`);
  }
  // A division by an infinite pivot leaves 0, in which nothing shows.
  const pivot = mapEntries(a, (value, i, j) => (i === 4 && j === 4 ? bad : value));
  for (const name of ['choleskyInverse', 'choleskySolve', 'triangularSolve', 'cholesky']) {
    const run = () => OPERATIONS[name](backend, pivot, b);
    await demandMessage(`${name} with a pivot of ${bad}`, run, 'GGDLN_INPUT', `${bad}`);
  }
  await demandMessage(
    `gemm onto ${bad}`,
    () => backend.gemm(a, b, { beta: 1, out: broken(a) }),
    'GGDLN_INPUT',
    `${bad}`,
  );
  const onto = () => backend.syrk(a, { beta: 1, out: broken(a) });
  await demandMessage(`syrk onto ${bad}`, onto, 'GGDLN_INPUT', `${bad}`);
  const vector = matrix(9, 1, Float64Array.of(1, 1, 1, 1, bad, 1, 1, 1, 1));
  for (const name of ['choleskySolve', 'triangularSolve', 'leastSquares', 'gemm']) {
    const run = OPERATIONS[name];
    await demandMessage(`${name} for ${bad}`, () => run(backend, a, broken(b)), 'GGDLN_INPUT', `${bad}`);
    await demandMessage(`${name} for a vector of ${bad}`, () => run(backend, a, vector), 'GGDLN_INPUT', `${bad}`);
  }
}

async function demandShapes(backend: LinalgBackend): Promise<void> {
  const of = gaussianMatrix;
  const refuse = (name: string, run: () => unknown, ...words: string[]) =>
    demandMessage(name, run, 'GGDLN_INPUT', ...words);
  await refuse('gemm of 3 × 4 by 5 × 6', () => backend.gemm(of(3, 4), of(5, 6)), '3 × 4', '5 × 6');
  await refuse('gemm with transA', () => backend.gemm(of(4, 3), of(5, 6), { transA: true }), '3 × 4', '5 × 6');
  await refuse('gemm into 3 × 3', () => backend.gemm(of(3, 4), of(4, 6), { out: of(3, 3) }), '3 × 3', '3 × 6');
  await refuse('gemm with beta alone', () => backend.gemm(of(3, 4), of(4, 6), { beta: 1 }), 'out');
  const square = of(4, 4);
  await refuse(
    'gemm with lowerA',
    () => backend.gemm(square, square, { lowerA: true, transA: true }),
    'lowerA',
    'transA',
  );
  await refuse('gemm into its argument', () => backend.gemm(square, of(4, 4), { out: square }), 'memory');
  await refuse('alpha of NaN', () => backend.gemm(square, square, { alpha: Number.NaN }), 'NaN');
  await refuse('syrk with alpha of NaN', () => backend.syrk(square, { alpha: Number.NaN }), 'NaN');
  await refuse('syrk into 3 × 3', () => backend.syrk(square, { out: of(3, 3) }), '3 × 3', '4 × 4');
  await refuse('syrk with beta alone', () => backend.syrk(square, { beta: 1 }), 'out');
  await refuse('syrk into its argument', () => backend.syrk(square, { out: square }), 'memory');
  await refuse('cholesky of 3 × 4', () => backend.cholesky(of(3, 4)), '3 × 4');
  await refuse('choleskyInverse of 3 × 4', () => backend.choleskyInverse(of(3, 4)), '3 × 4');
  await refuse('choleskySolve of 4 × 4 for 5 × 1', () => backend.choleskySolve(square, of(5, 1)), '4 × 4', '5 × 1');
  await refuse('triangularSolve of 4 × 4 for 3 × 2', () => backend.triangularSolve(square, of(3, 2)), '3 × 2');
  await refuse('symmetricEigen of 3 × 4', () => backend.symmetricEigen(of(3, 4)), '3 × 4');
  await refuse('qr of 3 × 4', () => backend.qr(of(3, 4)), '3 × 4');
  await refuse('leastSquares of 3 × 4 for 5 × 1', () => backend.leastSquares(of(3, 4), of(5, 1)), '3 × 4', '5 × 1');
  await refuse('rcond of −1', () => backend.leastSquares(of(3, 4), of(3, 1), -1), '-1');
}
