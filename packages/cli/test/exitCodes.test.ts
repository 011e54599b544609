import { expect, it } from 'vitest';
import { EXIT_CODES, exitCodeOf, isTooLarge } from '../src/exitCodes.ts';

function failureOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

it('takes arrays that can’t be made for wrong input, and no other unforeseen error', () => {
  const large = failureOf(() => new Float64Array(2 ** 50));
  expect(isTooLarge(large)).toBe(true);
  expect(exitCodeOf(large)).toBe(EXIT_CODES.usage);
  for (const defect of [failureOf(() => new Float64Array(-1)), new RangeError('out of range'), new Error('other')]) {
    expect(isTooLarge(defect)).toBe(false);
    expect(exitCodeOf(defect)).toBe(EXIT_CODES.failed);
  }
});
