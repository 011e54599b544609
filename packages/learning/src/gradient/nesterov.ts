import type { TensorScope } from '@ggdln/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { TensorNetwork } from './tensorNetwork.ts';

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
export class NesterovWalker {
  readonly #network: TensorNetwork;
  readonly #scope: TensorScope;
  readonly #momentum: number;
  #y: tf.Tensor1D;
  #v: tf.Tensor1D;
  #gradient: tf.Tensor1D;
  #now: Point = { energy: Number.NaN, objective: Number.NaN, gradientNorm: Number.NaN };

  private constructor(network: TensorNetwork, scope: TensorScope, start: Float32Array, momentum: number) {
    this.#network = network;
    this.#scope = scope;
    this.#momentum = momentum;
    this.#y = scope.own(tf.tensor1d(start));
    this.#v = scope.own(tf.zeros([network.size]));
    this.#gradient = scope.own(tf.zeros([network.size]));
  }

  /** A walker at rest at `start`; its tensors belong to `scope`. */
  static async create(
    network: TensorNetwork,
    scope: TensorScope,
    start: Float32Array,
    momentum: number,
  ): Promise<NesterovWalker> {
    const walker = new NesterovWalker(network, scope, start, momentum);
    await walker.#look();
    return walker;
  }

  get now(): Point {
    return this.#now;
  }

  /** The current weights; they change with the next step. */
  get weights(): tf.Tensor1D {
    return this.#y;
  }

  async step(learningRate: number): Promise<void> {
    const mu = this.#momentum;
    const [y, v] = tf.tidy(() => {
      const velocity = tf.sub(tf.mul(this.#v, mu), tf.mul(this.#gradient, learningRate)) as tf.Tensor1D;
      // θ + μv after θ ← θ + v, from y = θ_old + μ v_old.
      const ahead = tf.add(tf.sub(this.#y, tf.mul(this.#v, mu)), tf.mul(velocity, 1 + mu)) as tf.Tensor1D;
      return [ahead, velocity];
    });
    this.#y = this.#scope.replace(this.#y, y);
    this.#v = this.#scope.replace(this.#v, v);
    await this.#look();
  }

  /** Puts the walker at rest at other weights (copied). */
  async restart(weights: tf.Tensor1D): Promise<void> {
    this.#y = this.#scope.replace(this.#y, tf.clone(weights));
    this.#v = this.#scope.replace(this.#v, tf.zeros([this.#network.size]));
    await this.#look();
  }

  async #look(): Promise<void> {
    const { gradient, scalars } = tf.tidy(() => {
      const { energy, gradient } = this.#network.evaluate(this.#y);
      return { gradient, scalars: tf.stack([energy, tf.sum(tf.square(this.#y)), tf.sum(tf.square(gradient))]) };
    });
    this.#gradient = this.#scope.replace(this.#gradient, gradient);
    const [energy, squaredWeights, squaredGradient] = await scalars.data();
    scalars.dispose();
    const objective = energy + 0.5 * this.#network.decay * squaredWeights;
    this.#now = { energy, objective, gradientNorm: Math.sqrt(squaredGradient) };
  }
}
