import type { FlatArray, RandomStream } from '@ggdln/core';
import { largestCurvature } from './curvature.ts';
import type { LossNetwork } from './lossNetwork.ts';
import type { NesterovWalker } from './nesterov.ts';

/** Step of the first re-estimate of the curvature when the step size is automatic; then at twice that, and so on. */
const FIRST_CHECK = 32;
/** How often an automatic step is halved before the run is given up. */
const MOST_HALVINGS = 20;

/** What a step size is chosen for. */
interface Surroundings {
  readonly network: LossNetwork;
  readonly walker: NesterovWalker;
  readonly rng: RandomStream;
}

/** The step size of a descent: fixed, or chosen from the curvature and corrected on the way. */
export class StepSize {
  value: number;
  /** Largest curvature at the last estimate. */
  curvature: number;
  readonly curvatureAtStart: number;
  readonly #around: Surroundings;
  readonly #automatic: boolean;
  /** The last point that was known to be good, and U there. */
  #safe: { readonly weights: FlatArray; readonly objective: number };
  #factor = 1;
  #halvings = 0;
  #nextCheck = FIRST_CHECK;

  private constructor(around: Surroundings, fixed: number, curvature: number) {
    const { walker } = around;
    this.#around = around;
    this.#automatic = fixed === 0;
    this.#safe = { weights: walker.weights.slice(), objective: walker.now.objective };
    this.curvature = curvature;
    this.curvatureAtStart = curvature;
    this.value = fixed || 1 / curvature;
  }

  /** @param fixed The step size to keep, or 0 to choose 1/λ. */
  static async create(around: Surroundings, fixed: number): Promise<StepSize> {
    const { network, walker, rng } = around;
    return new StepSize(around, fixed, await largestCurvature(network, walker.weights, rng));
  }

  /** To be called after each step. @returns Whether it has put the walker back to an earlier point. */
  async follow(step: number): Promise<boolean> {
    if (!this.#automatic) return false;
    const { network, walker, rng } = this.#around;
    if (!(walker.now.objective <= 2 * this.#safe.objective) && this.#halvings < MOST_HALVINGS) {
      this.#halvings++;
      this.#factor /= 2;
      this.value /= 2;
      await walker.restart(this.#safe.weights);
      return true;
    }
    if (step === this.#nextCheck) {
      this.#nextCheck *= 2;
      this.curvature = await largestCurvature(network, walker.weights, rng);
      this.value = this.#factor / this.curvature;
      this.#safe.weights.set(walker.weights);
      this.#safe = { weights: this.#safe.weights, objective: walker.now.objective };
    }
    return false;
  }
}
