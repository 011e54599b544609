import type { Check } from '../check.ts';
import { compute, demandNumbers, erfReference, gaussianNumbers, type Numbers, tensorOf } from './reference.ts';
import type { TensorCheck } from './tensorCheck.ts';

const mapped = ({ shape, data }: Numbers, f: (x: number, at: number) => number) => ({
  shape,
  data: Float64Array.from(data, f),
});

/** What networks do with numbers between their products. */
export function elementwiseChecks(check: TensorCheck): Check[] {
  return [
    check('keeps numbers and shapes', async (tf) => {
      const given = gaussianNumbers('X', 3, 4, 5);
      const [kept, flat, wide] = await compute(tf, () => {
        const x = tensorOf(tf, given);
        return [tf.clone(x), tf.reshape(x, [12, 5]), tf.expandDims(x, 1)];
      });
      demandNumbers('a tensor read back', kept, given, 0);
      demandNumbers('a tensor of 3 × 4 × 5 as 12 × 5', flat, { ...given, shape: [12, 5] }, 0);
      demandNumbers('a tensor with one more axis', wide, { ...given, shape: [3, 1, 4, 5] }, 0);
    }),
    check('adds, subtracts and multiplies, also rows and columns with matrices', async (tf, tolerance) => {
      const [a, row, column] = [gaussianNumbers('A', 7, 5), gaussianNumbers('r', 5), gaussianNumbers('c', 7, 1)];
      const [sum, difference, product, negative] = await compute(tf, () => {
        const [x, r, c] = [a, row, column].map((numbers) => tensorOf(tf, numbers));
        return [tf.add(x, r), tf.sub(x, c), tf.mul(c, tf.mul(x, r)), tf.neg(x)];
      });
      const atRow = (at: number) => row.data[at % 5];
      const atColumn = (at: number) => column.data[Math.floor(at / 5)];
      demandNumbers(
        'A + row',
        sum,
        mapped(a, (x, at) => x + atRow(at)),
        tolerance,
      );
      demandNumbers(
        'A − column',
        difference,
        mapped(a, (x, at) => x - atColumn(at)),
        tolerance,
      );
      demandNumbers(
        'column · A · row',
        product,
        mapped(a, (x, at) => x * atRow(at) * atColumn(at)),
        tolerance,
      );
      demandNumbers(
        '−A',
        negative,
        mapped(a, (x) => -x),
        tolerance,
      );
    }),
    check('sums over any axis', async (tf, tolerance) => {
      const a = gaussianNumbers('A', 4, 6, 3);
      const [all, middle, last] = await compute(tf, () => {
        const x = tensorOf(tf, a);
        return [tf.sum(x), tf.sum(x, 1), tf.sum(x, 2)];
      });
      const sums = (length: number, target: (at: number) => number) => {
        const out = new Float64Array(length);
        a.data.forEach((x, at) => {
          out[target(at)] += x;
        });
        return out;
      };
      demandNumbers('the sum of all', all, { shape: [], data: sums(1, () => 0) }, tolerance);
      const overMiddle = sums(12, (at) => Math.floor(at / 18) * 3 + (at % 3));
      demandNumbers('the sum over the middle axis', middle, { shape: [4, 3], data: overMiddle }, tolerance);
      const overLast = sums(24, (at) => Math.floor(at / 3));
      demandNumbers('the sum over the last axis', last, { shape: [4, 6], data: overLast }, tolerance);
    }),
    check('has relu, erf and square', async (tf, tolerance) => {
      const a = gaussianNumbers('A', 9, 11);
      const [relu, erf, square] = await compute(tf, () => {
        const x = tensorOf(tf, a);
        return [tf.relu(x), tf.erf(x), tf.square(x)];
      });
      demandNumbers(
        'relu',
        relu,
        mapped(a, (x) => Math.max(0, x)),
        tolerance,
      );
      demandNumbers('erf', erf, mapped(a, erfReference), tolerance);
      demandNumbers(
        'square',
        square,
        mapped(a, (x) => x * x),
        tolerance,
      );
    }),
  ];
}
