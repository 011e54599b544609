import { createRandom } from '@ggdln/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLoopMemory, type LoopMemory } from '../src/index.ts';

/** Enough for a memory of its own. */
const LENGTH = 11_000;
const gaussian = (seed: string, into: Float64Array) => createRandom(seed).fillGaussian(into);

/** Where the first number differs; −1 when none does. */
const difference = (found: Float64Array, expected: Float64Array) =>
  found.findIndex((value, i) => !Object.is(value, expected[i]));

afterEach(() => {
  vi.unstubAllGlobals();
});

function arraysIn(memory: LoopMemory) {
  const [a, b, out] = [memory.float64(LENGTH), memory.float64(LENGTH), memory.float64(LENGTH)];
  return { a: gaussian('a', a), b: gaussian('b', b), out: gaussian('out', out) };
}

const memories: readonly [name: string, make: () => LoopMemory][] = [
  ['SIMD', () => createLoopMemory([LENGTH, LENGTH, LENGTH])],
  ['plain loops', () => createLoopMemory([])],
];

describe.each(memories)('%s', (name, make) => {
  it('has the memory that the name says', () => {
    const { a, out } = arraysIn(make());
    expect(a.buffer === out.buffer).toBe(name === 'SIMD');
  });

  it.each([
    [0, 0, 0, 0],
    [1, 5, 5, 5],
    [15, 1, 2, 3],
    [16, 0, 1, 2],
    [17, 3, 0, 1],
    [18, 1, 1, 1],
    [19, 2, 3, 4],
    [1003, 7, 9, 11],
  ])('multiplies and adds %i numbers from %i, %i and %i on, and touches no others', (count, from, by, to) => {
    const memory = make();
    const { a, b, out } = arraysIn(memory);
    const product = (i: number) => a[from + i] * b[by + i];
    const expected = out.map((value, i) => (i >= to && i < to + count ? product(i - to) : value));
    memory.multiply(count, a, from, b, by, out, to);
    expect(difference(out, expected)).toBe(-1);

    const sums = out.map((value, i) => (i < count ? value + Math.abs(product(i)) : value));
    const sizes = Array.from({ length: count }, (_, i) => Math.abs(product(i)));
    const total = memory.addSizes(count, a, from, b, by, out);
    expect(difference(out, sums)).toBe(-1);
    expect(total).toBeCloseTo(
      sizes.reduce((sum, size) => sum + size, 0),
      9,
    );
  });

  it('multiplies in place, and keeps NaN and infinities as they come', () => {
    const memory = make();
    const { a, b } = arraysIn(memory);
    a.set([Number.NaN, Number.POSITIVE_INFINITY, -0, 1e308], 20);
    b.set([1, 0, 1, 10], 20);
    const expected = a.map((value, i) => (i < 100 ? value * b[i] : value));
    memory.multiply(100, a, 0, b, 0, a, 0);
    expect(difference(a, expected)).toBe(-1);
    expect(memory.addSizes(30, a, 0, b, 0, b)).toBeNaN();
  });
});

describe.each(memories)('float32, %s', (_, make) => {
  it.each([0, 1, 3, 15, 16, 17, 19, 2002])('rectifies, and clears where another array is 0: %i numbers', (count) => {
    const memory = make();
    const [x, y, delta] = [memory.float32(count), memory.float32(count), memory.float32(count)];
    const rng = createRandom('x');
    rng.fillGaussian(x);
    rng.fillGaussian(delta);
    [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0].forEach((value, i) => {
      if (i < count) x[(5 * i) % count] = value;
    });
    y.set(x);
    memory.rectify(y);
    expect(Array.from(y, Math.abs)).toEqual(Array.from(x, (value) => (value < 0 ? 0 : Math.abs(value))));
    const expected = Array.from(delta, (value, i) => (y[i] === 0 ? 0 : value));
    memory.clearWhereZero(y, delta);
    expect(Array.from(delta, (value) => value + 0)).toEqual(expected);
  });
});

it.each(memories)('refuses to leave an array, %s', (_, make) => {
  const memory = make();
  const { a, b, out } = arraysIn(memory);
  expect(() => memory.multiply(20, a, LENGTH - 19, b, 0, out, 0)).toThrow(
    `a loop over 20 numbers from ${LENGTH - 19} on leaves an array of ${LENGTH}`,
  );
  expect(() => memory.multiply(20, a, 0, b, 0, out, -1)).toThrow('from -1 on');
  expect(() => memory.addSizes(LENGTH + 1, a, 0, b, 0, out)).toThrow(`over ${LENGTH + 1} numbers`);
  expect(() => memory.clearWhereZero(new Float32Array(2), new Float32Array(3))).toThrow('an array of 2');
});

it('gives zeros, and ordinary ones once it is full', () => {
  const memory = createLoopMemory([4 * LENGTH]);
  const [inside, outside] = [memory.float64(4 * LENGTH), memory.float64(LENGTH)];
  expect(inside.every((value) => value === 0)).toBe(true);
  expect(outside.every((value) => value === 0)).toBe(true);
  expect(outside.byteOffset).toBe(0);
  expect(outside.buffer).not.toBe(inside.buffer);
});

it('works by plain loops where there is no such memory', () => {
  vi.stubGlobal('WebAssembly', undefined);
  const memory = createLoopMemory([LENGTH, LENGTH, LENGTH]);
  const { a, b, out } = arraysIn(memory);
  memory.multiply(LENGTH, a, 0, b, 0, out, 0);
  expect(
    difference(
      out,
      a.map((value, i) => value * b[i]),
    ),
  ).toBe(-1);
});
