import { inputError, type LinalgBackend, type Matrix, NotConvergedError } from '@ggdln/core';
import { add, identity, matrix, scaleRows } from '@ggdln/linalg';
import { fitOf, type GaluFit } from './leastSquares.ts';
import { type GaluMap, type GaluProblem, galuMap, singleTarget } from './network.ts';

const where = '@ggdln/theory galuLogistic';
const MAX_STEPS = 100;

export interface GaluLogisticFit extends GaluFit {
  /** (1/m) Σ ln(1 + exp(−y f)) + λ‖w‖²/2 at the optimum. */
  readonly loss: number;
  /** Newton steps taken. */
  readonly steps: number;
}

/**
 * Minimiser of (1/m) Σ ln(1 + exp(−yf)) + λ‖w‖²/2 for labels ±1 by Newton's method with step halving from w = 0. The
 * loss is strictly convex in W: one optimum (theory page galu, section 5).
 * @param lambda λ > 0.
 * @throws GGDLN_INPUT for what doesn't fit; NotConvergedError when rounding ends the descent early (λ too small).
 */
export function galuLogistic(problem: GaluProblem, lambda: number, linalg: LinalgBackend): GaluLogisticFit {
  if (!(lambda > 0 && Number.isFinite(lambda))) {
    throw inputError(where, `lambda is ${lambda}`, 'Give a finite number > 0: separable labels have no optimum at 0');
  }
  const y = singleTarget(problem, 'galuLogistic');
  const other = y.find((label) => Math.abs(label) !== 1);
  if (other !== undefined) throw inputError(where, `a label is ${other}`, 'Labels are 1 and −1');
  const map = galuMap(problem.X, problem.network, linalg);
  const start = matrix(1, problem.network.U.rows * problem.X.cols);
  const newton = newtonStep(map, lambda, { m: y.length, parameters: start.cols }, linalg);
  let point = evaluate(map, y, lambda, start);
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const step = newton(point.gradient, point.curvature);
    const decrement = dot(step, point.gradient);
    // The loss still to be gained is about half the decrement; below this it is lost in rounding.
    if (decrement <= 1e-26 * (point.loss + Number.MIN_VALUE)) return finish(point, steps);
    const next = lineSearch((size) => evaluate(map, y, lambda, add(point.weights, step, 1, -size)), point, decrement);
    if (next === undefined) return finish(point, steps);
    point = next;
  }
  throw new NotConvergedError(
    { where, problem: `no optimum after ${MAX_STEPS} Newton steps at λ = ${lambda}`, remedy: 'Take a larger λ' },
    { weights: point.weights },
  );

  function finish({ weights, outputs, loss, gradient }: LogisticPoint, steps: number): GaluLogisticFit {
    const Y = matrix(y.length, 1, y);
    if (Math.sqrt(dot(gradient, gradient)) > 1e-9) {
      throw new NotConvergedError(
        {
          where,
          problem: `rounding ends the descent at a gradient of ${Math.sqrt(dot(gradient, gradient))} with λ = ${lambda}`,
          remedy: 'Take a larger λ or scale the inputs',
        },
        { weights },
      );
    }
    return { ...fitOf({ problem, map, Y, weights, outputs, linalg }), loss, steps };
  }
}

interface LogisticPoint {
  readonly weights: Matrix;
  readonly outputs: Matrix;
  readonly loss: number;
  readonly gradient: Matrix;
  /** Second derivative of the loss by each output, over m. */
  readonly curvature: Float64Array;
}

function evaluate(map: GaluMap, y: Float64Array, lambda: number, weights: Matrix): LogisticPoint {
  const outputs = map.forward(weights);
  const m = y.length;
  const slope = matrix(m, 1);
  const curvature = new Float64Array(m);
  let loss = (lambda / 2) * dot(weights, weights);
  outputs.data.forEach((f, row) => {
    const margin = y[row] * f;
    loss += (Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(0, -margin)) / m;
    const missing = 1 / (1 + Math.exp(margin));
    slope.data[row] = (-y[row] * missing) / m;
    curvature[row] = (missing * (1 - missing)) / m;
  });
  return { weights, outputs, loss, gradient: add(map.adjoint(slope), weights, 1, lambda), curvature };
}

/** (ΦᵀDΦ + λI)⁻¹ g in the smaller of the two dimensions kd and m. */
function newtonStep(
  map: GaluMap,
  lambda: number,
  { m, parameters }: { readonly m: number; readonly parameters: number },
  linalg: LinalgBackend,
): (gradient: Matrix, curvature: Float64Array) => Matrix {
  if (parameters <= m) {
    const features = map.features();
    return (gradient, curvature) => {
      const weighted = linalg.syrk(scaleRows(features, curvature.map(Math.sqrt)), { trans: true });
      const factor = linalg.cholesky(add(weighted, identity(parameters, lambda)));
      return matrix(1, parameters, linalg.choleskySolve(factor, matrix(parameters, 1, gradient.data)).data);
    };
  }
  const kernel = map.kernel();
  return (gradient, curvature) => {
    const roots = curvature.map(Math.sqrt);
    // Woodbury with √D on both sides, which holds where D vanishes too.
    const system = matrix(
      m,
      m,
      kernel.data.map((value, at) => roots[Math.floor(at / m)] * value * roots[at % m]),
    );
    const factor = linalg.cholesky(add(system, identity(m, lambda)));
    const inner = linalg.choleskySolve(factor, scaleRows(map.forward(gradient), roots));
    return add(gradient, map.adjoint(scaleRows(inner, roots)), 1 / lambda, -1 / lambda);
  };
}

/**
 * Halves the step until the loss falls as it should, or the gradient halves where rounding hides the fall; `undefined`
 * when neither happens.
 */
function lineSearch(
  at: (size: number) => LogisticPoint,
  from: LogisticPoint,
  decrement: number,
): LogisticPoint | undefined {
  for (let size = 1; size > 1e-6; size /= 2) {
    const point = at(size);
    if (point.loss <= from.loss - 1e-4 * size * decrement) return point;
    const steeper = dot(point.gradient, point.gradient) > 0.25 * dot(from.gradient, from.gradient);
    if (!steeper && point.loss <= from.loss * (1 + 1e-12)) return point;
  }
  return undefined;
}

function dot(a: Matrix, b: Matrix): number {
  return a.data.reduce((sum, value, i) => sum + value * b.data[i], 0);
}
