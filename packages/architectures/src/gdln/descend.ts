import { GgdlnError, inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { add, createMlMatrixBackend, matrix, type StableRate, stableRate } from '@ggdln/linalg';
import { type GdlnGradient, type GdlnWeights, requireGdlnWeights } from './data.ts';
import type { Gdln } from './graph.ts';

const where = '@ggdln/architectures descendGdln';

/** A network on its way down, before the step of the same number. */
export interface GdlnState {
  readonly step: number;
  readonly loss: number;
  readonly weights: GdlnWeights;
}

/** How to descend. */
export interface GdlnDescent {
  readonly rate: number;
  /** Steps after which to read the state, ascending. */
  readonly steps: readonly number[];
  /** Step at which the given weights were read; the run then goes on with the same bits. Default 0. */
  readonly from?: number;
}

/**
 * Full-batch gradient descent in float64, read at the given ascending steps.
 * @param gradientAt Loss and gradient at given weights: over samples, by contexts or by paths.
 * @throws GGDLN_INPUT for a rate that isn't finite or steps before the start; GGDLN_NUMERICAL where the rate is too large
 * and the loss diverges, with the stability limit.
 */
export function descendGdln(
  initial: GdlnWeights,
  gradientAt: (weights: GdlnWeights) => GdlnGradient,
  { rate, steps, from = 0 }: GdlnDescent,
): GdlnState[] {
  if (!Number.isFinite(rate)) throw inputError(where, `the rate is ${rate}`, 'It must be a finite number');
  const early = steps.findIndex((step, i) => !(step >= (steps[i - 1] ?? from)));
  if (early >= 0) {
    throw inputError(where, `step ${steps[early]} comes after ${steps[early - 1] ?? from}`, 'Steps must ascend');
  }
  let weights = initial;
  let step = from;
  let best: GdlnState | undefined;
  const first = gradientAt(weights).loss;
  const read = () => {
    const now = gradientAt(weights);
    if (!Number.isFinite(now.loss) || now.loss > 1e12 * (first + 1)) {
      throw diverged(
        { rate, step, first, loss: now.loss },
        gradientAt,
        best ?? { step, loss: first, weights: initial },
      );
    }
    if (best === undefined || now.loss < best.loss) best = { step, loss: now.loss, weights };
    return now;
  };
  return steps.map((end) => {
    for (; step < end; step++) {
      const { gradients } = read();
      weights = Object.fromEntries(
        Object.entries(weights).map(([id, W]) => [id, gradients[id] ? add(W, gradients[id], 1, -rate) : W]),
      );
    }
    return { step: end, loss: read().loss, weights };
  });
}

/**
 * The largest curvature λ_max of the loss at given weights, and the rate 2/λ_max above which gradient descent runs away
 * from there. Curvature grows while a network learns: ask at the end, too.
 */
export function gdlnStableRate(
  weights: GdlnWeights,
  gradientAt: (weights: GdlnWeights) => GdlnGradient,
  linalg: LinalgBackend,
): StableRate {
  const ids = Object.keys(weights);
  const flat = Float64Array.from(ids.flatMap((id) => Array.from(weights[id].data)));
  const gradient = (theta: Float64Array) => {
    let place = 0;
    const moved = Object.fromEntries(
      ids.map((id) => {
        const { rows, cols } = weights[id];
        place += rows * cols;
        return [id, matrix(rows, cols, theta.slice(place - rows * cols, place))];
      }),
    );
    const { gradients } = gradientAt(moved);
    return Float64Array.from(
      ids.flatMap((id) => Array.from(gradients[id]?.data ?? new Float64Array(weights[id].data.length))),
    );
  };
  return stableRate(gradient, flat, linalg);
}

/**
 * C_v = Σ_out WᵀW − Σ_in WWᵀ of every hidden node: constant under gradient flow with any gates and data; under
 * gradient descent it drifts in proportion to the rate.
 * @throws GGDLN_INPUT for weights that don't fit the graph.
 */
export function gdlnConserved(gdln: Gdln, weights: GdlnWeights, linalg: LinalgBackend): Record<string, Matrix> {
  requireGdlnWeights('@ggdln/architectures gdlnConserved', gdln, weights);
  const hidden = gdln.graph.nodes.filter(({ role }) => role === 'hidden');
  return Object.fromEntries(
    hidden.map(({ id, width }) => {
      const sum = (edges: readonly { id: string }[], trans: boolean) =>
        edges.reduce((total, edge) => add(total, linalg.syrk(weights[edge.id], { trans })), matrix(width, width));
      return [id, add(sum(gdln.outgoing(id), true), sum(gdln.incoming(id), false), 1, -1)];
    }),
  );
}

function diverged(
  { rate, step, first, loss }: { readonly [name in 'rate' | 'step' | 'first' | 'loss']: number },
  gradientAt: (weights: GdlnWeights) => GdlnGradient,
  best: GdlnState,
): GgdlnError {
  const { curvature, limit } = gdlnStableRate(best.weights, gradientAt, createMlMatrixBackend());
  const digits = (value: number) => Number(value.toPrecision(3));
  return new GgdlnError({
    code: 'GGDLN_NUMERICAL',
    where,
    problem:
      `the loss grew from ${first} to ${loss} in ${step} steps of rate ${rate}. Where it was least (step ${best.step}), ` +
      `λ_max of its Hessian was ${digits(curvature)}: rates above 2/λ_max = ${digits(limit)} run away`,
    remedy: `Lower the rate, e.g. to ${digits(Math.min(rate, limit) / 2)}; larger starts need still lower ones`,
  });
}
