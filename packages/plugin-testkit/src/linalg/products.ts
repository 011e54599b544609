import type { FlatProduct, LinalgBackend, Matrix } from '@ggdln/core';
import { copy, matrix, transpose } from '@ggdln/linalg';
import { type Check, demand } from '../check.ts';
import { demandClose, demandSameBits } from '../compare.ts';
import { demandMessage } from './cholesky.ts';
import { demandEqual, gaussianMatrix, type LinalgCheck, lowerTriangle, multiply, SIZES } from './reference.ts';

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
    check('multiplies matrices that are 0 above the diagonal', ({ gemm }) => {
      for (const [m, k, n] of SHAPES) {
        const full = gaussianMatrix(m, k, 1);
        const a = matrix(
          m,
          k,
          full.data.map((value, at) => (at % k > Math.floor(at / k) ? 0 : value)),
        );
        const b = gaussianMatrix(k, n, 2);
        const out = gaussianMatrix(m, n, 3);
        const what = `lower ${m} × ${k} by ${k} × ${n}`;
        demandEqual(what, gemm(a, b, { lowerA: true }), multiply(a, b, 1));
        demandEqual(`${what}, transB`, gemm(a, transpose(b), { lowerA: true, transB: true }), multiply(a, b, 1));
        const expected = multiply(a, b, 2);
        for (let at = 0; at < expected.data.length; at++) expected.data[at] -= 0.5 * out.data[at];
        demandEqual(`${what} into out`, gemm(a, b, { lowerA: true, alpha: 2, beta: -0.5, out }), expected);
      }
    }),
    check('gives the lower triangle of AAᵀ and AᵀA where that is all that is wanted', ({ syrk }) => {
      for (const n of SIZES) {
        const a = gaussianMatrix(n, n + 3, 1);
        const lower = (product: Matrix) => lowerTriangle(product);
        demandEqual(`${n} × ${n + 3}`, lower(syrk(a, { lowerOnly: true })), lower(multiply(a, transpose(a))));
        const out = matrix(n, n, new Float64Array(n * n).fill(Number.NaN));
        const options = { lowerOnly: true, trans: true, alpha: 2, out } as const;
        demandEqual(`${n} × ${n + 3}, trans`, lower(syrk(transpose(a), options)), lower(multiply(a, transpose(a), 2)));
        for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) out.data[i * n + j] = Number.NaN;
        const twice = lower(syrk(a, { lowerOnly: true, beta: 1, out }));
        demandEqual(`${n} × ${n + 3} onto a lower triangle`, twice, lower(multiply(a, transpose(a), 3)));
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
        demand(result.data === out.data, 'the result is not in out, expected the matrix that was given');
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
      for (const n of [3, 64, 65]) {
        const [a, b] = [lowerTriangle(gaussianMatrix(n, n)), gaussianMatrix(n, 3)];
        const out = matrix(n, 3, new Float64Array(3 * n).fill(Number.NaN));
        demandEqual(`product of a triangle, n = ${n}`, gemm(a, b, { lowerA: true, out }), multiply(a, b));
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
    check('puts alpha · AAᵀ + beta · out into out, and reads its lower triangle only', demandSyrkInto),
    check('multiplies flat arrays of either precision into a third, at any place', demandMultiplyInto),
    check('refuses flat products that do not fit, mix precisions or overlap', demandFlatRefusals),
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

function demandSyrkInto({ syrk }: LinalgBackend): void {
  for (const [m, k] of SHAPES) {
    const a = gaussianMatrix(m, k);
    for (const trans of [false, true]) {
      const what = `${trans ? 'AᵀA' : 'AAᵀ'} of ${m} × ${k}`;
      const expected = trans ? multiply(transpose(a), a, 0.5) : multiply(a, transpose(a), 0.5);
      const size = expected.rows;
      const fresh = matrix(size, size, new Float64Array(size * size).fill(Number.NaN));
      demand(
        syrk(a, { trans, alpha: 0.5, out: fresh }).data === fresh.data,
        'the result is not in out, expected the matrix that was given',
      );
      demandEqual(`${what} over an out of NaN`, fresh, expected);
      const before = multiply(gaussianMatrix(size, 2), transpose(gaussianMatrix(size, 2)));
      const out = lowerTriangle(before, Number.NaN);
      syrk(a, { trans, alpha: 0.5, beta: -2, out });
      for (let at = 0; at < expected.data.length; at++) expected.data[at] -= 2 * before.data[at];
      demandEqual(`${what} onto out`, out, expected);
      demandSameBits('transpose of the sum', transpose(out).data, out.data);
    }
  }
}

/** Tolerances of single and double precision for sums of a few hundred products. */
const PRECISIONS = [
  { of: (values: ArrayLike<number>) => Float32Array.from(values), tolerance: 1e-5 },
  { of: (values: ArrayLike<number>) => Float64Array.from(values), tolerance: 1e-11 },
];

function demandMultiplyInto({ multiplyInto }: LinalgBackend): void {
  const offsets = { a: 3, b: 1, c: 2 };
  const shifted = (data: ArrayLike<number>, by: number) => [...new Array(by).fill(9), ...Array.from(data), 9];
  for (const { of, tolerance } of PRECISIONS) {
    for (const [m, k, n] of SHAPES) {
      const [a, b, c] = [gaussianMatrix(m, k, 1), gaussianMatrix(k, n, 2), gaussianMatrix(m, n, 3)];
      const rounded = (x: Matrix) => matrix(x.rows, x.cols, Float64Array.from(of(x.data)));
      const product = multiply(rounded(a), rounded(b), 2);
      for (const { transA, transB } of TRANSPOSES) {
        const left = of(shifted((transA ? transpose(a) : a).data, offsets.a));
        const right = of(shifted((transB ? transpose(b) : b).data, offsets.b));
        for (const beta of [0, 1, -0.5]) {
          const before = beta === 0 ? new Array(m * n).fill(Number.NaN) : of(c.data);
          const out = of(shifted(before, offsets.c));
          multiplyInto({ m, n, k, transA, transB, alpha: 2, beta, offsets }, left, right, out);
          const expected = shifted(
            product.data.map((value, at) => value + (beta === 0 ? 0 : beta * before[at])),
            offsets.c,
          );
          const what = `${m} × ${k} by ${k} × ${n}, transA ${transA}, transB ${transB}, beta ${beta}`;
          demandClose(`${left.constructor.name}, ${what}`, out, expected, tolerance);
        }
      }
    }
    const parts = of(shifted([1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0], 0));
    multiplyInto({ m: 2, n: 2, k: 2, offsets: { b: 4, c: 8 } }, parts, parts, parts);
    demandSameBits('a product within one array', parts, of([1, 2, 3, 4, 5, 6, 7, 8, 19, 22, 43, 50, 9]));
  }
}

async function demandFlatRefusals({ multiplyInto }: LinalgBackend): Promise<void> {
  const [a, b, c] = [new Float64Array(6), new Float64Array(12), new Float64Array(8)];
  const fits: FlatProduct = { m: 2, n: 4, k: 3 };
  multiplyInto(fits, a, b, c);
  const refuse = (what: string, product: FlatProduct, arrays: (Float32Array | Float64Array)[], ...words: string[]) =>
    demandMessage(what, () => multiplyInto(product, arrays[0], arrays[1], arrays[2]), 'GGDLN_INPUT', ...words);
  await refuse('m of −1', { ...fits, m: -1 }, [a, b, c], 'm is -1');
  await refuse('k of 1.5', { ...fits, k: 1.5 }, [a, b, c], 'k is 1.5');
  await refuse('a too short', { ...fits, m: 3 }, [a, b, c], '3 × 3', '6 numbers');
  await refuse('b too short', { ...fits, n: 5, m: 1, transB: true }, [a, b, c], '5 × 3', '12 numbers');
  await refuse('c too short', { m: 2, n: 4, k: 0, offsets: { c: 1 } }, [a, b, c], 'place 1', '8 numbers');
  await refuse('a place of −1', { ...fits, offsets: { b: -1 } }, [a, b, c], 'place -1');
  await refuse('two precisions', fits, [a, Float32Array.from(b), c], 'Float64Array, Float32Array, Float64Array');
  await refuse('alpha of NaN', { ...fits, alpha: Number.NaN }, [a, b, c], 'alpha is NaN');
  await refuse('beta of ∞', { ...fits, beta: Infinity }, [a, b, c], 'beta is Infinity');
  const shared = new Float64Array(13);
  await refuse('c within b', fits, [a, shared.subarray(0, 12), shared.subarray(5)], 'shares memory with b');
}
