import { countEntries, rearrange } from './elements.ts';
import { damaged, hex, type ReadOptions, requireWithinLimit } from './readOptions.ts';

interface IdxData {
  readonly uint8: Uint8Array;
  readonly int8: Int8Array;
  readonly int16: Int16Array;
  readonly int32: Int32Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

/** Element types of IDX files. */
export type IdxDtype = keyof IdxData;

/** An n-dimensional array of an IDX file, last index fastest. */
export type IdxArray = {
  readonly [Dtype in IdxDtype]: {
    readonly dtype: Dtype;
    readonly shape: readonly number[];
    readonly data: IdxData[Dtype];
  };
}[IdxDtype];

interface IdxType {
  readonly dtype: IdxDtype;
  readonly size: number;
  readonly array: new (buffer: ArrayBuffer) => IdxData[IdxDtype];
}

/** By the third byte of the file. */
const TYPES: Readonly<Record<number, IdxType>> = {
  8: { dtype: 'uint8', size: 1, array: Uint8Array },
  9: { dtype: 'int8', size: 1, array: Int8Array },
  11: { dtype: 'int16', size: 2, array: Int16Array },
  12: { dtype: 'int32', size: 4, array: Int32Array },
  13: { dtype: 'float32', size: 4, array: Float32Array },
  14: { dtype: 'float64', size: 8, array: Float64Array },
};
const MAX_DIMENSIONS = 8;

/**
 * Reads an IDX file, the format of MNIST and its relatives: two zero bytes, the element type, the number of
 * dimensions, each size as a big-endian 32-bit number, then the elements (big-endian).
 * @returns The array; one of `uint8` shares the memory of `bytes`.
 * @throws GGDLN_DATA naming the byte for a wrong magic number, truncation or bytes left over. Sizes are checked
 * before anything is allocated.
 */
export function decodeIdx(bytes: Uint8Array, options: ReadOptions = {}): IdxArray {
  const where = '@ggdln/io decodeIdx';
  const { name = 'the data' } = options;
  const { type, shape, offset } = readHead(bytes, name);
  const wanted = countEntries(shape) * type.size;
  const present = bytes.length - offset;
  if (wanted !== present) {
    const expected = `${wanted} bytes of ${type.dtype} for ${shape.join(' × ')}`;
    const at = offset + Math.min(wanted, present);
    throw damaged(where, name, { at, expected, got: `${present} bytes` });
  }
  requireWithinLimit(where, name, 4, wanted, options);
  const elements = bytes.subarray(offset);
  const { dtype, size } = type;
  const data = dtype === 'uint8' ? elements : new type.array(rearrange(elements, { size, littleEndian: false }));
  return { dtype, shape, data } as IdxArray;
}

function readHead(bytes: Uint8Array, name: string): { type: IdxType; shape: number[]; offset: number } {
  const where = '@ggdln/io decodeIdx';
  const type = TYPES[bytes[2]];
  const dimensions = bytes[3];
  if (bytes[0] !== 0 || bytes[1] !== 0 || !type || !(dimensions >= 1 && dimensions <= MAX_DIMENSIONS)) {
    const known = Object.keys(TYPES).map((code) => hex(Uint8Array.of(Number(code))));
    throw damaged(where, name, {
      at: 0,
      expected: `the IDX magic number 00 00, a type of ${known.join(', ')}, and 01 to 08 dimensions`,
      got: hex(bytes.subarray(0, 4)),
      remedy: bytes[0] === 0x1f && bytes[1] === 0x8b ? 'The file is gzip-compressed; unpack it first' : undefined,
    });
  }
  const offset = 4 + 4 * dimensions;
  if (bytes.length < offset) {
    throw damaged(where, name, {
      at: bytes.length,
      expected: `a header of ${offset} bytes`,
      got: `${bytes.length} bytes`,
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis));
  return { type, shape, offset };
}
