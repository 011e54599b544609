import { createRandom } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { classesOf, permutedPixels, relabellings, turnedPixels } from '../../src/kPath/index.ts';

describe('domains', () => {
  it('turn pictures counter-clockwise: at 90° what was below is on the right', () => {
    const [still, quarter, half] = turnedPixels(3, { side: 3, channels: 2 });
    expect(Array.from(still)).toEqual(Array.from({ length: 18 }, (_, i) => i));
    // The picture 0 1 2 / 3 4 5 / 6 7 8 becomes 2 5 8 / 1 4 7 / 0 3 6.
    expect(Array.from(quarter.subarray(0, 9))).toEqual([2, 5, 8, 1, 4, 7, 0, 3, 6]);
    expect(Array.from(quarter.subarray(9))).toEqual([11, 14, 17, 10, 13, 16, 9, 12, 15]);
    expect(Array.from(half.subarray(0, 9))).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
    // At 45° the corners come from outside.
    const [, turned] = turnedPixels(6, { side: 9 });
    expect(turned[0]).toBe(-1);
    expect(turned[40]).toBe(40);
  });

  it('shuffle pixels, all planes alike, each domain by itself', () => {
    const maps = permutedPixels(3, { side: 4, channels: 3 }, createRandom(1));
    for (const map of maps) {
      expect(new Set(map).size).toBe(48);
      for (let i = 0; i < 16; i++) expect([map[16 + i], map[32 + i]]).toEqual([map[i] + 16, map[i] + 32]);
    }
    expect(Array.from(maps[0])).not.toEqual(Array.from({ length: 48 }, (_, i) => i));
    expect(permutedPixels(5, { side: 4, channels: 3 }, createRandom(1)).slice(0, 3)).toEqual(maps);
    expect(() => permutedPixels(3, { side: 0 }, createRandom(1))).toThrow('pictures have side 0');
  });

  it('rename classes lexicographically, which leaves the first ones, or at random', () => {
    const published = relabellings(100, 10, 'lexicographic', createRandom(1));
    for (const map of published) expect(map.slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
    const random = relabellings(100, 10, 'random', createRandom(1));
    expect(random[0]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(random.map(([first]) => first)).size).toBe(10);
  });

  it('read classes from one-hot targets', () => {
    expect(Array.from(classesOf(matrix(2, 3, Float64Array.of(0, 1, 0, 0, 0, 1))))).toEqual([1, 2]);
    expect(() => classesOf(matrix(1, 2, Float64Array.of(1, 1)))).toThrow(
      'row 0 of the targets, [1, 1], names no class',
    );
  });
});
