import type { FlatArray, GatedExamples, GradientProgram, Matrix } from '@ggdln/core';
import { spreadResiduals, sumBranches } from './branches.ts';
import { type Engine, inPrecision, requireTargetMatrix, requireWeights, residualEnergy } from './flat.ts';

/**
 * The gradient program of a layer of gated linear units (see `createGalu`), checked inputs assumed: f is linear in W, so
 * a value is X Wᵀ and a gradient its adjoint.
 * @throws GGDLN_INPUT for targets that don't fit.
 */
export function galuProgram<Numbers extends FlatArray>(
  { inputs: { X, gates }, targets }: GatedExamples,
  engine: Engine<Numbers>,
): GradientProgram<Numbers> {
  requireTargetMatrix(engine.where, targets, X.rows);
  const [outputs, neurons, d] = [targets.cols, gates[0].cols, X.cols];
  const size = outputs * neurons * d;
  const shape = { rows: X.rows, heads: 1, outputs, rest: neurons };
  const [x, y, open] = [X, targets, gates[0]].map((values: Matrix) => inPrecision(engine, values));
  const branches = new engine.precision(X.rows * outputs * neurons);
  const f = new engine.precision(X.rows * outputs);
  const alpha = 1 / Math.sqrt(neurons * d);
  const forward = (theta: Numbers) => {
    const product = { m: X.rows, n: outputs * neurons, k: d, transB: true, alpha };
    engine.linalg.multiplyInto(product, x, theta, branches);
    sumBranches(shape, open, branches, f);
    return f;
  };
  return {
    size,
    outputs(theta) {
      requireWeights(engine.where, size, theta);
      return forward(theta);
    },
    evaluate(theta, gradient) {
      requireWeights(engine.where, size, theta, gradient);
      const energy = residualEnergy(forward(theta), y);
      spreadResiduals(shape, open, f, branches);
      const product = { m: outputs * neurons, n: d, k: X.rows, transA: true, alpha };
      engine.linalg.multiplyInto(product, branches, x, gradient);
      return energy;
    },
  };
}
