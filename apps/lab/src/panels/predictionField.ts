import type { Matrix } from '@ggdln/core';
import { formatNumber } from '@ggdln/plot';
import { bitmapUrl } from '../charts/bitmap.ts';
import { divergingColor, roundLimit } from '../charts/heat.ts';
import type { Palette } from '../charts/palette.ts';
import { roleColor } from '../charts/palette.ts';
import { type Scale, scaleOf } from '../charts/scales.ts';
import { label, type Svg, tag } from '../charts/svg.ts';
import { summaryOf } from './prediction.ts';
import { closest, type PredictionPicture, type PredictionScene } from './predictionScatter.ts';

/** Cells of the field on a side. */
const CELLS = 56;

/** A window onto the plane of the inputs, with the same scale on both axes. */
export interface PlaneWindow {
  readonly low: readonly [number, number];
  readonly side: number;
}

/** The square that holds all points, with a little room. */
export function planeWindow(sets: readonly Matrix[]): PlaneWindow {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { data } of sets) {
    for (let i = 0; i < data.length; i++) {
      low[i % 2] = Math.min(low[i % 2], data[i]);
      high[i % 2] = Math.max(high[i % 2], data[i]);
    }
  }
  if (!Number.isFinite(low[0] + high[0])) return { low: [-1, -1], side: 2 };
  const side = 1.08 * Math.max(high[0] - low[0], high[1] - low[1], 1e-9);
  const corner = [0, 1].map((k) => (low[k] + high[k] - side) / 2);
  return { low: [corner[0], corner[1]], side };
}

/** Inputs of the plane to px of a square. */
export function planeScales(
  { low, side }: PlaneWindow,
  box: { x: number; y: number; size: number },
): { x: Scale; y: Scale } {
  const axis = (from: number) => ({
    scale: 'linear' as const,
    domain: [from, from + side] as const,
    ticks: [],
    minor: [],
    exponent: 0,
  });
  return {
    x: scaleOf(axis(low[0]), box.x, box.x + box.size),
    y: scaleOf(axis(low[1]), box.y + box.size, box.y),
  };
}

/** Which input is nearest to the middle of each cell; kept with the inputs, as it doesn't change while a run goes on. */
const fields = new WeakMap<Matrix, Int32Array>();

function nearestInputs(inputs: Matrix, window: PlaneWindow): Int32Array {
  const known = fields.get(inputs);
  if (known) return known;
  const field = new Int32Array(CELLS * CELLS);
  for (let i = 0; i < CELLS; i++) {
    for (let j = 0; j < CELLS; j++) {
      const x = window.low[0] + ((j + 0.5) / CELLS) * window.side;
      const y = window.low[1] + (1 - (i + 0.5) / CELLS) * window.side;
      field[i * CELLS + j] =
        closest(inputs.rows, (k) => (inputs.data[2 * k] - x) ** 2 + (inputs.data[2 * k + 1] - y) ** 2) ?? 0;
    }
  }
  fields.set(inputs, field);
  return field;
}

