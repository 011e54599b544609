import { describe, expect, it } from 'vitest';
import { decodeIdx } from '../src/index.ts';
import { failure } from './errors.ts';

const IMAGES = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 253, 254, 255);

describe('decodeIdx', () => {
  it('reads images, sharing their memory', () => {
    const { dtype, shape, data } = decodeIdx(IMAGES);
    expect({ dtype, shape }).toEqual({ dtype: 'uint8', shape: [2, 1, 3] });
    expect(data).toEqual(Uint8Array.of(1, 2, 3, 253, 254, 255));
    expect(data.buffer).toBe(IMAGES.buffer);
  });

  it('reads labels', () => {
    expect(decodeIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9))).toMatchObject({
      shape: [2],
      data: Uint8Array.of(7, 9),
    });
  });

  it.each([
    ['int8', Uint8Array.of(0, 0, 9, 1, 0, 0, 0, 1, 0xfe), Int8Array.of(-2)],
    ['int16', Uint8Array.of(0, 0, 11, 1, 0, 0, 0, 1, 0xff, 0xfe), Int16Array.of(-2)],
    ['int32', Uint8Array.of(0, 0, 12, 1, 0, 0, 0, 1, 0x7f, 0, 0, 1), Int32Array.of(0x7f000001)],
    ['float32', Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 1, 0xc0, 0x20, 0, 0), Float32Array.of(-2.5)],
    ['float64', Uint8Array.of(0, 0, 14, 1, 0, 0, 0, 1, 0x40, 4, 0, 0, 0, 0, 0, 0), Float64Array.of(2.5)],
  ])('reads big-endian %s', (dtype, bytes, data) => {
    expect(decodeIdx(bytes)).toEqual({ dtype, shape: [1], data });
  });

  it('refuses every truncation', () => {
    for (let length = 0; length < IMAGES.length; length++) {
      const message = failure('GGDLN_DATA', () => decodeIdx(IMAGES.subarray(0, length), { name: 'images' }));
      expect(message).toMatch(/images, byte \d+: expected .*, got /);
    }
  });

  it.each([
    [
      'another magic',
      Uint8Array.of(1, ...IMAGES.subarray(1)),
      'byte 0: expected the IDX magic number 00 00, a type of 08, 09, 0b, 0c, 0d, 0e',
    ],
    ['an unknown type', Uint8Array.of(0, 0, 10, 1, 0, 0, 0, 0), 'got 00 00 0a 01'],
    ['no dimensions', Uint8Array.of(0, 0, 8, 0), 'and 01 to 08 dimensions, got 00 00 08 00'],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0), 'The file is gzip-compressed; unpack it first'],
    ['a short header', IMAGES.subarray(0, 10), 'byte 10: expected a header of 16 bytes, got 10 bytes'],
    ['missing elements', IMAGES.subarray(0, 20), 'byte 20: expected 6 bytes of uint8 for 2 × 1 × 3, got 4 bytes'],
    [
      'bytes left over',
      Uint8Array.of(...IMAGES, 0, 0),
      'byte 22: expected 6 bytes of uint8 for 2 × 1 × 3, got 8 bytes',
    ],
    [
      'sizes beyond memory',
      Uint8Array.of(0, 0, 14, 2, 255, 255, 255, 255, 255, 255, 255, 255),
      'bytes of float64 for 4294967295 × 4294967295, got 0 bytes',
    ],
  ])('refuses %s', (_, bytes, words) => {
    expect(failure('GGDLN_DATA', () => decodeIdx(bytes))).toContain(words);
  });

  it('refuses more data than the caller allows', () => {
    expect(failure('GGDLN_DATA', () => decodeIdx(IMAGES, { maxBytes: 5 }))).toContain('at most 5 bytes of data');
  });
});
