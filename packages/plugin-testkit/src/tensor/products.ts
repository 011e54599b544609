import type { Check } from '../check.ts';
import { demandSameBits } from '../compare.ts';
import { compute, demandNumbers, gaussianNumbers, productReference, tensorOf } from './reference.ts';
import type { TensorCheck } from './tensorCheck.ts';

/** m, k, n with vectors, ends of blocks and tiles on both sides, and inner products long enough to lose digits. */
const SIZES = [
  [1, 1, 1],
  [1, 7, 1],
  [5, 1, 3],
  [3, 4, 5],
  [16, 16, 16],
  [17, 33, 18],
  [1, 200, 9],
  [9, 200, 1],
  [65, 130, 33],
] as const;

/** Matrix products against float64 loops, with and without transposes. */
export function productChecks(check: TensorCheck): Check[] {
  const transposes = [
    { a: false, b: false },
    { a: true, b: false },
    { a: false, b: true },
    { a: true, b: true },
  ];
  return [
    ...transposes.map((trans) =>
      check(`multiplies matrices: ${trans.a ? 'Aᵀ' : 'A'}${trans.b ? 'Bᵀ' : 'B'}`, async (tf, tolerance) => {
        for (const [m, k, n] of SIZES) {
          const a = gaussianNumbers('A', ...(trans.a ? [k, m] : [m, k]));
          const b = gaussianNumbers('B', ...(trans.b ? [n, k] : [k, n]));
          const [found] = await compute(tf, () => [
            tf.matMul(tensorOf(tf, a) as never, tensorOf(tf, b) as never, trans.a, trans.b),
          ]);
          const data = productReference(a.data, b.data, { m, k, n }, trans);
          demandNumbers(`a product of ${m} × ${k} by ${k} × ${n}`, found, { shape: [m, n], data }, tolerance);
        }
      }),
    ),
    check('gives the same bits again, also after other work', async (tf) => {
      const [a, b] = [gaussianNumbers('A', 33, 65), gaussianNumbers('B', 65, 18)];
      const product = () => [tf.matMul(tensorOf(tf, a) as never, tensorOf(tf, b) as never)];
      const [first] = await compute(tf, product);
      await compute(tf, () => [tf.relu(tensorOf(tf, gaussianNumbers('C', 40, 40)))]);
      const [again] = await compute(tf, product);
      demandSameBits('a product of 33 × 65 by 65 × 18 made again', again.data, first.data);
    }),
  ];
}
