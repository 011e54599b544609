import { createTable, type Row } from '@ggdln/core';
import { sweepFigure } from '@ggdln/plot';
import type { GatedUnitsState } from '@ggdln/theory/race';
import { footerOf } from '../figures.ts';
import type { ReproductionContext, ReproductionResult } from '../reproduction.ts';

const QUADRANTS = [
  [1, 1],
  [-1, -1],
  [1, -1],
  [-1, 1],
] as const;

/**
 * The weight vectors of a network on XOR as they grow: in each quadrant the sum of |w₂| w₁ over its units, which the race
 * sends along the diagonal to the example, to half of it.
 */
export function weightsFigure(
  states: readonly GatedUnitsState[],
  { name, hidden }: { readonly name: string; readonly hidden: number },
  context: ReproductionContext,
): ReproductionResult['figures'][string] {
  const rows = QUADRANTS.flatMap(([first, second]): Row[] => {
    const group = `x = (${sign(first)}, ${sign(second)})`;
    const place = { group, metric: 'second', stderr: null };
    const line = [0.02, 0.5].map(
      (part): Row => ({
        ...place,
        ...{ role: 'theory', source: 'race', first: first * part, value: second * part },
      }),
    );
    const grown = distinct(states.map((state) => sumIn(state, first, second)));
    const points = grown.map(
      ([x, y]): Row => ({
        ...place,
        ...{ role: 'gradient-descent', source: 'ReLU, random start', first: x, value: y },
      }),
    );
    return [...line, ...points];
  });
  return sweepFigure(createTable(rows), {
    title: 'Weight vectors grow along the diagonals, towards the examples',
    subtitle: `Sums of |w₂| w₁ over the units of each quadrant · ReLU, ${hidden} units from random weights`,
    x: { column: 'first', label: 'along x₁', scale: 'linear' },
    frames: [{ metric: 'second', title: 'Four pathways', note: 'examples at ±1', label: 'along x₂' }],
    groupBy: 'group',
    residuals: false,
    caption: 'Each pathway ends halfway to its example: a(∞) = 1/√2.',
    footer: footerOf(name, context),
  });
}

const sign = (value: number): string => (value > 0 ? '1' : '−1');

function sumIn({ W1, w2 }: GatedUnitsState, first: number, second: number): readonly [number, number] {
  let [x, y] = [0, 0];
  for (const [k, up] of w2.entries()) {
    const [a, b] = [W1.data[2 * k], W1.data[2 * k + 1]];
    if (Math.sign(a) !== first || Math.sign(b) !== second) continue;
    x += Math.abs(up) * a;
    y += Math.abs(up) * b;
  }
  return [x, y];
}

/** Points that are far enough from the ones before, and from the origin, to be told apart. */
function distinct(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const kept: (readonly [number, number])[] = [];
  for (const [x, y] of points) {
    const [a, b] = kept[kept.length - 1] ?? [0, 0];
    if (Math.hypot(x - a, y - b) > 0.04) kept.push([x, y]);
  }
  return kept;
}
