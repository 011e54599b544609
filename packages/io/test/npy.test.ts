import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNpy, encodeNpy, type NpyArray, type NpyDtype } from '../src/index.ts';
import { failure } from './errors.ts';

const file = (name: string) => new Uint8Array(readFileSync(new URL(`data/${name}`, import.meta.url)));
const sevenths = (count: number) => Float64Array.from({ length: count }, (_, i) => i / 7);

/** An NPY file with this header, for headers that NumPy would not write. */
function withHeader(header: string, data: Uint8Array = new Uint8Array(0), version = 1): Uint8Array {
  const text = new TextEncoder().encode(header);
  const size = version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return Uint8Array.from([0x93, ...new TextEncoder().encode('NUMPY'), version, 0, ...size, ...text, ...data]);
}

const READ: readonly [string, NpyArray][] = [
  ['float64_c.npy', { dtype: 'float64', shape: [2, 3], data: sevenths(6) }],
  ['float64_fortran.npy', { dtype: 'float64', shape: [2, 3, 4], data: sevenths(24) }],
  ['float64_big_endian.npy', { dtype: 'float64', shape: [2, 3], data: sevenths(6) }],
  ['float32_scalar.npy', { dtype: 'float32', shape: [], data: Float32Array.of(0.1) }],
  ['float32_v2.npy', { dtype: 'float32', shape: [1, 2], data: Float32Array.of(1.5, -2.5) }],
  ['float32_v3.npy', { dtype: 'float32', shape: [1, 2], data: Float32Array.of(1.5, -2.5) }],
  ['int32_big_endian_fortran.npy', { dtype: 'int32', shape: [2, 2], data: Int32Array.of(1, -2, 3, 2 ** 31 - 1) }],
  ['int64.npy', { dtype: 'int64', shape: [4], data: BigInt64Array.of(0n, -1n, 2n ** 62n + 1n, -(2n ** 63n)) }],
  ['uint8_empty.npy', { dtype: 'uint8', shape: [0, 3], data: new Uint8Array(0) }],
  ['bool.npy', { dtype: 'bool', shape: [2, 2], data: Uint8Array.of(1, 0, 0, 1) }],
];

describe('decodeNpy', () => {
  it.each(READ)('reads %s as NumPy wrote it', (name, expected) => {
    expect(decodeNpy(file(name))).toEqual(expected);
  });

  it('reads from the middle of a larger buffer, at any alignment', () => {
    const bytes = file('float64_c.npy');
    const larger = new Uint8Array(bytes.length + 5);
    larger.set(bytes, 3);
    expect(decodeNpy(larger.subarray(3, 3 + bytes.length)).data).toEqual(sevenths(6));
  });

  it('returns memory of its own', () => {
    const bytes = file('float64_c.npy');
    const { data } = decodeNpy(bytes);
    bytes.fill(0);
    expect(data).toEqual(sevenths(6));
  });

  it('reads the headers of old and foreign writers: other quotes, order, spacing, long integers', () => {
    const header = `{"shape":(2L,),"fortran_order":False,"descr":"|u1"}`;
    expect(decodeNpy(withHeader(header, Uint8Array.of(7, 8)))).toEqual({
      dtype: 'uint8',
      shape: [2],
      data: Uint8Array.of(7, 8),
    });
  });
});

describe('encodeNpy', () => {
  const sameByteOrder = READ.filter(([name]) => !/fortran|big_endian|_v[23]/.test(name));

  it.each(sameByteOrder)('writes %s byte for byte as NumPy does', (name, array) => {
    expect(encodeNpy(array)).toEqual(file(name));
  });

  it('round-trips every type, shape and bit pattern', () => {
    const shapes = fc.array(fc.nat(4), { maxLength: 4 });
    const arrays: readonly [NpyDtype, (bytes: ArrayBuffer) => unknown, number][] = [
      ['float64', (bytes) => new Float64Array(bytes), 8],
      ['float32', (bytes) => new Float32Array(bytes), 4],
      ['int32', (bytes) => new Int32Array(bytes), 4],
      ['int64', (bytes) => new BigInt64Array(bytes), 8],
      ['uint8', (bytes) => new Uint8Array(bytes), 1],
    ];
    fc.assert(
      fc.property(shapes, fc.constantFrom(...arrays), fc.infiniteStream(fc.nat(255)), (shape, kind, stream) => {
        const [dtype, make, size] = kind;
        const count = shape.reduce((a, b) => a * b, 1) * size;
        const bytes = Uint8Array.from({ length: count }, () => stream.next().value as number);
        const array = { dtype, shape, data: make(bytes.buffer) } as NpyArray;
        const back = decodeNpy(encodeNpy(array));
        expect(back.shape).toEqual(shape);
        expect(back.dtype).toBe(dtype);
        expect(new Uint8Array(back.data.buffer, back.data.byteOffset, back.data.byteLength)).toEqual(bytes);
      }),
    );
  });

  it('writes a view of part of a buffer', () => {
    const array: NpyArray = { dtype: 'float64', shape: [2], data: sevenths(6).subarray(2, 4) };
    expect(decodeNpy(encodeNpy(array)).data).toEqual(Float64Array.of(2 / 7, 3 / 7));
  });

  it.each([
    [{ dtype: 'float64', shape: [2, 2], data: sevenths(3) }, "3 elements don't fill the shape (2, 2)"],
    [{ dtype: 'float64', shape: [-1, -3], data: sevenths(3) }, "don't fill the shape (-1, -3)"],
    [{ dtype: 'float64', shape: [1.5, 2], data: sevenths(3) }, 'whole numbers'],
    [{ dtype: 'float32', shape: [3], data: sevenths(3) }, "a float32 array can't hold [object Float64Array]"],
    [{ dtype: 'bool', shape: [2], data: Uint8Array.of(1, 2) }, 'element 1 of a bool array is 2'],
    [{ dtype: 'complex128', shape: [1], data: sevenths(1) }, 'Use one of float64, float32, int32'],
  ])('refuses %j', (array, words) => {
    expect(failure('GGDLN_INPUT', () => encodeNpy(array as NpyArray))).toContain(words);
  });
});

