import { inputError } from '@ggdln/core';
import { zipSync } from 'fflate';
import { decodeNpy, encodeNpy } from './npy.ts';
import type { NpyArray } from './npyDtypes.ts';
import type { ReadOptions } from './readOptions.ts';
import { readZip } from './zip.ts';

export interface EncodeNpzOptions {
  /** Deflate the arrays, as `numpy.savez_compressed`. Default false, as `numpy.savez`: floats hardly shrink. */
  readonly compress?: boolean;
}

/**
 * Reads all arrays of an NPZ archive (`numpy.savez` or `savez_compressed`) by name. Members that aren't `.npy` files
 * are passed over.
 * @throws GGDLN_DATA naming the byte for anything truncated, corrupt or unsupported, in the archive (lengths and
 * CRC-32 are checked) or in an array. `maxBytes` limits all arrays together.
 */
export function decodeNpz(bytes: Uint8Array, options: ReadOptions = {}): Record<string, NpyArray> {
  const { name = 'the data' } = options;
  const arrays = [...readZip(bytes, options)]
    .filter(([path]) => path.endsWith('.npy'))
    .map(([path, data]): [string, NpyArray] => [
      path.slice(0, -'.npy'.length),
      decodeNpy(data, { ...options, name: `${name} (${path})` }),
    ]);
  return Object.fromEntries(arrays);
}

/**
 * Writes named arrays as an NPZ archive for `numpy.load`. The same arrays give the same bytes: entries are in the
 * order given and carry no date of their own.
 * @throws GGDLN_INPUT for a name that can't be a path in an archive, or for an array whose parts don't fit together.
 */
export function encodeNpz(arrays: Readonly<Record<string, NpyArray>>, options: EncodeNpzOptions = {}): Uint8Array {
  const files = Object.entries(arrays).map(([name, array]): [string, Uint8Array] => {
    requireName(name);
    return [`${name}.npy`, encodeNpy(array)];
  });
  // The ZIP epoch in local time, as fflate reads the local fields of the date: the same bytes in every time zone.
  return zipSync(Object.fromEntries(files), { level: options.compress ? 6 : 0, mtime: new Date(1980, 0, 1) });
}

function requireName(name: string): void {
  const parts = name.split('/');
  const usable =
    /^[^\\\p{Cc}]{1,255}$/u.test(name) && parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (usable) return;
  throw inputError('@ggdln/io encodeNpz', `${JSON.stringify(name)} can't name an array`, 'Use a word such as "mean"');
}
