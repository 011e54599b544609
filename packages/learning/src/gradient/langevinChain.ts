import type { RandomStream } from '@ggdln/core';
import { createTensorScope, type TensorScope } from '@ggdln/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LangevinDynamics } from './langevinPlan.ts';
import type { TensorNetwork } from './tensorNetwork.ts';

/** What a step of a chain depends on. */
export interface StepSettings {
  readonly stepSize: number;
  /** γ; no meaning for overdamped dynamics. */
  readonly friction: number;
  readonly temperature: number;
}

/** Numbers of a chain's present state, off the device. */
export interface ChainReading {
  readonly theta: Float32Array;
  /** θ·∇U. */
  readonly virial: number;
  /** |∇U|². */
  readonly squaredGradient: number;
  /** |p|²; NaN for overdamped dynamics. */
  readonly squaredMomentum: number;
}

/** One chain of Langevin dynamics for the density exp(−U/T); its tensors live until `dispose`. */
export class LangevinChain {
  readonly rng: RandomStream;
  readonly #network: TensorNetwork;
  readonly #dynamics: LangevinDynamics;
  readonly #scope: TensorScope = createTensorScope();
  #theta: tf.Tensor1D;
  #momentum: tf.Tensor1D | undefined;
  #gradient: tf.Tensor1D;
  #energy = Number.NaN;

  private constructor(network: TensorNetwork, dynamics: LangevinDynamics, start: Float32Array, rng: RandomStream) {
    this.#network = network;
    this.#dynamics = dynamics;
    this.rng = rng;
    this.#theta = this.#scope.own(tf.tensor1d(start));
    this.#gradient = this.#scope.own(tf.zeros([network.size]));
  }

  /** A chain at `start`; with inertia, its momenta are drawn from their stationary law. */
  static async create(
    network: TensorNetwork,
    { dynamics, start, temperature }: { dynamics: LangevinDynamics; start: Float32Array; temperature: number },
    rng: RandomStream,
  ): Promise<LangevinChain> {
    const chain = new LangevinChain(network, dynamics, start, rng);
    try {
      if (dynamics === 'underdamped') chain.#momentum = chain.#scope.own(chain.#draw(Math.sqrt(temperature)));
      await chain.#look(() => tf.clone(chain.#theta));
    } catch (error) {
      chain.dispose();
      throw error;
    }
    return chain;
  }

  get theta(): tf.Tensor1D {
    return this.#theta;
  }

  /** E. */
  get energy(): number {
    return this.#energy;
  }

  step(settings: StepSettings): Promise<void> {
    return this.#dynamics === 'underdamped' ? this.#underdamped(settings) : this.#overdamped(settings);
  }

  async read(): Promise<ChainReading> {
    const theta = Float32Array.from(await this.#theta.data());
    const gradient = await this.#gradient.data();
    const momentum = await this.#momentum?.data();
    let [virial, squaredGradient, squaredMomentum] = [0, 0, momentum ? 0 : Number.NaN];
    for (let i = 0; i < theta.length; i++) {
      virial += theta[i] * gradient[i];
      squaredGradient += gradient[i] * gradient[i];
      if (momentum) squaredMomentum += momentum[i] * momentum[i];
    }
    return { theta, virial, squaredGradient, squaredMomentum };
  }

  /** Mean of zᵀ∇²U z over random signs z: an unbiased estimate of the trace of ∇²U (Hutchinson). */
  async laplacian(probes: number): Promise<number> {
    let sum = 0;
    for (let probe = 0; probe < probes; probe++) {
      const signs = new Float32Array(this.#network.size).map(() => (this.rng.uniform() < 0.5 ? -1 : 1));
      const estimate = tf.tidy(() => {
        const z = tf.tensor1d(signs);
        return tf.sum(tf.mul(z, this.#network.curvatureProduct(this.#theta, z)));
      });
      sum += (await estimate.data())[0];
      estimate.dispose();
    }
    return sum / probes;
  }

  dispose(): void {
    this.#scope.dispose();
  }

  /** θ ← θ − η∇U + √(2ηT) ξ (Euler and Maruyama); variances come out larger by 1/(1 − ηλ/2) at curvature λ. */
  async #overdamped({ stepSize, temperature }: StepSettings): Promise<void> {
    const noise = Math.sqrt(2 * stepSize * temperature);
    await this.#look(() => tf.add(tf.sub(this.#theta, tf.mul(this.#gradient, stepSize)), this.#draw(noise)));
  }

  /**
   * One step of the splitting BAOAB (Leimkuhler and Matthews 2013, Applied Mathematics Research eXpress 2013:34,
   * arXiv:1203.5428) with unit masses: half a kick, half a drift, friction and noise exactly, half a drift, half a kick.
   * Weights are sampled without step-size bias where U is quadratic, to second order elsewhere.
   */
  async #underdamped({ stepSize, friction, temperature }: StepSettings): Promise<void> {
    const kept = Math.exp(-friction * stepSize);
    const noise = Math.sqrt(temperature * (1 - kept * kept));
    const half = stepSize / 2;
    const kick = (momentum: tf.Tensor) => tf.sub(momentum, tf.mul(this.#gradient, half)) as tf.Tensor1D;
    const before = this.#momentum as tf.Tensor1D;
    const [momentum, theta] = tf.tidy(() => {
      const kicked = kick(before);
      const damped = tf.add(tf.mul(kicked, kept), this.#draw(noise)) as tf.Tensor1D;
      return [damped, tf.add(this.#theta, tf.mul(tf.add(kicked, damped), half)) as tf.Tensor1D];
    });
    const drifted = this.#scope.replace(before, momentum);
    await this.#look(() => theta);
    this.#momentum = this.#scope.replace(
      drifted,
      tf.tidy(() => kick(drifted)),
    );
  }

  /** Moves to new weights and takes the loss and its gradient there. */
  async #look(move: () => tf.Tensor): Promise<void> {
    const { theta, gradient, energy } = tf.tidy(() => {
      const moved = move() as tf.Tensor1D;
      return { theta: moved, ...this.#network.evaluate(moved) };
    });
    this.#theta = this.#scope.replace(this.#theta, theta);
    this.#gradient = this.#scope.replace(this.#gradient, gradient);
    [this.#energy] = await energy.data();
    energy.dispose();
  }

  /** A new array each time: some backends keep it as the tensor's memory. */
  #draw(scale: number): tf.Tensor1D {
    return tf.tensor1d(this.rng.fillGaussian(new Float32Array(this.#network.size), scale));
  }
}
