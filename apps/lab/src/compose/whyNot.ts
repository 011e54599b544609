import type { Registry } from '@ggdln/core';
import { isObject } from '../state/editSpec.ts';
import type { LabSpec } from '../state/labState.ts';
import { misfitOf, networkMisfitOf, traitsOf, whyOf } from './compatibility.ts';
import { findFaults } from './faults.ts';
import { optionAt } from './optionAt.ts';
import { entryOf, sourcesOf } from './parts.ts';

/**
 * Why an experiment can't run as it stands: the first thing that needs a change, where it is and what would do.
 * @param outputs C as far as it is known.
 * @returns `undefined` where nothing is known to be wrong.
 */
export function whyNot(spec: LabSpec, registry: Registry, outputs: number): string | undefined {
  const [fault] = findFaults(spec, registry);
  if (fault) {
    const [path, words] = fault;
    const title = optionAt(path, spec, registry)?.title;
    return title === undefined ? words : `${title}: ${words}`;
  }
  if (spec.study !== undefined) return undefined;
  const network = networkMisfitOf(spec, registry);
  if (network) return whyOf(network);
  // A sweep over the network or over T is judged point by point when it is opened.
  if (sweepsNetwork(spec)) return undefined;
  const traits = traitsOf(spec, registry, outputs);
  for (const kind of ['learner', 'theory'] as const) {
    for (const { part } of sourcesOf(spec, kind)) {
      const misfit = misfitOf(kind, part.use, traits, registry);
      if (misfit) return `${entryOf(registry, kind, part.use)?.title ?? part.use}: ${whyOf(misfit)}`;
    }
  }
  return undefined;
}

function sweepsNetwork({ sweep }: LabSpec): boolean {
  return isObject(sweep) && /"(temperature|architecture\.(?!width"|sigma")[^"]*)":/.test(JSON.stringify(sweep));
}
