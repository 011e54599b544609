import { copy, matrix, transpose } from '@ggdln/linalg';
import { type Check, demand } from '../check.ts';
import { demandSameBits } from '../compare.ts';
import { demandEqual, gaussianMatrix, type LinalgCheck, multiply, SIZES } from './reference.ts';

/** Rows, inner length and columns: empty, vectors, odd, long one way, across blocks. */
const SHAPES = [
  [0, 0, 0],
  [3, 0, 2],
  [0, 4, 3],
  [2, 3, 0],
  [1, 1, 1],
  [1, 7, 5],
  [5, 7, 1],
  [1, 300, 1],
  [3, 5, 2],
  [4, 4, 4],
  [65, 3, 130],
  [33, 270, 18],
  [130, 65, 67],
  [2, 1, 1030],
] as const;

const TRANSPOSES = [false, true].flatMap((transA) => [false, true].map((transB) => ({ transA, transB })));

/** Products: gemm and syrk against their definition. */
export function productChecks(check: LinalgCheck): Check[] {
  return [
    check('multiplies like the definition, for all shapes and transposes', ({ gemm }) => {
      for (const [m, k, n] of SHAPES) {
        const a = gaussianMatrix(m, k, 1);
        const b = gaussianMatrix(k, n, 2);
        for (const { transA, transB } of TRANSPOSES) {
          const what = `${m} × ${k} by ${k} × ${n}${transA ? ', transA' : ''}${transB ? ', transB' : ''}`;
          const product = gemm(transA ? transpose(a) : a, transB ? transpose(b) : b, { transA, transB, alpha: -0.75 });
          demandEqual(what, product, multiply(a, b, -0.75));
        }
      }
    }),
    check('puts alpha · A B + beta · out into out', ({ gemm }) => {
      for (const [m, k, n] of SHAPES) {
        const a = gaussianMatrix(m, k, 1);
        const b = gaussianMatrix(k, n, 2);
        const out = gaussianMatrix(m, n, 3);
        const expected = multiply(a, b, 2);
        for (let at = 0; at < expected.data.length; at++) expected.data[at] -= 0.5 * out.data[at];
        const result = gemm(a, b, { alpha: 2, beta: -0.5, out });
        demand(result.data === out.data, 'the result is not in out');
        demandEqual(`${m} × ${k} by ${k} × ${n} into out`, out, expected);
      }
    }),
    check('does not read out when beta is 0', ({ gemm }) => {
      for (const [m, n] of [
        [5, 3],
        [4, 1],
      ] as const) {
        const a = gaussianMatrix(m, 4);
        const b = gaussianMatrix(4, n);
        const out = matrix(m, n, new Float64Array(m * n).fill(Number.NaN));
        demandEqual('product over an out of NaN', gemm(a, b, { out }), multiply(a, b));
      }
    }),
    check('makes the full and exactly symmetric AAᵀ and AᵀA', ({ syrk }) => {
      for (const [m, k] of SHAPES) {
        const a = gaussianMatrix(m, k);
        for (const trans of [false, true]) {
          const square = syrk(a, { trans, alpha: 0.5 });
          demandEqual(
            `${trans ? 'AᵀA' : 'AAᵀ'} of ${m} × ${k}`,
            square,
            trans ? multiply(transpose(a), a, 0.5) : multiply(a, transpose(a), 0.5),
          );
          demandSameBits('transpose of the square', transpose(square).data, square.data);
        }
      }
    }),
    check('multiplies exactly where no rounding occurs, whatever was computed before', ({ gemm, cholesky }) => {
      for (const n of SIZES) {
        const whole = matrix(
          n,
          n,
          Float64Array.from({ length: n * n }, (_, at) => ((at * 7) % 11) - 5),
        );
        const before = copy(whole);
        demandSameBits(`${n} × ${n}`, gemm(whole, whole).data, multiply(whole, whole).data);
        cholesky(matrix(1, 1, Float64Array.of(2)));
        demandSameBits(`${n} × ${n} again`, gemm(whole, whole).data, multiply(whole, whole).data);
        demandSameBits('argument afterwards', whole.data, before.data);
      }
    }),
  ];
}
