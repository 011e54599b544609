import type { Matrix, PointView, RunView, Selection } from '@ggdln/core';
import { isInfinite, pointsAt, sidesOf, specValue } from './run.ts';

/** U of one layer at the place that is shown, measured against infinite width: U/s − I, with U∞ = s I. */
export interface LayerOrder {
  /** e.g. `U1`. */
  readonly name: string;
  /** 1 is the lowest. */
  readonly layer: number;
  /** s: σ² to the number of layers from here up. */
  readonly scale: number;
  readonly theory: Matrix | undefined;
  readonly sampled: Matrix | undefined;
  readonly stderr: Matrix | undefined;
  readonly source: PointView | undefined;
  /** Long and short names of its rows. */
  readonly names: readonly string[];
  readonly shortNames: readonly string[];
}

const orderNames = (point: PointView): string[] => Object.keys(point.arrays).filter((name) => /^U\d+$/.test(name));

/** Names of order parameters in a run, the lowest layer first. */
export function layersOf(view: RunView): string[] {
  const names = new Set(view.points.flatMap(orderNames));
  return [...names].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
}

/** One layer's order parameter, theory and simulation. */
export function layerOrder(view: RunView, selection: Selection, name: string): LayerOrder {
  const layer = Number(name.slice(1));
  const has = (point: PointView) => point.arrays[name] !== undefined;
  const { x, theory, sampled } = sidesOf(view, selection, has);
  const limit = pointsAt(view, x, isInfinite).find(has)?.arrays[name];
  const scale = scaleOf(view, limit, layer);
  const relative = (matrix: Matrix | undefined) => (matrix ? relativeTo(matrix, scale) : undefined);
  const stderr = sampled?.arrays[`${name}_stderr`];
  const any = theory?.arrays[name] ?? sampled?.arrays[name];
  const names = any ? gateNames(view, layer, any.rows) : [];
  return {
    ...{ name, layer, scale, names },
    theory: relative(theory?.arrays[name]),
    sampled: relative(sampled?.arrays[name]),
    stderr: stderr ? { ...stderr, data: stderr.data.map((value) => value / scale) } : undefined,
    source: sampled,
    shortNames: names.map(shortName),
  };
}

/** s of U∞ = s I: from infinite width where it was computed, else from σ of the experiment. */
function scaleOf(view: RunView, limit: Matrix | undefined, layer: number): number {
  if (limit && limit.rows === limit.cols && limit.data[0] > 0) return limit.data[0];
  const sigma = specValue(view, 'architecture.sigma');
  const depth = view.problem?.trainGates.length ?? layer;
  return typeof sigma === 'number' && sigma > 0 ? sigma ** (2 * Math.max(1, depth - layer + 1)) : 1;
}

const made = new WeakMap<Matrix, { readonly scale: number; readonly matrix: Matrix }>();

/** U/s − I; the same object for the same matrix, so that what is made of it can be kept. */
function relativeTo(matrix: Matrix, scale: number): Matrix {
  const before = made.get(matrix);
  if (before?.scale === scale) return before.matrix;
  const { rows, cols } = matrix;
  const data = matrix.data.map((value, at) => value / scale - (Math.floor(at / cols) === at % cols ? 1 : 0));
  const relative = { rows, cols, data };
  made.set(matrix, { scale, matrix: relative });
  return relative;
}

/** Rows of U_l are the gates of layers L, …, l together, those of the top layer slowest; else they are numbered. */
function gateNames(view: RunView, layer: number, count: number): string[] {
  const layers = view.problem?.gateNames ?? [];
  const own = layers.slice(0, Math.max(1, layers.length - layer + 1));
  const names = own.reduce<readonly string[]>(
    (upper, lower) => (upper.length === 0 ? lower : upper.flatMap((a) => lower.map((b) => `${a} · ${b}`))),
    [],
  );
  return names.length === count ? [...names] : Array.from({ length: count }, (_, i) => `row ${i + 1}`);
}

/** `on` of `always on`, `3` of `half-space 3`. */
export function shortName(name: string): string {
  if (name === 'always on') return 'on';
  const number = /(\d+)$/.exec(name);
  return number ? number[1] : name.slice(0, 2);
}
