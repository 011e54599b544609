import type { Matrix } from '@ggdln/core';
import { formatNumber, textWidth } from '@ggdln/plot';
import { drawFrame, type Frame, tickMargin } from '../charts/frame.ts';
import { errorBar, lineMark, roleMark } from '../charts/marks.ts';
import { faint, type Palette, roleColor } from '../charts/palette.ts';
import { axisOf } from '../charts/scales.ts';
import { clipped, isInside, label, pathThrough, type Svg, tag } from '../charts/svg.ts';
import { summaryOf } from './prediction.ts';
import { clamp, closest, type PredictionPicture, type PredictionScene } from './predictionScatter.ts';

const TOP = 24;
const HEIGHT = 250;

/** A scene on a line with where everything is. */
interface Line {
  readonly scene: PredictionScene;
  readonly inputs: Matrix;
  /** Test inputs from left to right. */
  readonly order: readonly number[];
  readonly frame: Frame;
}

/** The function that is learned on a line: theory ± sd as a band, simulated means, and the training examples. */
export function predictionCurve(
  scene: PredictionScene,
  inputs: Matrix,
  examples: { readonly X: Matrix; readonly Y: Matrix },
): PredictionPicture | undefined {
  const { predictions, palette, width, hold, shown } = scene;
  const { theory, theoryDeviation, sampled, infinite, sides, output } = predictions;
  const count = Math.min(inputs.rows, predictions.count);
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => inputs.data[a] - inputs.data[b]);
  const targets = Array.from({ length: examples.X.rows }, (_, i) => examples.Y.data[i * examples.Y.cols + output]);
  const spread =
    theory && theoryDeviation
      ? order.flatMap((i) => [theory[i] - theoryDeviation[i], theory[i] + theoryDeviation[i]])
      : [];
  const means = [theory, sampled, infinite].flatMap((values) => (values ? [...values] : []));
  const yAxis = shown('curve y', axisOf(hold('curve y', [...means, ...spread, ...targets]), { zero: false }));
  const xAxis = shown('curve x', axisOf(hold('curve x', [...inputs.data, ...examples.X.data]), { zero: false }));
  const margin = tickMargin([yAxis]);
  const box = { x: margin, y: TOP, width: width - margin - 8, height: HEIGHT };
  const frame = drawFrame({ box, xAxis, yAxis, palette, xLabel: 'input x' });
  const line = { scene, inputs, order, frame };
  const parts = [
    frame.svg,
    clipped(box, band(line), data(examples.X, targets, frame, palette), curves(line)),
    marks(line),
    chosen(line, count),
    keyLine(scene, box, sides.sampled?.role ?? 'exact-sampling'),
  ];
  return {
    width,
    height: TOP + HEIGHT + 42,
    svg: parts.join(''),
    sentence: describe(predictions),
    nearest: ([px]) => closest(count, (i) => Math.abs(frame.x(inputs.data[i]) - px)),
    frames: [
      {
        box,
        x: { key: 'curve x', name: 'input x', axis: xAxis },
        y: { key: 'curve y', name: 'mean output', axis: yAxis },
      },
    ],
    placeOf: (i) => ['curve x', inputs.data[i]],
  };
}

function describe(predictions: PredictionScene['predictions']): string {
  const summary = summaryOf(predictions);
  const difference = summary
    ? ` Simulated means differ from theory by ${formatNumber(summary.rms, 2)}, root mean square.`
    : '';
  return `Mean output against the input with a band of one standard deviation.${difference}`;
}

const placed = ({ order, frame, inputs }: Line, values: Float64Array) =>
  order.map((i) => [frame.x(inputs.data[i]), frame.y(values[i])] as const);

/** Theory ± sd. */
function band(line: Line): Svg {
  const { predictions, palette } = line.scene;
  const { theory, theoryDeviation } = predictions;
  if (!theory || !theoryDeviation) return '';
  const upper = placed(
    line,
    theory.map((value, i) => value + theoryDeviation[i]),
  );
  const lower = placed(
    line,
    theory.map((value, i) => value - theoryDeviation[i]),
  ).reverse();
  return tag('path', { d: `${pathThrough([...upper, ...lower])}Z`, fill: faint(palette.theory, 0.14) });
}

function data(X: Matrix, targets: readonly number[], { x, y }: Frame, palette: Palette): Svg {
  const dot = { r: 3, fill: palette.muted, opacity: '0.55' };
  return targets.map((value, i) => tag('circle', { cx: x(X.data[i]), cy: y(value), ...dot })).join('');
}

function curves(line: Line): Svg {
  const { predictions, palette } = line.scene;
  const { theory, infinite } = predictions;
  const below = infinite ? lineMark(placed(line, infinite), { color: palette.infiniteWidth, dashed: true }) : '';
  return below + (theory ? lineMark(placed(line, theory), { color: palette.theory }) : '');
}

/** A ring about the chosen input. */
function chosen({ scene, inputs, frame }: Line, count: number): Svg {
  const { sample, predictions, palette } = scene;
  if (sample === undefined || sample >= count) return '';
  const value = (predictions.sampled ?? predictions.theory ?? predictions.infinite)?.[sample];
  if (value === undefined) return '';
  const [cx, cy] = [frame.x(inputs.data[sample]), frame.y(value)];
  if (!isInside(frame.box, [cx, cy])) return '';
  return tag('circle', { cx, cy, r: 7.5, fill: 'none', stroke: palette.text, 'stroke-width': 1.5 });
}

/** At most this many simulated points keep apart on a line. */
const MOST = 40;

/** Simulated means with their errors, as far as they are in view. */
function marks({ scene, order, frame, inputs }: Line): Svg {
  const { predictions, palette } = scene;
  const { sampled, stderr, sides } = predictions;
  if (!sampled) return '';
  const role = sides.sampled?.role ?? 'exact-sampling';
  const hollow = sides.sampled?.provisional === true;
  const seen = order.filter((i) => isInside(frame.box, [frame.x(inputs.data[i]), frame.y(sampled[i])]));
  const every = Math.ceil(seen.length / MOST);
  return seen
    .filter((_, k) => k % every === 0)
    .map((i) => {
      const [x, y] = [frame.x(inputs.data[i]), frame.y(sampled[i])];
      const error = stderr?.[i] ?? 0;
      const ends = [sampled[i] - error, sampled[i] + error].map((value) => clamp(frame.y(value), frame.box));
      const bar = error > 0 ? errorBar(x, ends[0], ends[1], roleColor(role, palette)) : '';
      return bar + roleMark(role, x, y, { palette, hollow, size: 3.6 });
    })
    .join('');
}

function keyLine(
  { predictions, palette }: PredictionScene,
  box: { readonly x: number; readonly y: number },
  role: 'exact-sampling' | string,
): Svg {
  const names: readonly (readonly [string, string])[] = [
    ['theory ± sd', palette.theory],
    ...(predictions.sampled ? [[role === 'gradient-descent' ? 'trained' : 'sampled', palette.sampled] as const] : []),
    ...(predictions.infinite ? [['infinite width', palette.muted] as const] : []),
    ['data', palette.muted],
  ];
  let x = box.x;
  return names
    .map(([text, fill]) => {
      const svg = label(x, 12, text, { fill, weight: 600, halo: palette.surface });
      x += textWidth(text, 12, 600) + 10;
      return svg;
    })
    .join('');
}
