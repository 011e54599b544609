import { inputError, type JsonObject, type Registry, resolveOptions, type Study } from '@ggdln/core';
import { type ExperimentSpec, type ResolvedSpec, resolveSpec } from '@ggdln/experiments';
import type { LabSpec } from '../state/labState.ts';

/** An experiment or study with nothing left open. */
export type LabPlan =
  | { readonly kind: 'experiment'; readonly spec: ResolvedSpec }
  | { readonly kind: 'study'; readonly name: string; readonly seed: number; readonly study: Study };

/**
 * Reads an experiment file of either kind.
 * @throws GGDLN_INPUT, GGDLN_UNKNOWN_NAME, GGDLN_INCOMPATIBLE with the path that is wrong.
 */
export function planLab(spec: LabSpec, registry: Registry): LabPlan {
  if (!('study' in spec)) return { kind: 'experiment', spec: resolveSpec(spec as unknown as ExperimentSpec, registry) };
  const { use, ...options } = spec.study as JsonObject;
  if (typeof use !== 'string')
    throw inputError('lab', 'study has no use', 'Name a study, e.g. study: { use: xor-race }');
  const entry = registry.get('study', use);
  const study = entry.create(resolveOptions(entry.options, options, `study ${use}`));
  return { kind: 'study', name: use, seed: typeof spec.seed === 'number' ? spec.seed : 1, study };
}
