import type { Json } from '@ggdln/core';
import { isObject } from '../state/editSpec.ts';
import type { LabSpec } from '../state/labState.ts';
import type { Changes } from '../state/store.ts';

/** Axes that can be drawn: one on x, one as series. */
const MOST_AXES = 2;
const WORDS = ['together', 'random', 'replicates'];

/** Values of an axis of the sweep; `undefined` where the option isn't swept. */
export function axisValues(spec: LabSpec, path: string): readonly Json[] | undefined {
  const values = isObject(spec.sweep) ? spec.sweep[path] : undefined;
  return Array.isArray(values) ? values : undefined;
}

/** What the sweep goes over: paths, and groups of paths that move together as one. */
export function axesIn(spec: LabSpec): string[] {
  if (!isObject(spec.sweep)) return [];
  const { together, random, replicates } = spec.sweep;
  const single = Object.keys(spec.sweep).filter((key) => !WORDS.includes(key));
  const groups = (Array.isArray(together) ? together : [together]).filter(isObject);
  return [
    ...single,
    ...groups.map((group) => Object.keys(group).join(' with ')),
    ...(random === undefined ? [] : ['random draws']),
    ...(replicates === undefined ? [] : ['replicates']),
  ];
}

/**
 * The changes that make an option an axis of the sweep.
 * @returns A sentence instead where there would be more axes than can be drawn.
 */
export function addAxis(spec: LabSpec, path: string, values: readonly number[]): Changes | string {
  const others = axesIn(spec).filter((axis) => axis !== path);
  if (others.length >= MOST_AXES) {
    return `A sweep has at most ${MOST_AXES} axes, one drawn on x and one as series, and ${others.join(' and ')} are swept already. Give one of them a single value first.`;
  }
  return { sweep: { ...(isObject(spec.sweep) ? spec.sweep : {}), [path]: values } };
}

/**
 * A spec without the axes that a test names: in the sweep, in what learners and theories have of their own, and in the
 * figure.
 */
export function withoutAxes(spec: LabSpec, drops: (path: string) => boolean): LabSpec {
  const kept = (axes: Json | undefined) =>
    isObject(axes) ? Object.fromEntries(Object.entries(axes).filter(([path]) => !drops(path))) : {};
  const sources = (list: Json | undefined): Json[] =>
    (Array.isArray(list) ? list : []).map((source: Json) => {
      if (!isObject(source) || !isObject(source.at)) return source;
      const { at, ...rest } = source;
      const own = kept(at);
      return Object.keys(own).length === 0 ? rest : { ...rest, at: own };
    });
  const { figure } = spec;
  const x = isObject(figure) ? figure.x : undefined;
  return {
    ...spec,
    ...(spec.sweep === undefined ? {} : { sweep: kept(spec.sweep) }),
    ...(spec.learners === undefined ? {} : { learners: sources(spec.learners) }),
    ...(spec.theories === undefined ? {} : { theories: sources(spec.theories) }),
    ...(isObject(figure) && typeof x === 'string' && drops(x)
      ? { figure: Object.fromEntries(Object.entries(figure).filter(([key]) => key !== 'x')) }
      : {}),
  };
}

/** The changes that lead from one spec to another, whole part by whole part; what is gone can't be changed so. */
export function changesTo(before: LabSpec, after: LabSpec): Changes {
  return Object.fromEntries(
    Object.entries(after).filter(([key, value]) => JSON.stringify(before[key]) !== JSON.stringify(value)),
  );
}

/** The changes that give an option one value, which ends its sweep. */
export function setValue(spec: LabSpec, path: string, value: Json): Changes {
  if (axisValues(spec, path) === undefined) return { [path]: value };
  return {
    ...changesTo(
      spec,
      withoutAxes(spec, (axis) => axis === path),
    ),
    [path]: value,
  };
}
