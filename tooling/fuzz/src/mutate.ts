import type { RandomStream } from '@ggdln/core';
import { utf8 } from './target.ts';

type Mutation = (bytes: Uint8Array, rng: RandomStream, material: Material) => Uint8Array;

interface Material {
  readonly samples: readonly Uint8Array[];
  readonly tokens: readonly string[];
}

/** Numbers at which sizes and offsets go wrong. */
const EDGES = [0, 1, 2, 7, 8, 127, 128, 255, 256, 65535, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1];
/** Files stay near this size, so that an input takes no longer than a moment. */
const MAX_BYTES = 65536;

const flipBit: Mutation = (bytes, rng) =>
  changed(bytes, rng, (out, at) => {
    out[at] ^= 1 << rng.integer(8);
  });

const setByte: Mutation = (bytes, rng) =>
  changed(bytes, rng, (out, at) => {
    out[at] = rng.uniform() < 0.5 ? EDGES[rng.integer(8)] : rng.integer(256);
  });

const setNumber: Mutation = (bytes, rng) =>
  changed(bytes, rng, (out, at) => {
    const view = new DataView(out.buffer);
    const value = pick(EDGES, rng);
    const littleEndian = rng.uniform() < 0.5;
    if (at + 4 <= out.length && rng.uniform() < 0.7) view.setUint32(at, value, littleEndian);
    else if (at + 2 <= out.length) view.setUint16(at, value, littleEndian);
  });

/** Another number in a text. */
const setDigits: Mutation = (bytes, rng) => {
  const digits = [...bytes.keys()].filter((at) => bytes[at] >= 0x30 && bytes[at] <= 0x39);
  if (digits.length === 0 || bytes.length > 4096) return bytes;
  const at = pick(digits, rng);
  const number = rng.uniform() < 0.5 ? String(rng.integer(10)) : String(pick(EDGES, rng));
  return join(bytes.subarray(0, at), utf8(number), bytes.subarray(at + 1));
};

const truncate: Mutation = (bytes, rng) => bytes.slice(0, rng.integer(bytes.length + 1));

const remove: Mutation = (bytes, rng) => {
  const at = rng.integer(bytes.length + 1);
  return join(bytes.subarray(0, at), bytes.subarray(at + lengthOf(rng)));
};

const insertNoise: Mutation = (bytes, rng) => {
  const noise = Uint8Array.from({ length: lengthOf(rng) }, () => rng.integer(256));
  return insert(bytes, noise, rng);
};

const repeatPart: Mutation = (bytes, rng) => {
  const at = rng.integer(bytes.length + 1);
  const part = bytes.subarray(at, at + lengthOf(rng));
  const times = Math.min(1 + rng.integer(rng.uniform() < 0.1 ? 4000 : 8), Math.ceil(MAX_BYTES / (part.length + 1)));
  return insert(bytes, join(...Array.from({ length: times }, () => part)), rng);
};

const insertToken: Mutation = (bytes, rng, { tokens }) => {
  if (tokens.length === 0) return flipBit(bytes, rng, { samples: [], tokens });
  const times = rng.uniform() < 0.05 ? 1 + rng.integer(3000) : 1;
  return insert(bytes, utf8(pick(tokens, rng).repeat(times)), rng);
};

const splice: Mutation = (bytes, rng, { samples }) => {
  const other = pick(samples, rng);
  const from = rng.integer(other.length + 1);
  return join(bytes.subarray(0, rng.integer(bytes.length + 1)), other.subarray(from));
};

const MUTATIONS = [
  flipBit,
  setByte,
  setNumber,
  setDigits,
  truncate,
  remove,
  insertNoise,
  repeatPart,
  insertToken,
  splice,
];

/** One of the samples after one to six changes, all drawn from the stream. */
export function mutated(material: Material, rng: RandomStream): Uint8Array {
  let bytes = pick(material.samples, rng);
  for (let changes = 1 + rng.integer(6); changes > 0; changes--) {
    bytes = pick(MUTATIONS, rng)(bytes, rng, material).subarray(0, 2 * MAX_BYTES);
  }
  return bytes.slice();
}

/** One of the items. */
export function pick<Item>(items: readonly Item[], rng: RandomStream): Item {
  return items[rng.integer(items.length)];
}

function changed(bytes: Uint8Array, rng: RandomStream, change: (out: Uint8Array, at: number) => void): Uint8Array {
  const out = bytes.slice();
  if (out.length > 0) change(out, rng.integer(out.length));
  return out;
}

function insert(bytes: Uint8Array, part: Uint8Array, rng: RandomStream): Uint8Array {
  const at = rng.integer(bytes.length + 1);
  return join(bytes.subarray(0, at), part, bytes.subarray(at));
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Mostly a few bytes, now and then thousands. */
function lengthOf(rng: RandomStream): number {
  return 1 + rng.integer([4, 16, 64, 1024, 4096][rng.integer(5)]);
}
