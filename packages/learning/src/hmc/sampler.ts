import { drawPrior } from '@ggdln/architectures';
import {
  GgdlnError,
  type GradientProgram,
  inputError,
  type LinalgBackend,
  type Parameters,
  type Problem,
  type RandomState,
  type RandomStream,
  restoreRandom,
} from '@ggdln/core';
import { flatten, layOut, unflatten } from '../gradient/layout.ts';
import { type Adaptation, adapt, startAdaptation } from './stepSize.ts';

/** A chain between two trajectories: all that is needed to go on. Plain data; JSON keeps its numbers exactly. */
export interface HmcState {
  readonly parameters: Parameters;
  readonly random: RandomState;
  /** Trajectories done. */
  readonly trajectories: number;
  readonly adaptation: Adaptation;
}

/** What a trajectory did. */
export interface HmcMove {
  readonly state: HmcState;
  /** Probability with which its end was taken. */
  readonly acceptance: number;
  /** H at the end minus H at the start; its ⟨exp(−ΔH)⟩ is exactly 1. `Infinity` where it left the finite numbers. */
  readonly energyError: number;
  /** Leapfrog steps. */
  readonly steps: number;
  /** θ·∇U − n at the weights now; its posterior mean is exactly 0. */
  readonly virial: number;
}

/** How trajectories are made. */
export interface HmcSettings {
  /** Length in units of the prior's own time: π/2 turns any weight that no output depends on into a fresh draw. */
  readonly length: number;
  /** Mean acceptance that the step size is adapted to. */
  readonly target: number;
  /** Leapfrog steps of a trajectory at most. */
  readonly maxSteps: number;
}

/** A Markov chain with the posterior as its stationary law; states go in and come out, none is kept. */
export interface HmcSampler {
  /** Weights from the prior and a first step size. The stream is copied, not drawn from any further. */
  init(rng: RandomStream): HmcState;
  /** A trajectory from fresh momenta. The same state gives the same bits. @param warmingUp Adapts the step size. */
  move(state: HmcState, warmingUp: boolean): HmcMove;
}

interface Potential {
  readonly program: GradientProgram<Float64Array>;
  readonly sigma: number;
  readonly temperature: number;
}

/** A point of a trajectory, changed in place. `slope` is σ∇E/T. */
interface PhasePoint {
  readonly theta: Float64Array;
  readonly momentum: Float64Array;
  readonly slope: Float64Array;
  energy: number;
}

const where = '@ggdln/learning hmc';
/** Trajectories are between 1 − JITTER and 1 + JITTER times as long as asked, so that no period is met for good. */
const JITTER = 0.2;

/**
 * Hamiltonian Monte Carlo with a Metropolis step for the posterior exp(−E/T − |θ|²/2σ²) of any network with an analytic
 * gradient (Neal 2011, arXiv:1206.1901). Momenta have the prior's scale and the prior's part of the motion is followed
 * exactly, as a rotation; only the data's forces are stepped, and what that gets wrong is accepted or refused, so that
 * the step size biases nothing.
 * @throws GGDLN_INCOMPATIBLE for a network without a gradient, GGDLN_INPUT for T = 0 or a problem that doesn't fit.
 */
export function createHmcSampler(problem: Problem, settings: HmcSettings, linalg: LinalgBackend): HmcSampler {
  const { architecture, temperature } = problem;
  const layout = layOut(problem);
  const { sigma } = architecture;
  const potential: Potential = { program: programOf(problem, linalg), sigma, temperature };
  return {
    init(rng) {
      const stream = restoreRandom(rng.state());
      const parameters = drawPrior(architecture, layout.dimensions, stream.stream('prior'));
      const start = pointAt(potential, flatten(layout, Float64Array, parameters));
      stream.fillGaussian(start.momentum);
      const adaptation = startAdaptation(firstStep(potential, start));
      return { parameters, random: stream.state(), trajectories: 0, adaptation };
    },
    move(state, warmingUp) {
      const rng = restoreRandom(state.random);
      const start = pointAt(potential, flatten(layout, Float64Array, state.parameters));
      rng.fillGaussian(start.momentum);
      const { logStep, logMean, count } = state.adaptation;
      const step = Math.exp(warmingUp || count === 0 ? logStep : logMean);
      const length = settings.length * (1 - JITTER + 2 * JITTER * rng.uniform());
      const steps = Math.min(settings.maxSteps, Math.max(1, Math.round(length / step)));
      const end = copyOf(start);
      leapfrog(potential, end, step, steps);
      const difference = hamiltonian(potential, end) - hamiltonian(potential, start);
      const energyError = Number.isFinite(difference) ? difference : Number.POSITIVE_INFINITY;
      const acceptance = Math.min(1, Math.exp(-energyError));
      const now = rng.uniform() < acceptance ? end : start;
      const adaptation = warmingUp ? adapt(state.adaptation, acceptance, settings.target) : state.adaptation;
      const parameters = now === start ? state.parameters : unflatten(layout, now.theta);
      return {
        state: { parameters, random: rng.state(), trajectories: state.trajectories + 1, adaptation },
        acceptance,
        energyError,
        steps,
        virial: virialOf(potential, now),
      };
    },
  };
}

