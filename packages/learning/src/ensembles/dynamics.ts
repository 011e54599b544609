import type { FlatArray, FlatArrayConstructor, RandomStream } from '@ggdln/core';
import type { EnsembleNetwork } from './network.ts';
import type { EnsembleWeights } from './passes.ts';

/** Weights of antithetic pairs: networks 2p and 2p + 1 of `trained`, and network p of `free`, are pair p. */
export interface PairWeights<Numbers extends FlatArray> {
  readonly trained: EnsembleWeights<Numbers>;
  readonly free: EnsembleWeights<Numbers>;
}

/** One network's part of an array, seen from the pair: +1, −1 (the readout's sign) and free. */
type Spread = (noise: FlatArray, pair: number, size: number, readout: boolean) => void;

/**
 * Draws every pair's weights, N(0, σ0²), or moves them by Θ ← g(Θ − h∇E) + σ√(1−g²) ξ, g = e^{−hT/σ²}: hidden noise is
 * the same in all three networks of a pair, readout noise the same in sign +1 and free, negated in sign −1.
 * @param streams One stream a pair, so that a pair's numbers don't depend on the others.
 */
export class PairDynamics<Numbers extends FlatArray> {
  readonly #network: EnsembleNetwork;
  readonly #streams: readonly RandomStream[];
  readonly #noise: readonly Numbers[];
  readonly #weights: PairWeights<Numbers>;

  constructor(
    network: EnsembleNetwork,
    weights: PairWeights<Numbers>,
    streams: readonly RandomStream[],
    precision: FlatArrayConstructor<Numbers>,
  ) {
    this.#network = network;
    this.#weights = weights;
    this.#streams = streams;
    const { free } = weights;
    this.#noise = [free.a, ...free.layers].map((array) => new precision(array.length / free.count));
  }

  draw(): void {
    const { trained, free } = this.#weights;
    this.#each(this.#network.sigma0, (noise, pair, size, readout, k) => {
      const [both, alone] = [arraysOf(trained)[k], arraysOf(free)[k]];
      for (let i = 0; i < size; i++) {
        alone[pair * size + i] = noise[i];
        both[2 * pair * size + i] = noise[i];
        both[(2 * pair + 1) * size + i] = readout ? -noise[i] : noise[i];
      }
    });
  }

  /** @param gradient ∇E of the trained networks. */
  move(step: number, gradient: EnsembleWeights<Numbers>): void {
    const { sigma, temperature } = this.#network;
    const { trained, free } = this.#weights;
    const kept = Math.exp((-step * temperature) / (sigma * sigma));
    const deviation = sigma * Math.sqrt(-Math.expm1((-2 * step * temperature) / (sigma * sigma)));
    this.#each(deviation, (noise, pair, size, readout, k) => {
      const [both, alone, slope] = [arraysOf(trained)[k], arraysOf(free)[k], arraysOf(gradient)[k]];
      const sign = readout ? -1 : 1;
      const [plus, minus] = [2 * pair * size, (2 * pair + 1) * size];
      for (let i = 0; i < size; i++) {
        const xi = noise[i];
        alone[pair * size + i] = kept * alone[pair * size + i] + xi;
        both[plus + i] = kept * (both[plus + i] - step * slope[plus + i]) + xi;
        both[minus + i] = kept * (both[minus + i] - step * slope[minus + i]) + sign * xi;
      }
    });
  }

  #each(deviation: number, use: (...args: [...Parameters<Spread>, array: number]) => void): void {
    this.#streams.forEach((stream, pair) => {
      this.#noise.forEach((noise, k) => {
        if (deviation > 0) stream.fillGaussian(noise, deviation);
        else noise.fill(0);
        use(noise, pair, noise.length, k === 0, k);
      });
    });
  }
}

const arraysOf = <Numbers extends FlatArray>({ a, layers }: EnsembleWeights<Numbers>): readonly Numbers[] => [
  a,
  ...layers,
];
