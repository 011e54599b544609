import {
  type FlatArray,
  type FlatArrayConstructor,
  GgdlnError,
  type GradientProgram,
  inputError,
  type LinalgBackend,
  type Problem,
} from '@ggdln/core';
import { commonParts, layOut } from './layout.ts';
import type { LossNetwork } from './lossNetwork.ts';

/** Length of the difference for products with ∇²U, in units of |θ| (at least 1). */
const STEP = 1e-6;

/**
 * A problem on the architecture's own gradient program. Products with ∇²U are central differences of float64 gradients:
 * exact to about 1e-9, at rare moments and without a second derivative in every architecture.
 */
export function programNetwork<Numbers extends FlatArray>(
  problem: Problem,
  precision: FlatArrayConstructor<Numbers>,
  linalg: LinalgBackend,
  where: string,
): LossNetwork<Numbers> {
  const { architecture, train, test } = problem;
  const { gradient } = architecture;
  if (!gradient) {
    throw new GgdlnError({
      code: 'GGDLN_INCOMPATIBLE',
      where,
      problem: `architecture family ${architecture.family} has no analytic gradient`,
      remedy: 'Use gradient auto or autodiff, or give the architecture a `gradient`',
    });
  }
  const layout = layOut(problem);
  const examples = { inputs: { X: train.X, gates: train.gates }, targets: train.Y };
  const program = gradient(examples, precision, linalg);
  if (program.size !== layout.size) {
    const found = `the gradient program has ${program.size} weights, shapes() ${layout.size}`;
    throw inputError(where, found, 'Give both the same parameters');
  }
  const common = commonParts(problem, layout, precision);
  let onTest: GradientProgram<Numbers> | undefined;
  let exact: CurvatureWork | undefined;
  return {
    ...common,
    evaluate: (theta, into) => program.evaluate(theta, into),
    curvatureProduct(theta, v) {
      exact ??= curvatureWork(gradient<Float64Array>(examples, Float64Array, linalg));
      return exact(theta, v, common.decay);
    },
    testOutputs(theta) {
      onTest ??= gradient({ inputs: { X: test.X, gates: test.gates }, targets: test.Y }, precision, linalg);
      return Float64Array.from(onTest.outputs(theta));
    },
    dispose: () => {},
  };
}

type CurvatureWork = (theta: FlatArray, v: Float64Array, decay: number) => Float64Array;

function curvatureWork(program: GradientProgram<Float64Array>): CurvatureWork {
  const [moved, ahead, behind] = [0, 1, 2].map(() => new Float64Array(program.size));
  return (theta, v, decay) => {
    const step = (STEP * Math.max(1, norm(theta))) / norm(v);
    for (let i = 0; i < moved.length; i++) moved[i] = theta[i] + step * v[i];
    program.evaluate(moved, ahead);
    for (let i = 0; i < moved.length; i++) moved[i] = theta[i] - step * v[i];
    program.evaluate(moved, behind);
    return ahead.map((slope, i) => (slope - behind[i]) / (2 * step) + decay * v[i]);
  };
}

function norm(v: FlatArray): number {
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += v[i] * v[i];
  return Math.sqrt(sum);
}
