import { drawPrior } from '@ggdln/architectures';
import {
  type Architecture,
  type ConditionallyGaussian,
  type GatedInputs,
  GgdlnError,
  inputError,
  type LinalgBackend,
  type Matrix,
  type Parameters,
  type ProductCache,
  type RandomState,
  type RandomStream,
  restoreRandom,
} from '@ggdln/core';
import { matrix, requireMatrix } from '@ggdln/linalg';
import { drawGaussianBlock } from './drawBlock.ts';
import { inputCoordinates } from './inputCoordinates.ts';

/** A chain between two sweeps: all that is needed to go on. See `gibbsStateToJson` for storing it. */
export interface GibbsState {
  /**
   * Weights, those that read the inputs in the coordinates of the sampler's `train`: the network gives the same outputs
   * on it. `GibbsSampler.weights` gives them as the network of the problem has them.
   */
  readonly parameters: Parameters;
  readonly random: RandomState;
  /** Sweeps done. */
  readonly sweeps: number;
}

/** A sweep's end, with a quantity whose posterior mean is exactly 0. */
export interface GibbsSweep {
  readonly state: GibbsState;
  /**
   * N_L [tr U_L/σ² − M_L] + tr(HK) − βᵀKβ at the weights that the last block was drawn with (theory page ggdln,
   * identity 7.1), tr H estimated from the draw's noise. Its mean is 0 at any width for networks of degree one in the
   * first block.
   */
  readonly virial: number;
  /**
   * Cholesky factor of the covariance K + TI of the targets given all weights but those that read the inputs, for
   * `conditionalPredictor`; there where those are the last block. Valid until the sampler's next sweep.
   */
  readonly factor?: Matrix;
}

export interface GibbsProblem {
  readonly architecture: Architecture;
  readonly train: GatedInputs;
  /** Targets, length PC, index μC + c: the rows of Y one after the other. */
  readonly y: Float64Array;
  readonly temperature: number;
}

/** A Markov chain with the posterior as its stationary law; states go in and come out, none is kept. */
export interface GibbsSampler {
  /** Weights from the prior. The stream is copied, not drawn from any further. */
  init(rng: RandomStream): GibbsState;
  /** Draws every block once from its exact conditional. The same state gives the same bits. */
  sweep(state: GibbsState): GibbsSweep;
  /**
   * The training inputs that the chain runs on: as given, or where they span fewer dimensions than they have, in
   * coordinates along their span (see `inputCoordinates`).
   */
  readonly train: GatedInputs;
  /** Other inputs in the same coordinates. Right for each output alone, as `conditionalPredictor` looks at them. */
  place(inputs: GatedInputs): GatedInputs;
  /**
   * The weights of a state as the network of the problem has them, in directions that no training input has drawn from
   * the prior. The same state gives the same bits.
   */
  weights(state: GibbsState): Parameters;
  /** Products that sweeps share; hand it to `conditionalPredictor`. */
  readonly cache: ProductCache;
}

interface Explained {
  /** Cholesky factor of K + TI. */
  readonly factor: Matrix;
  readonly y: Float64Array;
  /** Standard normals that K does not depend on. */
  readonly noise: Float64Array;
  readonly temperature: number;
}

const where = '@ggdln/learning blockGibbs';

/**
 * Exact block Gibbs sampling of the posterior exp(−½|f − y|²/T − |θ|²/2σ²) of any network that is linear in each block
 * of weights given the others (theory page ggdln, section 8).
 * @throws GGDLN_INCOMPATIBLE for a network without conditionals, GGDLN_INPUT for targets or a temperature that don't fit.
 */
