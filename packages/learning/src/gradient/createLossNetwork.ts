import { type FlatArray, GgdlnError, inputError, type Problem, type RunContext } from '@ggdln/core';
import { compressExamples } from '../compressExamples.ts';
import { autodiffNetwork } from './autodiffNetwork.ts';
import type { LossNetwork } from './lossNetwork.ts';
import { programNetwork } from './programNetwork.ts';
import { requireProblem } from './requireProblem.ts';
import { startBackend } from './startBackend.ts';

/** How gradients are computed, and in what precision. */
export interface GradientOptions {
  /**
   * `analytic`: the architecture's own gradient program over linear algebra; `autodiff`: its tensor program,
   * differentiated by TensorFlow.js; `auto` (default): the first where there is one.
   */
  readonly gradient?: 'auto' | 'analytic' | 'autodiff';
  /** Precision of weights and gradients; `float64` needs an analytic gradient. Default `float32`. */
  readonly precision?: 'float32' | 'float64';
  /**
   * Learns in the space that training and test inputs span, where that has fewer dimensions than they have, and from as
   * many examples of each gate pattern as they have dimensions; the same numbers to rounding (`gradient-descent`) or the
   * same law (`langevin`) with less work. Default true.
   */
  readonly compress?: boolean;
}

export const GRADIENTS = ['auto', 'analytic', 'autodiff'] as const;
export const PRECISIONS = ['float32', 'float64'] as const;

/** @throws GGDLN_INPUT for other values than the options have. */
export function readGradientOptions(where: string, options: GradientOptions): Required<GradientOptions> {
  const { gradient = 'auto', precision = 'float32', compress = true } = options;
  if (!GRADIENTS.includes(gradient)) throw inputError(where, `gradient is ${gradient}`, `Give ${GRADIENTS.join(', ')}`);
  if (!PRECISIONS.includes(precision)) {
    throw inputError(where, `precision is ${precision}`, `Give ${PRECISIONS.join(' or ')}`);
  }
  return { gradient, precision, compress };
}

/**
 * Puts a problem on flat arrays.
 * @throws GGDLN_INPUT for shapes that don't fit or data that isn't finite, GGDLN_INCOMPATIBLE for an architecture
 * without the gradient that is asked for.
 */
export async function createLossNetwork(
  problem: Problem,
  { gradient, precision, compress }: Required<GradientOptions>,
  context: RunContext,
  where: string,
): Promise<LossNetwork> {
  requireProblem(problem, where);
  const fewer = compress ? compressExamples(problem.architecture, problem.train, context.linalg) : undefined;
  if (!fewer) return chooseGradient(problem, { gradient, precision }, context, where);
  const network = await chooseGradient({ ...problem, train: fewer.train }, { gradient, precision }, context, where);
  return withConstant(network, fewer.train.X.rows, fewer.constant);
}

/** The network of so many examples in place of more, with E larger by a constant. */
function withConstant(network: LossNetwork, examples: number, constant: number): LossNetwork {
  return {
    ...network,
    compressedExamples: examples,
    energyScale: network.energyScale + constant,
    evaluate: (theta, gradient) => {
      const energy = network.evaluate(theta, gradient);
      return typeof energy === 'number' ? energy + constant : energy.then((value) => value + constant);
    },
  };
}

async function chooseGradient(
  problem: Problem,
  { gradient, precision }: Pick<Required<GradientOptions>, 'gradient' | 'precision'>,
  context: RunContext,
  where: string,
): Promise<LossNetwork> {
  const { architecture } = problem;
  const analytic = gradient === 'analytic' || (gradient === 'auto' && architecture.gradient !== undefined);
  if (analytic) {
    const flat = precision === 'float64' ? Float64Array : Float32Array;
    return programNetwork<FlatArray>(problem, flat, context.linalg, where);
  }
  if (precision === 'float64') {
    throw new GgdlnError({
      code: 'GGDLN_INCOMPATIBLE',
      where,
      problem: `precision is float64, but tensors are float32 (architecture family ${architecture.family}, gradient ${gradient})`,
      remedy: 'Use precision float32, or an architecture with an analytic gradient',
    });
  }
  await startBackend(context);
  return autodiffNetwork(problem, where) as LossNetwork;
}
