import { type Check, requireObject, wrongType } from './shapes.ts';
import { type SpecOrigin, type SpecPath, specError } from './specSource.ts';

const example = 'e.g. { architecture.width: [10, 30, 100] }';
const drawExample = 'e.g. { log-uniform: [0.001, 1] }, { uniform: [0, 1] } or { choice: [relu, erf] }';

/** More points than this nobody means. */
const MAX_COUNT = 100_000;

/** Keys of a sweep that are no axes. */
export const sweepWords: readonly string[] = ['together', 'random', 'replicates'];

/** Lists of values by path. */
export const checkAxes: Check = (value, path, origin) => {
  const axes = requireObject(value, path, origin, `Give lists of values by path, ${example}`);
  for (const [axis, values] of Object.entries(axes)) checkValues(axis, values, [...path, axis], origin);
};

/** The sweep of an experiment: axes, groups that move together, random draws, replicates. */
export const checkSweep: Check = (value, path, origin) => {
  const { together, random, replicates, ...axes } = requireObject(
    value,
    path,
    origin,
    `Give lists of values by path, ${example}`,
  );
  checkAxes(axes, path, origin);
  if (together !== undefined) checkGroups(together, [...path, 'together'], origin, checkTogether);
  if (random !== undefined) checkGroups(random, [...path, 'random'], origin, checkRandom);
  if (replicates !== undefined) requireCount(replicates, [...path, 'replicates'], origin);
};

/** One group, or a list of them. */
function checkGroups(value: unknown, path: SpecPath, origin: SpecOrigin, check: Check): void {
  if (!Array.isArray(value)) check(value, path, origin);
  else for (const [index, group] of value.entries()) check(group, [...path, index], origin);
}

const checkTogether: Check = (value, path, origin) => {
  checkAxes(value, path, origin);
  const lengths = Object.entries(value as Record<string, readonly unknown[]>).map(([axis, values]) => ({
    axis,
    count: values.length,
  }));
  const odd = lengths.find(({ count }) => count !== lengths[0].count);
  if (!odd) return;
  throw specError(origin, [...path, odd.axis], {
    problem: `${odd.axis} has ${odd.count} values, ${lengths[0].axis} has ${lengths[0].count}: they can't move together`,
    remedy: 'Give lists of the same length; axes that are to be crossed stand outside "together"',
  });
};

const checkRandom: Check = (value, path, origin) => {
  const remedy = `Give how many points and how to draw them, e.g. { count: 20, temperature: { log-uniform: [0.001, 1] } }`;
  const { count, ...draws } = requireObject(value, path, origin, remedy);
  if (count === undefined) throw specError(origin, path, { problem: 'the count of random points is missing', remedy });
  requireCount(count, [...path, 'count'], origin);
  for (const [axis, draw] of Object.entries(draws)) checkDraw(axis, draw, [...path, axis], origin);
};

function checkDraw(axis: string, value: unknown, path: SpecPath, origin: SpecOrigin): void {
  const draw = requireObject(value, path, origin, `Say how to draw it, ${drawExample}`);
  const [kind, ...others] = Object.keys(draw);
  if (others.length > 0 || !['uniform', 'log-uniform', 'choice'].includes(kind)) {
    throw specError(origin, path, {
      problem: `${axis} has ${Object.keys(draw).join(' and ') || 'nothing'} for its draws`,
      remedy: `Say how to draw it, ${drawExample}`,
    });
  }
  if (kind === 'choice') checkValues(axis, draw.choice, [...path, kind], origin);
  else checkBounds(axis, kind, draw[kind], [...path, kind], origin);
}

function checkBounds(axis: string, kind: string, bounds: unknown, path: SpecPath, origin: SpecOrigin): void {
  const [from, to] = Array.isArray(bounds) && bounds.length === 2 ? bounds : [];
  const lowest = kind === 'uniform' ? Number.NEGATIVE_INFINITY : Number.MIN_VALUE;
  if (typeof from === 'number' && typeof to === 'number' && from < to && from >= lowest) return;
  throw specError(origin, path, {
    problem: `the bounds of ${axis} are ${JSON.stringify(bounds)}`,
    remedy: `Give the lowest and the highest value${kind === 'uniform' ? '' : ', both > 0'}, ${drawExample}`,
  });
}

function checkValues(axis: string, values: unknown, path: SpecPath, origin: SpecOrigin): void {
  if (!Array.isArray(values) || values.length === 0) {
    throw specError(origin, path, {
      problem: `the values of ${axis} are not a list with at least one value`,
      remedy: `Axes are written flat with a list each, ${example}`,
    });
  }
  for (const [index, item] of values.entries()) {
    if (!['number', 'string', 'boolean'].includes(typeof item)) {
      throw specError(origin, [...path, index], {
        problem: `${JSON.stringify(item)} is not a value of an axis`,
        remedy: 'Give numbers, text, true or false; an option that is a list is written as text, e.g. "10,20"',
      });
    }
  }
}

/** Flags give text. */
function requireCount(value: unknown, path: SpecPath, origin: SpecOrigin): void {
  const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (Number.isSafeInteger(count) && (count as number) >= 1 && (count as number) <= MAX_COUNT) return;
  throw wrongType(value, path, origin, `a whole number ≥ 1 and ≤ ${MAX_COUNT}`);
}
