import type { FlatArray, RandomStream } from '@ggdln/core';
import type { LangevinDynamics } from './langevinPlan.ts';
import type { LossNetwork } from './lossNetwork.ts';
import { NoiseBlocks } from './noiseBlocks.ts';
import { measure, moveDown, moveInertially } from './updates.ts';

/** What a step of a chain depends on. */
export interface StepSettings {
  readonly stepSize: number;
  /** γ; no meaning for overdamped dynamics. */
  readonly friction: number;
  readonly temperature: number;
}

/** Numbers of a chain's present state. */
export interface ChainReading {
  /** θ·∇U. */
  readonly virial: number;
  /** |∇U|². */
  readonly squaredGradient: number;
  /** |p|²; NaN for overdamped dynamics. */
  readonly squaredMomentum: number;
}

/** One chain of Langevin dynamics for the density exp(−U/T). */
export class LangevinChain<Numbers extends FlatArray = FlatArray> {
  readonly rng: RandomStream;
  /** The current weights; the chain's own array, changed by the next step. */
  readonly theta: Numbers;
  readonly #network: LossNetwork<Numbers>;
  readonly #momentum: Numbers | undefined;
  readonly #gradient: Numbers;
  readonly #noise: NoiseBlocks<Numbers>;
  /** Time of the kick that the momentum still lacks: half a step after each step, given with the next one's. */
  #lacking = 0;
  #energy = Number.NaN;

  private constructor(network: LossNetwork<Numbers>, dynamics: LangevinDynamics, start: Numbers, rng: RandomStream) {
    const { precision, size } = network;
    this.#network = network;
    this.rng = rng;
    this.theta = precision.from(start);
    this.#gradient = new precision(size);
    this.#noise = new NoiseBlocks(precision, size);
    if (dynamics === 'underdamped') this.#momentum = new precision(size);
  }

  /** A chain at `start` (copied); with inertia, its momenta are drawn from their stationary law. */
  static async create<Numbers extends FlatArray>(
    network: LossNetwork<Numbers>,
    { dynamics, start, temperature }: { dynamics: LangevinDynamics; start: Numbers; temperature: number },
    rng: RandomStream,
  ): Promise<LangevinChain<Numbers>> {
    const chain = new LangevinChain(network, dynamics, start, rng);
    if (chain.#momentum) rng.fillGaussian(chain.#momentum, Math.sqrt(temperature));
    await chain.#look();
    return chain;
  }

  /** E. */
  get energy(): number {
    return this.#energy;
  }

  /**
   * One step. Overdamped: θ ← θ − η∇U + √(2ηT) ξ (Euler and Maruyama); variances come out larger by 1/(1 − ηλ/2) at
   * curvature λ. Underdamped: the splitting BAOAB (Leimkuhler and Matthews 2013, Applied Mathematics Research eXpress
   * 2013:34, arXiv:1203.5428) with unit masses, half a kick, half a drift, friction and noise exactly, half a drift, half
   * a kick: without step-size bias of the weights where U is quadratic, to second order elsewhere.
   */
  async step({ stepSize, friction, temperature }: StepSettings): Promise<void> {
    const { theta } = this;
    const { decay } = this.#network;
    const momentum = this.#momentum;
    if (momentum) {
      const half = stepSize / 2;
      const kept = Math.exp(-friction * stepSize);
      const factors = { kick: this.#lacking + half, half, kept, decay };
      this.#noise.each(this.rng, Math.sqrt(temperature * (1 - kept * kept)), (noise, start) =>
        moveInertially(factors, theta, momentum, this.#gradient, noise, start, start + noise.length),
      );
      this.#lacking = half;
    } else {
      moveDown({ stepSize, decay }, theta, this.#gradient);
      if (temperature > 0) this.rng.addGaussian(theta, Math.sqrt(2 * stepSize * temperature));
    }
    await this.#look();
  }

  read(): ChainReading {
    const { decay } = this.#network;
    const { virial, squaredGradient } = measure(this.theta, this.#gradient, decay);
    return { virial, squaredGradient, squaredMomentum: this.#squaredMomentum() };
  }

  /** Mean of zᵀ∇²U z over random signs z: an unbiased estimate of the trace of ∇²U (Hutchinson). */
  async laplacian(probes: number): Promise<number> {
    let sum = 0;
    for (let probe = 0; probe < probes; probe++) {
      const signs = new Float64Array(this.#network.size).map(() => (this.rng.uniform() < 0.5 ? -1 : 1));
      const product = await this.#network.curvatureProduct(this.theta, signs);
      for (let i = 0; i < signs.length; i++) sum += signs[i] * product[i];
    }
    return sum / probes;
  }

  #squaredMomentum(): number {
    const momentum = this.#momentum;
    if (!momentum) return Number.NaN;
    const { decay } = this.#network;
    let sum = 0;
    for (let i = 0; i < momentum.length; i++) {
      sum += (momentum[i] - this.#lacking * (this.#gradient[i] + decay * this.theta[i])) ** 2;
    }
    return sum;
  }

  /** Takes the loss and its gradient at the present weights. */
  async #look(): Promise<void> {
    const energy = this.#network.evaluate(this.theta, this.#gradient);
    this.#energy = typeof energy === 'number' ? energy : await energy;
  }
}
