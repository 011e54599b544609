import type { Series } from './figure.ts';
import { roleStyles, type Theme } from './theme.ts';

const GROUPS = ['group1', 'group2', 'group3', 'group4', 'group5'] as const satisfies readonly (keyof Theme)[];

/** The colour of a series: its group's where a frame compares settings, else its role's. */
export function seriesColor({ role, group }: Pick<Series, 'role' | 'group'>): keyof Theme {
  return group === null ? roleStyles[role].color : GROUPS[group.index % GROUPS.length];
}
