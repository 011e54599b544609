import type { Learner, Matrix, Problem, RunContext } from '@ggdln/core';
import { chainLearner, type RunningChain } from './chainLearner.ts';
import { requireGibbsMemory } from './memory.ts';
import { type BlockGibbsOptions, planGibbs } from './plan.ts';
import { createGibbsSampler } from './sampler.ts';

const where = '@ggdln/learning blockGibbs';

/**
 * Samples the posterior exactly by block Gibbs (theory page ggdln, section 8) and estimates mean and variance of f and
 * the order parameters, with error bars from batch means; any number of outputs. Chains start from the prior, each with
 * a stream of its own, so that they give the same numbers one by one, together or in other processes.
 * Diagnostics: `rhat` (largest split R̂ of up to 64 test outputs and the virial), `essMin`, `essMedian` (effective
 * samples in all chains), `batchLength`, `batchAutocorrelationTimes` (should be at least 5), `virial`, whose exact
 * value is 0 at any width, and `inputDimensions` where inputs were compressed.
 * @throws GGDLN_INPUT for options out of range (here), or a problem that doesn't fit, e.g. into memory (when it runs).
 */
export function blockGibbs(options: BlockGibbsOptions = {}): Learner {
  const plan = planGibbs(options);
  const { estimator } = plan;
  return chainLearner(plan, {
    where,
    stage: 'exact sampling',
    unit: 'sweeps',
    start: startChain,
    requireMemory: (problem, chains, { linalg, memoryLimit }) =>
      requireGibbsMemory(problem, { chains, estimator, linalg: linalg.name }, memoryLimit),
  });
}

function startChain(problem: Problem, { rng, linalg }: RunContext): RunningChain {
  const { architecture, train, test, temperature } = problem;
  const sampler = createGibbsSampler({ architecture, train, y: train.Y.data, temperature }, linalg);
  const placed = sampler.place(test);
  const fewer = sampler.train.X.cols < train.X.cols;
  let state = sampler.init(rng);
  let factor: Matrix | undefined;
  return {
    cache: sampler.cache,
    diagnostics: fewer ? { inputDimensions: sampler.train.X.cols } : {},
    get parameters() {
      return sampler.weights(state);
    },
    get reduced() {
      return { parameters: state.parameters, train: sampler.train, test: placed, ...(factor ? { factor } : {}) };
    },
    advance() {
      const sweep = sampler.sweep(state);
      ({ state, factor } = sweep);
      return sweep;
    },
  };
}
