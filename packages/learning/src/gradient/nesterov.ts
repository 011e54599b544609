import type { FlatArray } from '@ggdln/core';
import type { LossNetwork } from './lossNetwork.ts';
import { measure, moveAhead } from './updates.ts';

/** The loss landscape at a point. */
export interface Point {
  /** E. */
  readonly energy: number;
  /** U = E + T|θ|²/2σ². */
  readonly objective: number;
  /** |∇U|. */
  readonly gradientNorm: number;
}

/**
 * The state of Nesterov's accelerated descent: v ← μv − η∇U(y), θ ← θ + v, y = θ + μv. Gradients are taken at y, so
 * the run is followed, and ends, at y; at a stationary point y = θ.
 */
export class NesterovWalker<Numbers extends FlatArray = FlatArray> {
  /** The current weights y; the walker's own array, changed by the next step. */
  readonly weights: Numbers;
  readonly #network: LossNetwork<Numbers>;
  readonly #momentum: number;
  readonly #v: Numbers;
  readonly #gradient: Numbers;
  #now: Point = { energy: Number.NaN, objective: Number.NaN, gradientNorm: Number.NaN };

  private constructor(network: LossNetwork<Numbers>, start: Numbers, momentum: number) {
    this.#network = network;
    this.#momentum = momentum;
    this.weights = network.precision.from(start);
    this.#v = new network.precision(network.size);
    this.#gradient = new network.precision(network.size);
  }

  /** A walker at rest at `start` (copied). */
  static async create<Numbers extends FlatArray>(
    network: LossNetwork<Numbers>,
    start: Numbers,
    momentum: number,
  ): Promise<NesterovWalker<Numbers>> {
    const walker = new NesterovWalker(network, start, momentum);
    await walker.#look();
    return walker;
  }

  get now(): Point {
    return this.#now;
  }

  async step(learningRate: number): Promise<void> {
    const factors = { rate: learningRate, mu: this.#momentum, decay: this.#network.decay };
    moveAhead(factors, this.weights, this.#v, this.#gradient);
    await this.#look();
  }

  /** Puts the walker at rest at other weights (copied). */
  async restart(weights: Numbers): Promise<void> {
    this.weights.set(weights);
    this.#v.fill(0);
    await this.#look();
  }

  async #look(): Promise<void> {
    const { decay } = this.#network;
    const energy = await this.#network.evaluate(this.weights, this.#gradient);
    const { squaredWeights, squaredGradient } = measure(this.weights, this.#gradient, decay);
    const objective = energy + 0.5 * decay * squaredWeights;
    this.#now = { energy, objective, gradientNorm: Math.sqrt(squaredGradient) };
  }
}
