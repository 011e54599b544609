import { inputError, type Learner, type Problem, type RunContext } from '@ggdln/core';
import { chainLearner, type RunningChain } from '../gibbs/chainLearner.ts';
import { type GibbsEstimator, type GibbsPlan, planGibbs } from '../gibbs/plan.ts';
import { requireGradientMemory } from '../gradient/memory.ts';
import { createHmcSampler, type HmcSettings } from './sampler.ts';

/** Options of `hmc`. */
export interface HmcOptions {
  /** Trajectories of every chain, warm-up included. Default 2000. */
  readonly trajectories?: number;
  /** Independent chains, at least 2 (R̂ needs them). Default 2. */
  readonly chains?: number;
  /** Share of the trajectories in which the step size is adapted and which are then thrown away. Default 0.2. */
  readonly warmUp?: number;
  /** Mean length of a trajectory in units of the prior's own time. Default π/2. */
  readonly length?: number;
  /** Mean acceptance that the step size is adapted to. Default 0.8. */
  readonly acceptance?: number;
  /** Leapfrog steps of a trajectory at most. Default 1000. */
  readonly maxSteps?: number;
  /** `sampled` (default): f of the sampled weights; `conditional`: first layer integrated out, where a network can. */
  readonly estimator?: GibbsEstimator;
  /** Batches for error bars, all chains together, at least 20; rounded up to a multiple of the chains. Default 20. */
  readonly batches?: number;
}

const where = '@ggdln/learning hmc';

/**
 * Samples the posterior of any network with an analytic gradient (ReLU and erf among them) by Hamiltonian Monte Carlo
 * in float64; see `createHmcSampler`. Chains start from the prior, each with a stream of its own, and adapt their step
 * sizes by dual averaging during warm-up. A Metropolis step makes the stationary law exact whatever the step size.
 * Diagnostics besides those of block Gibbs (`virial` is ⟨θ·∇U⟩ − n, exactly 0 for n weights): `acceptance`, `stepSize`,
 * `leapfrogSteps`, `energyError` (mean |ΔH| of finite ones) and `boltzmann` (⟨min(exp(−ΔH), e¹⁰)⟩, which should be 1).
 * @throws GGDLN_INPUT for options out of range (here) or a problem that doesn't fit (when it runs), T = 0 included.
 */
export function hmc(options: HmcOptions = {}): Learner {
  const { trajectories = 2000, chains = 2, warmUp = 0.2, estimator = 'sampled', batches = 20 } = options;
  const plan = planGibbs({ sweeps: trajectories, chains, burnIn: warmUp, estimator, batches }, HMC_NAMES);
  const settings = readSettings(options);
  const start = (problem: Problem, context: RunContext) => startChain(plan, settings, problem, context);
  return chainLearner(plan, {
    where,
    stage: 'Hamiltonian Monte Carlo',
    unit: 'trajectories',
    start,
    requireMemory: (problem, chains, { memoryLimit }) =>
      requireGradientMemory(where, problem, { held: 2 + 4 * chains, compress: false }, memoryLimit),
  });
}

const HMC_NAMES = { where, sweeps: 'trajectories', burnIn: 'warmUp' } as const;

function readSettings({ length = Math.PI / 2, acceptance = 0.8, maxSteps = 1000 }: HmcOptions): HmcSettings {
  if (!(length > 0 && Number.isFinite(length))) throw inputError(where, `length is ${length}`, 'Give a number > 0');
  if (!(acceptance > 0 && acceptance < 1)) {
    throw inputError(where, `acceptance is ${acceptance}`, 'Give a number between 0 and 1');
  }
  if (!Number.isInteger(maxSteps) || maxSteps < 1) {
    throw inputError(where, `maxSteps is ${maxSteps}`, 'Give a whole number ≥ 1');
  }
  return { length, target: acceptance, maxSteps };
}

function startChain(
  plan: GibbsPlan,
  settings: HmcSettings,
  problem: Problem,
  { rng, linalg }: RunContext,
): RunningChain {
  const sampler = createHmcSampler(problem, settings, linalg);
  let state = sampler.init(rng);
  const sums = { kept: 0, acceptance: 0, energyError: 0, finite: 0, boltzmann: 0, steps: 0 };
  return {
    cache: new Map(),
    get parameters() {
      return state.parameters;
    },
    get diagnostics() {
      return {
        acceptance: sums.acceptance / sums.kept,
        stepSize: Math.exp(state.adaptation.logMean),
        leapfrogSteps: sums.steps / sums.kept,
        energyError: sums.energyError / Math.max(1, sums.finite),
        boltzmann: sums.boltzmann / sums.kept,
      };
    },
    advance() {
      const warmingUp = state.trajectories < plan.burnIn;
      const { state: next, acceptance, energyError, steps, virial } = sampler.move(state, warmingUp);
      state = next;
      if (warmingUp) return { virial };
      sums.kept += 1;
      sums.acceptance += acceptance;
      sums.steps += steps;
      sums.boltzmann += Math.exp(Math.min(10, -energyError));
      if (Number.isFinite(energyError)) {
        sums.energyError += Math.abs(energyError);
        sums.finite += 1;
      }
      return { virial };
    },
  };
}
