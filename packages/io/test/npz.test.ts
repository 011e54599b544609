import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { decodeNpz, encodeNpz, type NpyArray } from '../src/index.ts';
import { failure } from './errors.ts';

const file = (name: string) => new Uint8Array(readFileSync(new URL(`data/${name}`, import.meta.url)));
const ARRAYS: Record<string, NpyArray> = {
  mean: { dtype: 'float64', shape: [4], data: Float64Array.from([0, 1, 2, 3], (i) => i / 3) },
  counts: { dtype: 'int64', shape: [3], data: BigInt64Array.of(1n, 2n, 3n) },
  été: { dtype: 'bool', shape: [], data: Uint8Array.of(1) },
};

describe('decodeNpz', () => {
  it('reads numpy.savez', () => {
    expect(decodeNpz(file('savez.npz'))).toEqual(ARRAYS);
  });

  it('reads numpy.savez_compressed', () => {
    expect(decodeNpz(file('savez_compressed.npz'))).toEqual({
      zeros: { dtype: 'float64', shape: [20, 10], data: new Float64Array(200) },
      ramp: { dtype: 'int32', shape: [2, 3], data: Int32Array.of(0, 1, 2, 3, 4, 5) },
    });
  });

  it('passes over members that are not arrays', () => {
    const archive = zipSync({ 'notes.txt': new TextEncoder().encode('hello') });
    expect(decodeNpz(archive)).toEqual({});
  });

  it('takes any name as data', () => {
    const array: NpyArray = { dtype: 'uint8', shape: [1], data: Uint8Array.of(5) };
    const named = Object.fromEntries([['__proto__', array]]);
    expect(Object.entries(decodeNpz(encodeNpz(named)))).toEqual([['__proto__', array]]);
  });
});

describe('encodeNpz', () => {
  it.each([true, false])('round-trips (compress: %s)', (compress) => {
    expect(decodeNpz(encodeNpz(ARRAYS, { compress }))).toEqual(ARRAYS);
  });

  it('gives the same bytes at any time and in any time zone', () => {
    const zone = process.env.TZ;
    try {
      const archives = ['Pacific/Kiritimati', 'UTC', 'America/Los_Angeles'].map((name) => {
        process.env.TZ = name;
        return encodeNpz(ARRAYS);
      });
      expect(archives[1]).toEqual(archives[0]);
      expect(archives[2]).toEqual(archives[0]);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it.each(['', '/mean', '../mean', 'a//b', 'a\\b', 'a\u0000', 'x'.repeat(300)])('refuses the name %j', (name) => {
    expect(failure('GGDLN_INPUT', () => encodeNpz({ [name]: ARRAYS.mean }))).toContain("can't name an array");
  });
});

describe('damaged NPZ files', () => {
  const stored = encodeNpz({ mean: ARRAYS.mean });
  const deflated = file('savez_compressed.npz');
  const end = stored.length - 22;
  const directory = new DataView(stored.buffer).getUint32(end + 16, true);

  /** The archive with bytes replaced from `at` on. */
  function patched(bytes: Uint8Array, at: number, ...values: number[]): Uint8Array {
    const out = bytes.slice();
    out.set(values, at);
    return out;
  }

  it('refuses every truncation', () => {
    for (let length = 0; length < stored.length; length++) {
      failure('GGDLN_DATA', () => decodeNpz(stored.subarray(0, length)));
    }
    const message = failure('GGDLN_DATA', () => decodeNpz(stored.subarray(0, 100), { name: 'a.npz' }));
    expect(message).toContain('a.npz, byte 100: expected the end record of a ZIP archive, got none');
  });

  it('finds a changed byte in any array by its CRC-32', () => {
    const first = 30 + 'mean.npy'.length;
    for (let place = first; place < directory; place += 7) {
      const message = failure('GGDLN_DATA', () => decodeNpz(patched(stored, place, stored[place] ^ 1)));
      expect(message).toMatch(
        /the data \(mean\.npy\), byte 38: expected 160 bytes with CRC-32 [0-9a-f]+, got 160 bytes/,
      );
    }
  });

  it('never fails in another way, whatever byte is changed', () => {
    fc.assert(
      fc.property(fc.constantFrom(stored, deflated), fc.nat(), fc.nat(255), (bytes, at, value) => {
        try {
          decodeNpz(patched(bytes, at % bytes.length, value));
        } catch (error) {
          expect((error as { code: string }).code).toBe('GGDLN_DATA');
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    [
      'a wrong directory',
      patched(stored, end + 16, 1),
      `byte ${end + 12}: expected a central directory that ends at byte ${end}`,
    ],
    ['ZIP64', patched(stored, end + 16, 255, 255, 255, 255), 'got a ZIP64 archive, which is not read'],
    ['a missing record', patched(stored, end + 10, 2), `byte ${end}: expected the directory record of file 1 of 2`],
    [
      'a record too many',
      patched(stored, end + 10, 0),
      `byte ${directory}: expected the end of the directory after 0 files`,
    ],
    ['encryption', patched(stored, directory + 8, 1), 'expected a stored or deflated file, got an encrypted file'],
    ['another compression', patched(stored, directory + 10, 12), 'got compression method 12'],
    ['a local header elsewhere', patched(stored, directory + 42, 1), 'byte 1: expected the local header of "mean.npy"'],
    [
      'a bomb',
      patched(stored, directory + 27, 0x20),
      `byte ${directory + 20}: expected sizes that can be true, got 536871072 bytes from 160`,
    ],
  ])('refuses %s', (_, bytes, words) => {
    expect(failure('GGDLN_DATA', () => decodeNpz(bytes))).toContain(words);
  });

  it('refuses a declared total above the limit before unpacking', () => {
    const message = failure('GGDLN_DATA', () => decodeNpz(deflated, { maxBytes: 1000 }));
    expect(message).toContain('expected at most 1000 bytes of data (maxBytes), got a declared size of');
  });

  it('names the member whose array is damaged', () => {
    const archive = zipSync({ 'mean.npy': new TextEncoder().encode('not an array') });
    expect(failure('GGDLN_DATA', () => decodeNpz(archive, { name: 'run.npz' }))).toContain(
      'run.npz (mean.npy), byte 0',
    );
  });
});
