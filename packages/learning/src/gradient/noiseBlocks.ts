import type { FlatArray, FlatArrayConstructor, RandomStream } from '@ggdln/core';

/** Weights moved at a time: their noise stays in the fastest memory. */
const BLOCK = 4096;

/** Hands out Gaussian noise for all weights, block after block, in arrays that are used again. */
export class NoiseBlocks<Numbers extends FlatArray> {
  readonly #size: number;
  readonly #block: Numbers;
  readonly #last: Numbers;

  constructor(precision: FlatArrayConstructor<Numbers>, size: number) {
    this.#size = size;
    this.#block = new precision(Math.min(BLOCK, size));
    this.#last = new precision(size % BLOCK);
  }

  /** Calls `use` with the noise of weights `start` … `start + noise.length − 1`; zeros for deviation 0. */
  each(rng: RandomStream, deviation: number, use: (noise: Numbers, start: number) => void): void {
    for (let start = 0; start < this.#size; start += BLOCK) {
      const noise = this.#size - start < BLOCK ? this.#last : this.#block;
      if (deviation > 0) rng.fillGaussian(noise, deviation);
      else noise.fill(0);
      use(noise, start);
    }
  }
}
