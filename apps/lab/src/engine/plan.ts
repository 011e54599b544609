import type { Registry } from '@ggdln/core';
import {
  type ExperimentSpec,
  isStudy,
  type ResolvedSpec,
  type ResolvedStudy,
  resolveSpec,
  resolveStudy,
} from '@ggdln/experiments';
import type { LabSpec } from '../state/labState.ts';

/** An experiment or study with nothing left open. */
export type LabPlan =
  | { readonly kind: 'experiment'; readonly spec: ResolvedSpec }
  | { readonly kind: 'study'; readonly spec: ResolvedStudy };

/**
 * Reads an experiment file of either kind.
 * @throws GGDLN_INPUT, GGDLN_UNKNOWN_NAME, GGDLN_INCOMPATIBLE with the path that is wrong.
 */
export function planLab(spec: LabSpec, registry: Registry): LabPlan {
  if (isStudy(spec)) return { kind: 'study', spec: resolveStudy(spec, registry) };
  return { kind: 'experiment', spec: resolveSpec(spec as unknown as ExperimentSpec, registry) };
}