describe('damaged NPY files', () => {
  const good = file('float64_c.npy');

  it('refuses every truncation, naming the byte', () => {
    for (let length = 0; length < good.length; length++) {
      const message = failure('GGDLN_DATA', () => decodeNpy(good.subarray(0, length), { name: 'a.npy' }));
      expect(message).toMatch(/a\.npy, byte \d+: expected .*, got /);
    }
    const message = failure('GGDLN_DATA', () => decodeNpy(good.subarray(0, 150)));
    expect(message).toContain('byte 150: expected 48 bytes of float64 for shape (2, 3), got 22 bytes');
  });

  it('never fails in another way, whatever byte is changed', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (place, value) => {
        const bytes = good.slice();
        bytes[place] = value;
        try {
          decodeNpy(bytes);
        } catch (error) {
          expect((error as { code: string }).code).toBe('GGDLN_DATA');
        }
      }),
      { numRuns: 500 },
    );
  });

  const npy = (descr: string, shape: string) =>
    withHeader(`{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`);

  it.each([
    [
      'another format',
      new TextEncoder().encode('PK\x03\x04 a zip'),
      'byte 0: expected the NPY signature 93 4e 55 4d 50 59, got 50 4b',
    ],
    ['version 9', withHeader('{}', undefined, 9), 'byte 6: expected NPY version 1, 2 or 3, got version 9'],
    [
      'bytes left over',
      Uint8Array.of(...good, 0),
      'byte 176: expected 48 bytes of float64 for shape (2, 3), got 49 bytes',
    ],
    ['a structured type', file('structured.npy'), 'expected an element type of f8, f4, i4, i8, u1, b1'],
    ['pickled objects', file('object.npy'), 'Python objects are never read'],
    ['int16', file('int16.npy'), "got <i2. Convert it before saving, e.g. with a.astype('float64')"],
    [
      'no shape',
      withHeader("{'descr': '<f8', 'fortran_order': False}"),
      "expected the field 'shape' in the header, got descr, fortran_order",
    ],
    [
      'code in the header',
      withHeader("{'descr': __import__('os'), }"),
      'expected a field of the NPY header or its closing }',
    ],
    [
      'text after the header',
      withHeader("{'descr': '<f8', 'fortran_order': False, 'shape': (0,), } 1"),
      'byte 65: expected a field',
    ],
    ['a shape that is no number', npy('<f8', '(2, 3L4)'), 'expected at most 64 whole numbers as shape, got (2, 3L4)'],
    ['a shape beyond memory', npy('<f8', '(1000000, 1000000)'), 'expected 8000000000000 bytes of float64'],
    ['a shape beyond numbers', npy('<f8', `(${'9'.repeat(400)},)`), 'whole numbers as shape'],
    ['a product beyond numbers', npy('<f8', '(9007199254740991, 9007199254740991)'), 'got 0 bytes'],
    [
      'a bool of 2',
      withHeader("{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", Uint8Array.of(1, 2)),
      'expected a bool of 0 or 1, got 2',
    ],
  ])('refuses %s', (_, bytes, words) => {
    expect(failure('GGDLN_DATA', () => decodeNpy(bytes))).toContain(words);
  });

  it('refuses a header that claims to be longer than any', () => {
    const bytes = Uint8Array.of(...good.subarray(0, 6), 2, 0, 0, 0, 0, 0x40);
    expect(failure('GGDLN_DATA', () => decodeNpy(bytes))).toContain(
      'byte 8: expected a header of at most 65535 bytes, got 1073741824',
    );
  });

  it('refuses more data than the caller allows', () => {
    const message = failure('GGDLN_DATA', () => decodeNpy(good, { maxBytes: 47 }));
    expect(message).toContain(
      'expected at most 47 bytes of data (maxBytes), got a declared size of 48 bytes. Raise maxBytes',
    );
  });
});
