import { inputError } from './errors.ts';
import { portableExp, portableLog } from './portableMath.ts';
import { gaussianTables } from './ziggurat.ts';

/** Everything that is needed to continue a stream exactly where it was. Plain JSON. */
export interface RandomState {
  readonly algorithm: 'xoshiro128**';
  readonly name: string;
  readonly seed: string;
  readonly words: readonly [number, number, number, number];
}

/**
 * A stream of random numbers with a name. Streams of different names under one seed are independent, whatever the
 * order in which they are made or drawn from, so parallel tasks give the same numbers in any order.
 */
export interface RandomStream {
  /** Path of the stream, e.g. `learner/chain/2`; empty for the root. */
  readonly name: string;
  /** A substream; it depends on this stream's seed and name only, never on how much has been drawn. */
  stream(name: string | number): RandomStream;
  /** Uniform on [0, 1), 53 random bits. */
  uniform(): number;
  /** Uniform on 0 … n − 1, without bias. */
  integer(n: number): number;
  /** Standard normal. */
  gaussian(): number;
  /** Fills `out` with normals of standard deviation `scale` (default 1); returns `out`. */
  fillGaussian<A extends Float64Array | Float32Array>(out: A, scale?: number): A;
  /** A random order of 0 … n − 1. */
  permutation(n: number): Int32Array;
  state(): RandomState;
}

/** The root stream of a seed. @param seed A whole number or any text. */
export function createRandom(seed: number | string): RandomStream {
  if (typeof seed === 'number' && !Number.isSafeInteger(seed)) {
    throw inputError('@ggdln/core createRandom', `seed ${seed} is not usable`, 'Give a whole number or text');
  }
  return new Xoshiro128(String(seed), '', seedWords(`${seed}\u0000`));
}

/** Continues a stream from `stream.state()`. */
export function restoreRandom(state: RandomState): RandomStream {
  const { algorithm, words } = state;
  if (
    algorithm !== 'xoshiro128**' ||
    words?.length !== 4 ||
    !words.every((word) => Number.isInteger(word)) ||
    words.every((word) => word === 0)
  ) {
    throw inputError(
      '@ggdln/core restoreRandom',
      'this is not the state of a random stream',
      'Give what state() returned',
    );
  }
  return new Xoshiro128(state.seed, state.name, [...words]);
}

/** xoshiro128** 1.1 (Blackman and Vigna, ACM TOMS 47:36, 2021): 32-bit operations, period 2^128 − 1. */
class Xoshiro128 implements RandomStream {
  readonly name: string;
  readonly #seed: string;
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: string, name: string, words: readonly number[]) {
    this.#seed = seed;
    this.name = name;
    [this.#a, this.#b, this.#c, this.#d] = words;
  }

  stream(name: string | number): RandomStream {
    const path = this.name === '' ? String(name) : `${this.name}/${name}`;
    return new Xoshiro128(this.#seed, path, seedWords(`${this.#seed}\u0000${path}`));
  }

  uniform(): number {
    const high = this.#next();
    return (high * 0x200000 + (this.#next() >>> 11)) * 2 ** -53;
  }

  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 0x100000000) {
      throw inputError('@ggdln/core integer', `n = ${n}`, 'n is a whole number from 1 to 2^32');
    }
    const limit = 0x100000000 - (0x100000000 % n);
    let word = this.#next();
    while (word >= limit) word = this.#next();
    return word % n;
  }

  /** Ziggurat (Marsaglia and Tsang 2000) in the form of Doornik 2005, whose index and abscissa use separate bits. */
  gaussian(): number {
    const { edges, ratios, tail } = gaussianTables();
    for (;;) {
      const low = this.#next();
      const layer = low & 127;
      const u = (this.#next() * 0x200000 + (low >>> 11)) * 2 ** -52 - 1;
      if (Math.abs(u) < ratios[layer]) return u * edges[layer];
      if (layer === 0) return this.#gaussianTail(tail, u < 0);
      const x = u * edges[layer];
      const top = portableExp(-0.5 * (edges[layer] * edges[layer] - x * x));
      const bottom = portableExp(-0.5 * (edges[layer + 1] * edges[layer + 1] - x * x));
      if (bottom + this.uniform() * (top - bottom) < 1) return x;
    }
  }

  fillGaussian<A extends Float64Array | Float32Array>(out: A, scale = 1): A {
    for (let i = 0; i < out.length; i++) out[i] = scale * this.gaussian();
    return out;
  }

  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }

  state(): RandomState {
    return {
      algorithm: 'xoshiro128**',
      name: this.name,
      seed: this.#seed,
      words: [this.#a, this.#b, this.#c, this.#d],
    };
  }

  #next(): number {
    const product = Math.imul(this.#b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  #gaussianTail(from: number, negative: boolean): number {
    for (;;) {
      const x = portableLog(1 - this.uniform()) / from;
      const y = portableLog(1 - this.uniform());
      if (-2 * y >= x * x) return negative ? x - from : from - x;
    }
  }
}

/** Four words from a text: four FNV-1a passes with different offsets, each finished by MurmurHash3's 32-bit mixer. */
function seedWords(key: string): [number, number, number, number] {
  const offsets = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667];
  const words: number[] = offsets.map((offset) => {
    let hash = (0x811c9dc5 ^ offset) | 0;
    for (let i = 0; i < key.length; i++) {
      hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return hash ^ (hash >>> 16);
  });
  if ((words[0] | words[1] | words[2] | words[3]) === 0) words[0] = 1;
  return [words[0], words[1], words[2], words[3]];
}
