import { integer, number } from '@ggdln/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryWords, timeWords } from '../../src/compose/Foot.tsx';
import { grouped, readList, shortList, writeList } from '../../src/compose/listSyntax.ts';
import { hasSlider, POSITIONS, positionOf, stepped, valueAt } from '../../src/compose/slider.ts';

const help = 'x';
const width = integer({ title: 'Width', min: 1, max: 1_000_000, default: 100, scale: 'log', help });
const gates = integer({ title: 'Gates', min: 1, default: 6, help });
const sigma = number({ title: 'Deviation', min: 0, exclusiveMin: true, default: 1, scale: 'log', help });
const share = number({ title: 'Share', min: 0, max: 0.9, default: 0.1, help });

describe('readList', () => {
  it.each<[string, typeof width | typeof share, readonly number[]]>([
    ['30', width, [30]],
    [' 1e3 ', width, [1000]],
    ['10, 30, 100', width, [10, 30, 100]],
    ['10;30;10', width, [10, 30]],
    ['10..1000 x5', width, [10, 32, 100, 316, 1000]],
    ['10 .. 1000 × 3', width, [10, 100, 1000]],
    ['2..10 x5', gates, [2, 4, 6, 8, 10]],
    ['0.1..10 x3', sigma, [0.1, 1, 10]],
    ['0..0.9 x4', share, [0, 0.3, 0.6, 0.9]],
    ['1..3 x9', gates, [1, 2, 3]],
    ['1\u2009000', width, [1000]],
  ])('reads %j', (text, option, values) => {
    expect(readList(text, option)).toEqual({ values });
  });

  it.each<[string, typeof width | typeof share, string]>([
    ['', width, 'Give a number'],
    ['ten', width, '"ten" is not allowed. Give a whole number ≥ 1 and ≤ 1000000'],
    ['10, 2.5', gates, '"2.5" is not allowed'],
    ['0', sigma, 'Give a finite number > 0'],
    ['1..2', width, 'is not allowed'],
    ['100..10 x3', width, '100..10 is no range'],
    ['1..9 x1', gates, 'between 2 and 60'],
    ['0..1 x3', sigma, 'not above 0'],
    ['1..5000 x61', width, 'between 2 and 60'],
  ])('says what is wrong with %j', (text, option, problem) => {
    const read = readList(text, option);
    expect('problem' in read && read.problem).toContain(problem);
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 1e6 }), { minLength: 1, maxLength: 20 }), (values) => {
        expect(readList(writeList(values), width)).toEqual({ values });
      }),
      { seed: 3 },
    );
  });

  it('spaces ranges evenly in the logarithm, with the ends as given', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 2, max: 500 }), (from, ratio) => {
        const read = readList(`${from}..${from * ratio} x7`, sigma);
        if ('problem' in read) throw new Error(read.problem);
        expect(read.values[0]).toBe(from);
        expect(read.values.at(-1)).toBe(from * ratio);
        // Three digits are kept.
        if (read.values.length === 7) expect(read.values[3] / Math.sqrt(from * from * ratio)).toBeCloseTo(1, 2);
      }),
      { seed: 3 },
    );
  });

  it('shortens lists in summaries', () => {
    expect(shortList([10, 30, 1000])).toBe('10 … 1\u2009000');
    expect(shortList([1, 2])).toBe('1, 2');
    expect([grouped(1234567), grouped(-0.5), grouped(1e-9), grouped('relu')]).toEqual([
      '1\u2009234\u2009567',
      '−0.5',
      '1e−9',
      'relu',
    ]);
  });
});

describe('sliders', () => {
  it('are for options with two bounds that can be hit', () => {
    expect([width, share, gates, sigma].map(hasSlider)).toEqual([true, true, false, false]);
    expect(hasSlider(integer({ title: 'Units', min: 1, max: 100_000, default: 20, help }))).toBe(false);
  });

  it('go from end to end, never out of range, and stay where they were put', () => {
    for (const option of [width, share]) {
      expect([valueAt(0, option), valueAt(POSITIONS, option)]).toEqual([option.min, option.max]);
      let before = Number.NEGATIVE_INFINITY;
      for (let position = 0; position <= POSITIONS; position++) {
        const value = valueAt(position, option);
        expect(value).toBeGreaterThanOrEqual(before);
        before = value;
        if (option === share) expect(Math.abs(positionOf(value, option) - position)).toBeLessThanOrEqual(1);
      }
    }
  });

  it('step by arrow keys, and stop at the ends', () => {
    expect(stepped(6, 1, false, gates)).toBe(7);
    expect(stepped(6, 1, true, gates)).toBe(16);
    expect(stepped(1, -1, false, gates)).toBe(1);
    expect(stepped(0.9, 1, false, share)).toBe(0.9);
    expect(stepped(0.3, -1, false, share)).toBe(0.29);
    expect(stepped(0.01, -1, true, sigma)).toBe(0.01);
  });
});

describe('the estimate', () => {
  it('says times and sizes as people do', () => {
    const plain = (text: string) => text.replaceAll('\u00a0', ' ');
    expect([0, 0.4, 1, 29.4, 99, 150, 5400, 36_000].map(timeWords).map(plain)).toEqual([
      'under 1 s',
      'under 1 s',
      '1 s',
      '29 s',
      '99 s',
      '3 min',
      '1.5 h',
      '10 h',
    ]);
    expect([0, 12e6, 1.44e9].map(memoryWords).map(plain)).toEqual(['under 1 MB', '12 MB', '1.4 GB']);
  });
});
