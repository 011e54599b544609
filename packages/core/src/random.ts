import { inputError } from './errors.ts';
import { addGaussian, fillGaussian, gaussian } from './gaussians.ts';
import { nextWord, uniform, type Words } from './xoshiro.ts';

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
  /**
   * Fills `out` with normals of standard deviation `scale` (default 1); returns `out`. A float64 array gets what
   * `gaussian` gives one by one; a float32 array gets draws of its own kind, of 24 random bits and several times as fast.
   */
  fillGaussian<A extends Float64Array | Float32Array>(out: A, scale?: number): A;
  /** Adds to `x` what `fillGaussian` would fill it with, in one pass; returns `x`. */
  addGaussian<A extends Float64Array | Float32Array>(x: A, scale?: number): A;
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

class Xoshiro128 implements RandomStream {
  readonly name: string;
  readonly #seed: string;
  readonly #words: Words;

  constructor(seed: string, name: string, words: readonly number[]) {
    this.#seed = seed;
    this.name = name;
    this.#words = Int32Array.from(words);
  }

  stream(name: string | number): RandomStream {
    const path = this.name === '' ? String(name) : `${this.name}/${name}`;
    return new Xoshiro128(this.#seed, path, seedWords(`${this.#seed}\u0000${path}`));
  }

  uniform(): number {
    return uniform(this.#words);
  }

  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 0x100000000) {
      throw inputError('@ggdln/core integer', `n = ${n}`, 'n is a whole number from 1 to 2^32');
    }
    const limit = 0x100000000 - (0x100000000 % n);
    let word = nextWord(this.#words) >>> 0;
    while (word >= limit) word = nextWord(this.#words) >>> 0;
    return word % n;
  }

  gaussian(): number {
    return gaussian(this.#words);
  }

  fillGaussian<A extends Float64Array | Float32Array>(out: A, scale = 1): A {
    fillGaussian(this.#words, out, scale);
    return out;
  }

  addGaussian<A extends Float64Array | Float32Array>(x: A, scale = 1): A {
    addGaussian(this.#words, x, scale);
    return x;
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
      words: [this.#words[0], this.#words[1], this.#words[2], this.#words[3]],
    };
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
