/** The adaptation of a step size between two trajectories. Plain data. */
export interface Adaptation {
  /** log ε of the next trajectory. */
  readonly logStep: number;
  /** Weighted mean of log ε so far: what is kept when the adaptation ends. */
  readonly logMean: number;
  /** Mean of target minus acceptance. */
  readonly shortfall: number;
  /** log ε towards which early steps are drawn. */
  readonly centre: number;
  readonly count: number;
}

const SHRINKAGE = 0.05;
const DELAY = 10;
const DECAY = 0.75;

/** An adaptation that begins at a step size. */
export function startAdaptation(step: number): Adaptation {
  // Large steps are cheap to try, so the search leans towards them.
  return { logStep: Math.log(step), logMean: 0, shortfall: 0, centre: Math.log(10 * step), count: 0 };
}

/**
 * Dual averaging towards a mean acceptance (Hoffman & Gelman 2014, arXiv:1111.4246, section 3.2.1).
 * @param acceptance Of the last trajectory, in [0, 1].
 */
export function adapt(before: Adaptation, acceptance: number, target: number): Adaptation {
  const count = before.count + 1;
  const share = 1 / (count + DELAY);
  const shortfall = (1 - share) * before.shortfall + share * (target - acceptance);
  const logStep = before.centre - (Math.sqrt(count) / SHRINKAGE) * shortfall;
  const weight = count ** -DECAY;
  return {
    logStep,
    logMean: weight * logStep + (1 - weight) * before.logMean,
    shortfall,
    centre: before.centre,
    count,
  };
}