export function createGibbsSampler(problem: GibbsProblem, linalg: LinalgBackend): GibbsSampler {
  const { architecture, y, temperature } = problem;
  const { sigma } = architecture;
  const conditionals = requireConditionals(architecture);
  requireProblem(problem);
  const coordinates = inputCoordinates(architecture, problem.train, linalg);
  const { train } = coordinates ?? problem;
  const cache: ProductCache = new Map();
  const { blocks } = conditionals;
  const [first, last] = [blocks[0], blocks[blocks.length - 1]];
  return {
    cache,
    train,
    place: (inputs) => coordinates?.place(inputs) ?? inputs,
    weights({ parameters, random, sweeps }) {
      const rng = restoreRandom(random).stream('unseen').stream(sweeps);
      return coordinates?.weights(parameters, rng) ?? parameters;
    },
    init(rng) {
      const stream = restoreRandom(rng.state());
      const gates = train.gates.map((values) => values.cols);
      const parameters = drawPrior(
        architecture,
        { inputs: train.X.cols, gates, outputs: y.length / train.X.rows },
        stream,
      );
      return { parameters, random: stream.state(), sweeps: 0 };
    },
    sweep(state) {
      const rng = restoreRandom(state.random);
      let { parameters } = state;
      let explained = 0;
      let factor = matrix(0, 0);
      for (const name of blocks) {
        const block = conditionals.block(name, parameters, train, linalg, cache);
        const prior = rng.fillGaussian(new Float64Array(block.size), sigma);
        const noise = rng.fillGaussian(new Float64Array(y.length));
        const draw = drawGaussianBlock(block, { y, sigma, temperature, prior, noise, name, overwrite: true }, linalg);
        parameters = { ...parameters, [name]: draw.weights };
        factor = draw.factor;
        if (name === last) explained = explainedBy({ factor, y, noise, temperature }, linalg);
      }
      return {
        state: { parameters, random: rng.state(), sweeps: state.sweeps + 1 },
        virial: squareNorm(parameters[first]) / sigma ** 2 - parameters[first].length + explained,
        ...(last === architecture.inputWeights ? { factor } : {}),
      };
    },
  };
}

/**
 * tr(HK) − βᵀKβ = PC − T tr H − βᵀ(y − Tβ), with ξᵀHξ in place of tr H: ξ doesn't depend on H, so the mean is exact, and
 * the inverse is never formed.
 */
function explainedBy({ factor, y, noise, temperature }: Explained, linalg: LinalgBackend): number {
  const { rows } = factor;
  // Columns that share the factor: 1, or C where it serves each output.
  const shared = y.length / rows;
  const sides = matrix(rows, 2 * shared);
  for (let i = 0; i < rows; i++) {
    sides.data.set(y.subarray(i * shared, (i + 1) * shared), 2 * i * shared);
    sides.data.set(noise.subarray(i * shared, (i + 1) * shared), (2 * i + 1) * shared);
  }
  const solved = linalg.choleskySolve(factor, sides).data;
  let sum = y.length;
  for (let i = 0; i < y.length; i++) {
    const at = i + Math.floor(i / shared) * shared;
    const beta = solved[at];
    sum -= temperature * noise[i] * solved[at + shared] + beta * (y[i] - temperature * beta);
  }
  return sum;
}

function squareNorm(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}

function requireConditionals(architecture: Architecture): ConditionallyGaussian {
  if (architecture.conditionals) return architecture.conditionals;
  throw new GgdlnError({
    code: 'GGDLN_INCOMPATIBLE',
    where,
    problem: `a network of family "${architecture.family}" has no Gaussian conditionals`,
    remedy: 'Use an architecture that has them (ggdln, dln), or the learner langevin',
  });
}

function requireProblem({ train, y, temperature }: GibbsProblem): void {
  if (train.X.rows < 1) throw inputError(where, 'there are no training inputs (P = 0)', 'Give at least one');
  requireMatrix(where, 'the training inputs X', train.X);
  const outputs = y.length / train.X.rows;
  if (!Number.isInteger(outputs) || outputs < 1) {
    throw inputError(
      where,
      `there are ${y.length} targets for ${train.X.rows} training inputs`,
      'Give as many for each input, those of an input together',
    );
  }
  requireMatrix(where, 'the targets y', matrix(train.X.rows, outputs, y));
  if (!Number.isFinite(temperature) || temperature < 0) {
    throw inputError(where, `the temperature is ${temperature}`, 'Give a finite number ≥ 0');
  }
}
