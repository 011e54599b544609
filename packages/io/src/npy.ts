import { inputError } from '@ggdln/core';
import { countEntries, rearrange } from './elements.ts';
import { DTYPES, type NpyArray, type NpyDtype } from './npyDtypes.ts';
import { dataBytes, MAX_DIMENSIONS, type NpyHeader, readHeader, writeHeader } from './npyHeader.ts';
import { damaged, type ReadOptions, requireWithinLimit } from './readOptions.ts';

/**
 * Reads one array from an NPY file (NumPy format versions 1 to 3; C or Fortran order; either byte order). Numbers
 * come through as they are, NaN included.
 * @returns The array in C order, in memory of its own.
 * @throws GGDLN_DATA naming the byte for anything truncated, corrupt or unsupported; structured types and Python
 * objects are never read. Sizes are checked before anything is allocated.
 */
export function decodeNpy(bytes: Uint8Array, options: ReadOptions = {}): NpyArray {
  const { name = 'the data' } = options;
  const header = readHeader(bytes, name);
  const { dtype, shape, dataOffset } = header;
  requireDataSize(bytes, header, name);
  const wanted = dataBytes(header);
  requireWithinLimit('@ggdln/io decodeNpy', name, dataOffset, wanted, options);
  const elements = bytes.subarray(dataOffset, dataOffset + wanted);
  const layout = {
    size: DTYPES[dtype].size,
    littleEndian: header.littleEndian,
    ...(header.fortran && shape.length > 1 ? { fortranShape: shape } : {}),
  };
  const data = new DTYPES[dtype].array(rearrange(elements, layout));
  if (dtype === 'bool') requireBooleans(elements, dataOffset, name);
  return { dtype, shape, data } as NpyArray;
}

/**
 * Writes one array as an NPY file of version 1: the same bytes as `numpy.save`.
 * @throws GGDLN_INPUT when shape, type and data don't fit together.
 */
export function encodeNpy(array: NpyArray): Uint8Array {
  requireArray(array);
  const { dtype, shape, data } = array;
  const { size } = DTYPES[dtype];
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const header = writeHeader(dtype, shape);
  const out = new Uint8Array(header.length + raw.length);
  out.set(header);
  out.set(new Uint8Array(rearrange(raw, { size, littleEndian: true })), header.length);
  return out;
}

function requireDataSize(bytes: Uint8Array, header: NpyHeader, name: string): void {
  const { dtype, shape, dataOffset } = header;
  const wanted = dataBytes(header);
  const present = bytes.length - dataOffset;
  if (wanted === present) return;
  const expected = `${wanted} bytes of ${dtype} for shape (${shape.join(', ')})`;
  const at = dataOffset + Math.min(wanted, present);
  throw damaged('@ggdln/io decodeNpy', name, { at, expected, got: `${present} bytes` });
}

function requireBooleans(elements: Uint8Array, offset: number, name: string): void {
  const bad = elements.findIndex((value) => value > 1);
  if (bad < 0) return;
  throw damaged('@ggdln/io decodeNpy', name, {
    at: offset + bad,
    expected: 'a bool of 0 or 1',
    got: String(elements[bad]),
  });
}

function requireArray(array: NpyArray): void {
  const caller = '@ggdln/io encodeNpy';
  const { dtype, shape, data } = array;
  if (!Object.hasOwn(DTYPES, dtype)) {
    const known = Object.keys(DTYPES).join(', ');
    throw inputError(caller, `the element type ${JSON.stringify(dtype)} is not written`, `Use one of ${known}`);
  }
  const { array: kind } = DTYPES[dtype as NpyDtype];
  if (!(data instanceof kind)) {
    throw inputError(
      caller,
      `a ${dtype} array can't hold ${Object.prototype.toString.call(data)}`,
      `Give a ${kind.name}`,
    );
  }
  const whole = shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (!whole || shape.length > MAX_DIMENSIONS || countEntries(shape) !== data.length) {
    const remedy = `The sizes are at most ${MAX_DIMENSIONS} whole numbers ≥ 0 whose product is the number of elements`;
    throw inputError(caller, `${data.length} elements don't fill the shape (${shape.join(', ')})`, remedy);
  }
  if (array.dtype !== 'bool') return;
  const bad = array.data.findIndex((value) => value > 1);
  if (bad >= 0) throw inputError(caller, `element ${bad} of a bool array is ${array.data[bad]}`, 'Give 0 or 1');
}
