import { inputError, type LinalgBackend } from '@ggdln/core';
import { add, type Matrix } from '@ggdln/linalg';
import { squareNorms } from '../kernels/recursion.ts';
import { type BranchLaw, branchKernel, inputGram, outputCovariance, ownOutputCovariance } from './branchKernel.ts';
import { type ContinualNetwork, requirePositive } from './network.ts';

/** How weights move from task to task without data: θ_t = λ̃θ_{t−1} + λ̂^{−1/2}ξ, from variance σ² at the first. */
export interface WeightChain {
  /** Stiffness λ ≥ 0 towards the previous weights; 0 forgets them. */
  readonly lambda: number;
  /** Prior variance σ² of a weight. */
  readonly sigma2: number;
}

/** v_1, …, v_T: variance of a weight at each task (theory page continual, section 1). */
export function weightVariances(chain: WeightChain, tasks: number): Float64Array {
  const { lambda, sigma2 } = chain;
  const precision = lambda + 1 / sigma2;
  const kept = keptShare(chain);
  const out = new Float64Array(tasks).fill(sigma2);
  for (let t = 1; t < tasks; t++) out[t] = kept * kept * out[t - 1] + 1 / precision;
  return out;
}

/** λ̃ = λ/(λ + σ⁻²). */
export function keptShare({ lambda, sigma2 }: WeightChain): number {
  return lambda / (lambda + 1 / sigma2);
}

/** @throws GGDLN_INPUT for a stiffness or a variance out of range. */
export function requireChain(where: string, chain: WeightChain): void {
  requirePositive(where, { sigma2: chain.sigma2 });
  if (!(chain.lambda >= 0 && Number.isFinite(chain.lambda)))
    throw inputError(where, `lambda is ${chain.lambda}`, 'Give a finite number ≥ 0; for λ → ∞ use continualLimit');
}

/**
 * The covariances C_s of what task s adds to the outputs. Tasks count from 0. A common factor of all C_s of one s
 * drops out of the mean, so that limits may leave it out.
 */
export interface Innovations {
  /** C_s(t, t′) between outputs at X after task t and at Z after task t′; s ≤ min(t, t′). */
  block(s: number, t: number, other: number, X: Matrix, Z: Matrix): Matrix;
  /** C_s(t, t) of every input with itself. */
  diagonal(s: number, t: number, X: Matrix): Float64Array;
  /** Whether task s leaves fluctuations behind; where it doesn't, C_s is taken to be of vanishing size. */
  fluctuates(s: number): boolean;
}

/** Innovations at finite λ: differences of branch kernels (theory page continual, section 2). */
export function chainInnovations(
  network: ContinualNetwork,
  chain: WeightChain,
  tasks: number,
  linalg: LinalgBackend,
): Innovations {
  const variances = weightVariances(chain, tasks);
  const kept = keptShare(chain);
  const law = (t: number, other: number, lag: number, s: number): BranchLaw => ({
    variances: [variances[t], variances[other]],
    covariance: kept ** lag * variances[s],
  });
  const branches = (s: number, t: number, other: number) => ({
    upTo: law(t, other, t + other - 2 * s, s),
    before: s === 0 ? undefined : law(t, other, t + other - 2 * s + 2, s - 1),
  });
  return {
    block(s, t, other, X, Z) {
      const { upTo, before } = branches(s, t, other);
      const gram = inputGram(X, Z, linalg);
      const whole = outputCovariance(network, upTo, gram);
      return before ? add(whole, outputCovariance(network, before, gram), 1, -1) : whole;
    },
    diagonal(s, t, X) {
      const { upTo, before } = branches(s, t, t);
      const norms = squareNorms(X);
      const whole = ownOutputCovariance(network, upTo, norms);
      if (!before) return whole;
      const shared = ownOutputCovariance(network, before, norms);
      return whole.map((value, i) => value - shared[i]);
    },
    fluctuates: () => true,
  };
}

/**
 * Innovations for λ → ∞ (theory page continual, section 3): the tangent kernel for every task but the first of the Gibbs
 * chain, which has the NNGP kernel; of `gradient` descent from f = 0, the tangent kernel for all.
 */
export function limitInnovations(
  network: ContinualNetwork,
  sigma2: number,
  mode: 'gibbs' | 'gradient',
  linalg: LinalgBackend,
): Innovations {
  const law: BranchLaw = { variances: [sigma2, sigma2], covariance: sigma2 };
  const prior = (s: number) => mode === 'gibbs' && s === 0;
  return {
    block(s, _t, _other, X, Z) {
      const kernel = branchKernel(network, law, inputGram(X, Z, linalg));
      return prior(s) ? kernel.outputs : kernel.slope;
    },
    diagonal: (_s, _t, X) => ownOutputCovariance(network, law, squareNorms(X)),
    fluctuates: prior,
  };
}
