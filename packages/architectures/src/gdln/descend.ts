import { GgdlnError, inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { add, matrix } from '@ggdln/linalg';
import { type GdlnGradient, type GdlnWeights, requireGdlnWeights } from './data.ts';
import type { Gdln } from './graph.ts';

const where = '@ggdln/architectures descendGdln';

/** A network on its way down, before the step of the same number. */
export interface GdlnState {
  readonly step: number;
  readonly loss: number;
  readonly weights: GdlnWeights;
}

/**
 * Full-batch gradient descent in float64, read at the given ascending steps.
 * @param gradientAt Loss and gradient at given weights: over samples, by contexts or by paths.
 * @throws GGDLN_INPUT for a rate that isn't finite; GGDLN_NUMERICAL where it is too large and the loss diverges.
 */
export function descendGdln(
  initial: GdlnWeights,
  gradientAt: (weights: GdlnWeights) => GdlnGradient,
  { rate, steps }: { readonly rate: number; readonly steps: readonly number[] },
): GdlnState[] {
  if (!Number.isFinite(rate)) throw inputError(where, `the rate is ${rate}`, 'It must be a finite number');
  let weights = initial;
  let step = 0;
  const first = gradientAt(weights).loss;
  return steps.map((end) => {
    for (; step < end; step++) {
      const { loss, gradients } = gradientAt(weights);
      requireBounded(loss, first, rate, step);
      weights = Object.fromEntries(
        Object.entries(weights).map(([id, W]) => [id, gradients[id] ? add(W, gradients[id], 1, -rate) : W]),
      );
    }
    const { loss } = gradientAt(weights);
    requireBounded(loss, first, rate, step);
    return { step: end, loss, weights };
  });
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

function requireBounded(loss: number, first: number, rate: number, step: number): void {
  if (Number.isFinite(loss) && loss <= 1e12 * (first + 1)) return;
  throw new GgdlnError({
    code: 'GGDLN_NUMERICAL',
    where,
    problem: `the loss grew from ${first} to ${loss} in ${step} steps of rate ${rate}`,
    remedy: 'The rate is beyond the stability limit 2/λ_max of the Hessian; lower it',
  });
}
