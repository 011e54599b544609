import { type Option, readOption, unknownNameError } from '@ggdln/core';
import { toCell } from './axes.ts';
import { sweepWords } from './checkSweep.ts';
import { drawAxes } from './drawAxes.ts';
import type { AxisValue, ExperimentSweep, SweepSpec } from './experimentSpec.ts';
import { atPath, placed, type SpecOrigin, type SpecPath, specError } from './specSource.ts';

/** The axes of an experiment, checked. */
export interface ReadSweep {
  /** Crossed with each other and with the groups. */
  readonly sweep: SweepSpec;
  /** Groups of at least two axes that move together. */
  readonly together: readonly SweepSpec[];
}

/** What axes are read with. */
interface Axes {
  /** From `axisOptions`, or the part of it that concerns one source. */
  readonly known: ReadonlyMap<string, Option>;
  readonly origin: SpecOrigin;
}

/**
 * Checks the axes of a sweep (known paths, values that their options allow, no axis twice) and draws the random ones.
 * A group of one axis is an axis like any other; `replicates` become the axis `seed`.
 * @param seed Of the experiment. @throws GGDLN_CONFIG naming the place.
 */
export function readSweep(raw: ExperimentSweep, seed: number, axes: Axes): ReadSweep {
  const path = ['sweep'];
  const grid = Object.fromEntries(Object.entries(raw).filter(([key]) => !sweepWords.includes(key)));
  const single: Record<string, readonly AxisValue[]> = { ...readAxes(grid as SweepSpec, path, axes) };
  const together: SweepSpec[] = [];
  const taken = new Set(Object.keys(single));
  const add = (group: SweepSpec, here: SpecPath) => {
    const names = Object.keys(group);
    for (const axis of names) {
      if (taken.has(axis)) throw twice(axis, [...here, axis], axes.origin);
      taken.add(axis);
    }
    if (names.length === 1) single[names[0]] = [...new Set(group[names[0]])];
    else if (names.length > 1) together.push(group);
  };
  for (const { group, here } of groupsOf(raw.together, [...path, 'together'])) add(readCells(group, here, axes), here);
  for (const [index, { group, here }] of groupsOf(raw.random, [...path, 'random']).entries()) {
    const { count: _count, ...draws } = group;
    for (const axis of Object.keys(draws)) optionOf(axis, [...here, axis], axes);
    const drawn = drawAxes(group, seed, index, (axis) => optionOf(axis, [...here, axis], axes));
    add(readCells(drawn, here, axes), here);
  }
  if (raw.replicates !== undefined) {
    const seeds = Array.from({ length: Number(raw.replicates) }, (_, index) => seed + index);
    add({ seed: seeds }, [...path, 'replicates']);
  }
  return { sweep: single, together };
}

/**
 * Checks lists of values by path; a value given twice counts once.
 * @throws GGDLN_CONFIG naming the place.
 */
export function readAxes(sweep: SweepSpec, path: SpecPath, axes: Axes): SweepSpec {
  const read = Object.entries(readCells(sweep, path, axes));
  return Object.fromEntries(read.map(([axis, values]) => [axis, [...new Set(values)]]));
}

function readCells(sweep: SweepSpec, path: SpecPath, axes: Axes): SweepSpec {
  const { origin } = axes;
  return Object.fromEntries(
    Object.entries(sweep).map(([axis, values]) => {
      const here = [...path, axis];
      const option = optionOf(axis, here, axes);
      const read = (value: AxisValue, index: number) =>
        atPath(origin, [...here, index], () => toCell(readOption(option, value, axis)));
      return [axis, values.map(read)];
    }),
  );
}

function optionOf(axis: string, here: SpecPath, { known, origin }: Axes): Option {
  const option = known.get(axis);
  if (option) return option;
  throw placed(origin, here, unknownNameError('@ggdln/experiments', 'axis of the sweep', axis, [...known.keys()]));
}

/** One group, or each of a list, with its place. */
function groupsOf<Group extends object>(
  value: Group | readonly Group[] | undefined,
  path: SpecPath,
): { readonly group: Group; readonly here: SpecPath }[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [{ group: value as Group, here: path }];
  return value.map((group: Group, index) => ({ group, here: [...path, index] }));
}

function twice(axis: string, path: SpecPath, origin: SpecOrigin): Error {
  return specError(origin, path, {
    problem: `the axis ${axis} is swept twice`,
    remedy: 'Give it once: in a list of its own, in "together", in "random", or (the seed) by "replicates"',
  });
}
