import { createRegistry } from '@ggdln/core';
import type { ExperimentResult, PartSpec } from '@ggdln/experiments';
import { prepareBpkr } from '@ggdln/theory/bpkr';
import { between, type Check } from '../checks.ts';
import { loadDataset } from '../data.ts';
import type { ReproductionContext } from '../reproduction.ts';
import { independentSamplerPlugin } from './independentSampler.ts';

export const BPKR = 'Li & Sompolinsky 2021, arXiv:2012.04030; theory page bpkr';
export const WIDTH = 'architecture.width';
export const SIGMA = 'architecture.sigma';
export const DEPTH = 'architecture.depth';

/** Theory as posterior at these very widths, then as saddle point; the first is what samplers are compared with. */
export const EXACT_AND_SADDLE = [
  { use: 'bpkr-exact', as: 'exact' },
  { use: 'bpkr', as: 'saddle' },
] as const;

/** The context with the sampler of independent networks (`independent`) among its learners. */
export function withSampler(context: ReproductionContext): ReproductionContext {
  return { ...context, registry: createRegistry([...context.registry.plugins, independentSamplerPlugin]) };
}

/** r̂ = yᵀ(XXᵀ/N0)⁺y/P of the training data: how large targets are for their inputs (theory page bpkr, section 5). */
export async function targetStrength(dataset: PartSpec, seed: number, context: ReproductionContext): Promise<number> {
  const { train } = await loadDataset(dataset, seed, context);
  const { spectrum } = await prepareBpkr({ X: train.X, y: train.Y }, { linalg: context.linalg });
  const { eigenvalues, c } = spectrum;
  return eigenvalues.reduce((sum, eigenvalue, i) => sum + c.data[i] ** 2 / eigenvalue, 0) / train.X.rows;
}

/**
 * Every sampled number lies within some standard errors of the exact posterior, over all points of an experiment.
 * @param theory Name of the theory that holds at the very widths.
 */
export function withinErrors({ comparison }: ExperimentResult, theory: string, errors = 4): Check[] {
  const metrics = ['bias', 'variance'];
  return metrics.flatMap((metric) => {
    const scores = comparison.rows.flatMap((row) =>
      row.theory === theory && row.metric === metric && typeof row.z === 'number' ? [Math.abs(row.z)] : [],
    );
    if (scores.length === 0) return [];
    const what = `${metric}: largest |sampled − exact| over ${scores.length} points, in standard errors`;
    return [between(what, { value: Math.max(...scores) }, 0, errors)];
  });
}
