import type { RandomStream } from '@ggdln/core';
import { decodeCifar, decodeIdx, decodeNpy, encodeNpy, type NpyArray } from '@ggdln/io';
import { pick } from '../mutate.ts';
import { type FuzzTarget, insist, utf8 } from '../target.ts';

/** A copy of the elements, a little room for headers, and one more for those of another byte order. */
const copies = (fileBytes: number) => 4096 + 3 * fileBytes;

const ramp = (length: number) => Uint8Array.from({ length }, (_, i) => (7 * i) % 256);

function idx(code: number, shape: readonly number[], elements: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + elements.length);
  bytes.set([0, 0, code, shape.length]);
  const view = new DataView(bytes.buffer);
  for (const [axis, size] of shape.entries()) view.setUint32(4 + 4 * axis, size);
  bytes.set(elements, 4 + 4 * shape.length);
  return bytes;
}

/** Images and labels of MNIST and its relatives. */
export const idxTarget: FuzzTarget = {
  name: 'IDX',
  samples: [
    idx(8, [3, 4, 4], ramp(48)),
    idx(8, [5], ramp(5)),
    idx(13, [2, 3], ramp(24)),
    idx(14, [0, 7], ramp(0)),
    utf8('\x1f'),
  ],
  read: (bytes) => {
    const { shape, data } = decodeIdx(bytes, { maxBytes: 1 << 20 });
    insist(data.length === product(shape), `${data.length} elements in the shape (${shape.join(', ')})`);
  },
  allowance: copies,
};

/** The binary version of CIFAR-10, and of CIFAR-100. */
export const cifarTargets: readonly FuzzTarget[] = ([10, 100] as const).map((classes) => {
  const record = (label: number) => Uint8Array.of(...(classes === 100 ? [3] : []), label, ...ramp(3072));
  return {
    name: `CIFAR-${classes}`,
    samples: [record(1), Uint8Array.of(...record(9), ...record(0)), record(10), Uint8Array.of()],
    read: (bytes) => {
      const { count, labels, pixels } = decodeCifar(bytes, { classes, maxBytes: 1 << 20 });
      insist(labels.length === count && pixels.length === 3072 * count, `${count} images of ${pixels.length} bytes`);
      insist(
        labels.every((label) => label < classes),
        `labels ${labels}`,
      );
    },
    allowance: copies,
  };
});

/** Arrays that the NPY samples, and those in NPZ archives, hold. */
export const arrays: readonly NpyArray[] = [
  { dtype: 'float64', shape: [2, 3], data: Float64Array.of(1, -2, Number.NaN, 4, 5e300, -0) },
  { dtype: 'int64', shape: [3], data: BigInt64Array.of(1n, -2n, 2n ** 62n) },
  { dtype: 'bool', shape: [2, 1, 2], data: Uint8Array.of(0, 1, 1, 0) },
  { dtype: 'float32', shape: [], data: Float32Array.of(0.5) },
];

const TOKENS = [
  "'descr': '>f8', ",
  "'shape': (4294967295, 4294967295, 4294967295), ",
  "'shape': (0, 9007199254740992), ",
  'True',
  'False',
  '{',
  '}',
  '(',
  ',',
  "'|O'",
  '9',
  ' ',
  '\\',
];

/** A right header, but for what it declares: any type, order and shape, over as many elements or a few more. */
function craftNpy(rng: RandomStream): Uint8Array {
  const shape = Array.from({ length: rng.integer(5) }, () => pick([0, 1, 2, 3, 5], rng));
  if (rng.uniform() < 0.2) shape.push(pick([65536, 2 ** 31, 2 ** 32, 2 ** 53, 1e21], rng));
  const type = pick(['<f8', '>f8', '|u1', '|b1', '<i8', '>i4', '=f4', '<f2', '<c16', '|O', 'f8'], rng);
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const order = pick(['True', 'False'], rng);
  const fields = `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${tuple}), }\n`;
  const wanted = product(shape) * Number(/\d+$/.exec(type)?.[0] ?? 8);
  const size = Math.min(4096, Math.max(0, wanted + pick([0, 0, 0, 1, -1], rng)));
  const version = 1 + rng.integer(3);
  const head = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, fields.length, 0);
  const rest = version === 1 ? [] : [0, 0];
  return Uint8Array.of(...head, ...rest, ...utf8(fields), ...Uint8Array.from({ length: size }, () => rng.integer(2)));
}

/** NumPy's files, in both orders. */
export const npyTarget: FuzzTarget = {
  name: 'NPY',
  samples: [...arrays.map(encodeNpy), replaced(encodeNpy(arrays[0]), 'False', 'True '), utf8('\x93NUMPY')],
  tokens: TOKENS,
  craft: craftNpy,
  read: (bytes) => {
    const array = decodeNpy(bytes, { maxBytes: 1 << 20 });
    insist(array.data.length === product(array.shape), `${array.data.length} elements for (${array.shape})`);
    sameArray(decodeNpy(encodeNpy(array)), array);
  },
  // Reading, and once more writing and reading for the check.
  allowance: (fileBytes) => 8192 + 8 * fileBytes,
};

/** Insists that two arrays are the same, to the bit. */
export function sameArray(actual: NpyArray, expected: NpyArray): void {
  insist(actual.dtype === expected.dtype && `${actual.shape}` === `${expected.shape}`, 'another type or shape');
  const [a, b] = [actual, expected].map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  insist(
    a.length === b.length && a.every((byte, i) => byte === b[i]),
    'what was read is not what comes back after writing',
  );
}

function replaced(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const text = String.fromCharCode(...bytes).replace(from, to);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}
