import type { Matrix } from '@ggdln/core';
import { formatNumber } from '@ggdln/plot';
import type { Palette } from '../charts/palette.ts';
import { roleColor } from '../charts/palette.ts';
import { axisOf, scaleOf } from '../charts/scales.ts';
import { label, px, type Svg, tag } from '../charts/svg.ts';
import { symmetricEigenvalues } from '../charts/symmetricEigenvalues.ts';
import type { LayerOrder } from './orderParameter.ts';

/** Beyond this size eigenvalues aren't for a page. */
const LARGEST = 64;

const known = new WeakMap<Matrix, Float64Array>();

/** Eigenvalues of U/s, from those of U/s − I; kept with the matrix. */
function eigenvaluesOf(matrix: Matrix): Float64Array {
  const values = known.get(matrix) ?? symmetricEigenvalues(matrix).map((value) => value + 1);
  known.set(matrix, values);
  return values;
}

/** Eigenvalues of U: theory as ticks, simulation as marks, infinite width dashed at 1. */
export function eigenStrip(
  order: LayerOrder,
  palette: Palette,
  width: number,
): { readonly width: number; readonly height: number; readonly svg: Svg; readonly sentence: string } | undefined {
  const size = order.names.length;
  if (size < 2 || size > LARGEST) return undefined;
  const theory = order.theory ? eigenvaluesOf(order.theory) : new Float64Array(0);
  const sampled = order.sampled ? eigenvaluesOf(order.sampled) : new Float64Array(0);
  const all = [...theory, ...sampled, 1];
  const spread = Math.max(...all) / Math.max(1e-9, Math.min(...all));
  const axis = axisOf(all, { scale: spread > 30 && Math.min(...all) > 0 ? 'log' : 'linear', zero: false });
  const x = scaleOf(axis, 8, width - 12);
  const crisp = { stroke: palette.border, 'stroke-width': 1, fill: 'none', 'shape-rendering': 'crispEdges' };
  const parts = [
    label(0, 11, 'eigenvalues of U / σ²', { fill: palette.muted }),
    tag('path', {
      d: `M8 42H${px(width - 8)}${axis.ticks.map(({ value }) => `M${px(x(value))} 42v4`).join('')}`,
      ...crisp,
    }),
    ...axis.ticks.map(({ value, label: text }) => label(x(value), 59, text, { fill: palette.muted, anchor: 'middle' })),
    tag('path', {
      d: `M${px(x(1))} 18V42`,
      stroke: palette.infiniteWidth,
      'stroke-width': 1.5,
      'stroke-dasharray': '5 4',
    }),
    ...[...theory].map((value) =>
      tag('path', { d: `M${px(x(value))} 21V41`, stroke: palette.theory, 'stroke-width': 2 }),
    ),
    ...[...sampled].map((value) => {
      const fill = roleColor(order.source?.role ?? 'exact-sampling', palette);
      return tag('circle', { cx: x(value), cy: 31, r: 3.6, fill, stroke: palette.surface, 'stroke-width': 1.2 });
    }),
  ];
  const shown = theory.length > 0 ? theory : sampled;
  const ends = [shown[0], shown[shown.length - 1]].map((value) => formatNumber(value, 3));
  const sentence = `Eigenvalues of ${order.name} over its infinite-width value, from ${ends[0]} to ${ends[1]}; at infinite width all are 1.`;
  return { width, height: 64, svg: parts.join(''), sentence };
}