/** The mean output on a plane, theory beside simulation: every place has the value of the nearest test input. */
export function predictionField(
  scene: PredictionScene,
  inputs: Matrix,
  examples: { readonly X: Matrix; readonly Y: Matrix },
): PredictionPicture | undefined {
  const { width } = scene;
  if (inputs.rows === 0 || inputs.rows > scene.predictions.count) return undefined;
  const sides = sidesOf(scene);
  const gap = 12;
  const size = Math.min(240, (width - gap * (sides.length - 1)) / Math.max(1, sides.length));
  const ends = scene.hold(
    'field',
    sides.flatMap(({ values }) => [...values]),
  );
  const limit = roundLimit(Math.max(...ends.map(Math.abs), 1e-12));
  const window = planeWindow([inputs, examples.X]);
  const boxes = sides.map((_, k) => ({ x: k * (size + gap), y: 20, size }));
  const map = { window, nearestOf: nearestInputs(inputs, window), limit };
  const svg = sides.map((side, k) => drawSide(side, boxes[k], scene, inputs, examples, map));
  const nearest = ([px, py]: readonly [number, number]) => {
    const box = boxes.find(({ x }) => px >= x && px <= x + size);
    if (!box) return undefined;
    const scale = planeScales(window, box);
    return closest(inputs.rows, (i) =>
      Math.hypot(scale.x(inputs.data[2 * i]) - px, scale.y(inputs.data[2 * i + 1]) - py),
    );
  };
  const summary = summaryOf(scene.predictions);
  const difference = summary ? `; simulated means differ by ${formatNumber(summary.rms, 2)}, root mean square` : '';
  const sentence = `Mean output over the plane of the inputs, coloured from ${formatNumber(-limit, 2)} to ${formatNumber(limit, 2)}${difference}.`;
  return { width, height: size + 24, svg: svg.join(''), sentence, nearest, frames: [] };
}

/** A field with its name. */
interface Side {
  readonly values: Float64Array;
  readonly name: string;
  readonly color: string;
}

function sidesOf({ predictions, palette }: PredictionScene): Side[] {
  const { theory, sampled, sides } = predictions;
  const role = sides.sampled?.role ?? 'exact-sampling';
  const name = role === 'gradient-descent' ? 'Trained' : 'Sampled';
  return [
    ...(theory ? [{ values: theory, name: 'Theory', color: palette.theory }] : []),
    ...(sampled ? [{ values: sampled, name, color: roleColor(role, palette) }] : []),
  ];
}

function drawSide(
  { values, name, color }: Side,
  box: { readonly x: number; readonly y: number; readonly size: number },
  { palette, predictions, sample }: PredictionScene,
  inputs: Matrix,
  examples: { readonly X: Matrix; readonly Y: Matrix },
  map: { readonly window: PlaneWindow; readonly nearestOf: Int32Array; readonly limit: number },
): Svg {
  const picture = { rows: CELLS, cols: CELLS, data: Float64Array.from(map.nearestOf, (i) => values[i]) };
  const image = { x: box.x, y: box.y, width: box.size, height: box.size, preserveAspectRatio: 'none' };
  const href = bitmapUrl(picture, divergingColor(map.limit, palette));
  const scales = planeScales(map.window, box);
  return [
    label(box.x, 12, name, { fill: color, weight: 600 }),
    tag('image', { ...image, href, style: 'image-rendering:pixelated' }),
    data(examples, predictions.output, scales, palette),
    ring(inputs, sample, scales, palette),
  ].join('');
}

/** Training examples by the sign of their target: filled above zero, open below. */
function data(
  { X, Y }: { readonly X: Matrix; readonly Y: Matrix },
  output: number,
  { x, y }: { x: Scale; y: Scale },
  palette: Palette,
): Svg {
  let svg = '';
  for (let i = 0; i < X.rows; i++) {
    const positive = Y.data[i * Y.cols + output] > 0;
    const look = positive
      ? { fill: palette.text, stroke: palette.surface }
      : { fill: palette.surface, stroke: palette.text };
    svg += tag('circle', {
      cx: x(X.data[2 * i]),
      cy: y(X.data[2 * i + 1]),
      r: positive ? 3.2 : 2.8,
      'stroke-width': 1,
      ...look,
    });
  }
  return svg;
}

function ring(
  { data: inputs, rows }: Matrix,
  sample: number | undefined,
  { x, y }: { x: Scale; y: Scale },
  palette: Palette,
): Svg {
  if (sample === undefined || sample >= rows) return '';
  const place = { cx: x(inputs[2 * sample]), cy: y(inputs[2 * sample + 1]), r: 6.5 };
  return tag('circle', { ...place, fill: 'none', stroke: palette.text, 'stroke-width': 2 });
}
