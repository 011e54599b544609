import type { Registry, RoleNames } from '@ggdln/core';
import type { ResolvedSpec } from '../spec/resolvedSpec.ts';

/**
 * What figures of an experiment call roles: what learners of a role say, where they all say the same.
 * @returns Empty where roles go by their own names.
 */
export function roleNamesOf({ learners }: Pick<ResolvedSpec, 'learners'>, registry: Registry): RoleNames {
  const said = learners.map(({ use, role }) => ({ role, name: registry.get('learner', use).roleName }));
  const agreed = said.flatMap(({ role, name }) =>
    name !== undefined && said.every((other) => other.role !== role || other.name === name) ? [[role, name]] : [],
  );
  return Object.fromEntries(agreed);
}
