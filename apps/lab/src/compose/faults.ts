import { isGgdlnError, type OptionsSchema, type Registry, readOption } from '@ggdln/core';
import { type ExperimentSpec, resolveSpec, resolveStudy, type StudySpec } from '@ggdln/experiments';
import type { LabSpec } from '../state/labState.ts';
import { entryOf, nameOf, type PlacedPart, partsOf, type RawPart, sourcesOf } from './parts.ts';

/** What is wrong with a spec, in words, by path, e.g. `gating.gates`; '' for the spec as a whole. */
export type Faults = ReadonlyMap<string, string>;

/**
 * Looks for everything that is wrong with a spec: each option by its schema, and the rest by `resolveSpec`. Nothing is
 * computed, and the spec stays as it is.
 */
export function findFaults(spec: LabSpec, registry: Registry): Faults {
  const faults = new Map<string, string>();
  for (const kind of ['dataset', 'gating', 'architecture', 'study'] as const) {
    for (const placed of partsOf(spec, kind))
      addFaults(faults, placed, entryOf(registry, kind, placed.part.use)?.options);
  }
  for (const kind of ['learner', 'theory'] as const) {
    for (const placed of sourcesOf(spec, kind))
      addFaults(faults, placed, entryOf(registry, kind, placed.part.use)?.options);
  }
  if (faults.size === 0) addFirstFault(faults, spec, registry);
  return faults;
}

function addFaults(faults: Map<string, string>, { path, part }: PlacedPart, schema: OptionsSchema | undefined): void {
  if (!schema) {
    faults.set(path, `There is no "${part.use}" in this lab. Choose another.`);
    return;
  }
  for (const [name, option] of Object.entries(schema)) {
    const value = part[name];
    if (value === undefined) continue;
    try {
      readOption(option, value, option.title);
    } catch (error) {
      faults.set(`${path}.${name}`, wordsOf(error));
    }
  }
}

/** The first complaint of `resolveSpec` or `resolveStudy`, at its place. */
function addFirstFault(faults: Map<string, string>, spec: LabSpec, registry: Registry): void {
  let place: readonly (string | number)[] = [];
  const origin = {
    fileName: 'experiment',
    locate: (path: readonly (string | number)[]) => {
      place = path;
      return undefined;
    },
  };
  try {
    if (spec.study !== undefined) resolveStudy({ spec: spec as unknown as StudySpec, ...origin }, registry);
    else resolveSpec({ spec: spec as unknown as ExperimentSpec, ...origin }, registry);
  } catch (error) {
    faults.set(pathOf(place, spec), wordsOf(error));
  }
}

/** Places count learners and theories; paths name them. */
function pathOf(place: readonly (string | number)[], spec: LabSpec): string {
  const [kind, index, ...rest] = place;
  const list = kind === 'learners' || kind === 'theories' ? spec[kind] : undefined;
  if (!Array.isArray(list) || typeof index !== 'number') return place.join('.');
  const source = list[index] as RawPart | undefined;
  return [kind, source ? nameOf(source) : index, ...rest].join('.');
}

function wordsOf(error: unknown): string {
  if (!isGgdlnError(error)) return error instanceof Error ? error.message : String(error);
  const words = [error.problem, error.remedy]
    .filter((part) => part)
    .map((part) => (/[.!?]$/.test(part ?? '') ? part : `${part}.`));
  return words.join(' ').replace(/^./, (first) => first.toUpperCase());
}
