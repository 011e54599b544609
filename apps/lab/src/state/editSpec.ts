import { inputError, type Json, type JsonObject } from '@ggdln/core';
import { type ExperimentSpec, overrideSpec } from '@ggdln/experiments';
import type { LabSpec } from './labState.ts';

/**
 * A spec with some values replaced, by path as in `--set`; `study` and its options as well.
 * @throws GGDLN_UNKNOWN_NAME for a path that starts at nothing that an experiment has, GGDLN_INPUT for options of a
 * study where there is none.
 */
export function editSpec(spec: LabSpec, changes: { readonly [path: string]: Json }): LabSpec {
  let changed = spec;
  for (const [path, value] of Object.entries(changes)) {
    const [head, ...rest] = path.split('.');
    changed =
      head === 'study'
        ? editStudy(changed, rest.join('.'), value)
        : (overrideSpec(changed as unknown as ExperimentSpec, { [path]: value }) as unknown as LabSpec);
  }
  return changed;
}

function editStudy(spec: LabSpec, option: string, value: Json): LabSpec {
  if (option === '') return { ...spec, study: value };
  if (!isObject(spec.study)) {
    throw inputError('the lab', `study.${option} can't be set: this experiment is no study`, 'Open one of the gallery');
  }
  return { ...spec, study: { ...spec.study, [option]: value } };
}

/** Is it a mapping, as parts of a spec are? */
export function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