function programOf({ architecture, train, test, temperature }: Problem, linalg: LinalgBackend): Potential['program'] {
  if (!architecture.gradient) {
    throw new GgdlnError({
      code: 'GGDLN_INCOMPATIBLE',
      where,
      problem: `a network of family "${architecture.family}" has no analytic gradient`,
      remedy: 'Use an architecture that has one (ggdln, dln, galu, mlp), or the learner langevin',
    });
  }
  if (!Number.isFinite(temperature) || temperature <= 0) {
    throw inputError(where, `the temperature is ${temperature}`, 'Give a finite number > 0');
  }
  if (train.X.cols !== test.X.cols) {
    throw inputError(where, `test inputs have ${test.X.cols} columns, training inputs ${train.X.cols}`, 'Give as many');
  }
  const inputs = { X: train.X, gates: train.gates };
  return architecture.gradient({ inputs, targets: train.Y }, Float64Array, linalg);
}

function pointAt(potential: Potential, theta: Float64Array): PhasePoint {
  const n = theta.length;
  const point = { theta, momentum: new Float64Array(n), slope: new Float64Array(n), energy: 0 };
  evaluate(potential, point);
  return point;
}

function copyOf({ theta, momentum, slope, energy }: PhasePoint): PhasePoint {
  return { theta: theta.slice(), momentum: momentum.slice(), slope: slope.slice(), energy };
}

function evaluate({ program, sigma, temperature }: Potential, point: PhasePoint): void {
  point.energy = program.evaluate(point.theta, point.slope) / temperature;
  const factor = sigma / temperature;
  for (let i = 0; i < point.slope.length; i++) point.slope[i] *= factor;
}

/** Kick, rotation of (θ/σ, p) by the angle of the step, kick; as many times. */
function leapfrog(potential: Potential, point: PhasePoint, step: number, steps: number): void {
  const { theta, momentum, slope } = point;
  const { sigma } = potential;
  const [cosine, sine] = [Math.cos(step), Math.sin(step)];
  for (let s = 0; s < steps; s++) {
    for (let i = 0; i < theta.length; i++) {
      const p = momentum[i] - 0.5 * step * slope[i];
      const z = theta[i] / sigma;
      theta[i] = sigma * (cosine * z + sine * p);
      momentum[i] = cosine * p - sine * z;
    }
    evaluate(potential, point);
    for (let i = 0; i < theta.length; i++) momentum[i] -= 0.5 * step * slope[i];
    // Nothing comes back from there; the end will be refused.
    if (!Number.isFinite(point.energy)) return;
  }
}

function hamiltonian({ sigma }: Potential, { theta, momentum, energy }: PhasePoint): number {
  let sum = 0;
  for (let i = 0; i < theta.length; i++) sum += (theta[i] / sigma) ** 2 + momentum[i] ** 2;
  return energy + 0.5 * sum;
}

function virialOf({ sigma }: Potential, { theta, slope }: PhasePoint): number {
  let sum = -theta.length;
  for (let i = 0; i < theta.length; i++) {
    const z = theta[i] / sigma;
    sum += z * (z + slope[i]);
  }
  return sum;
}

/** The power of two at which the acceptance of a single step crosses ½ (arXiv:1111.4246, algorithm 4). */
function firstStep(potential: Potential, start: PhasePoint): number {
  const before = hamiltonian(potential, start);
  const isGood = (step: number) => {
    const end = copyOf(start);
    leapfrog(potential, end, step, 1);
    return before - hamiltonian(potential, end) > -Math.LN2;
  };
  let step = 1;
  if (isGood(step)) return step;
  while (step > 1e-9 && !isGood(step)) step /= 2;
  return step;
}
