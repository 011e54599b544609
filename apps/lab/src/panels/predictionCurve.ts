import type { Matrix } from '@ggdln/core';
import { formatNumber, textWidth } from '@ggdln/plot';
import { drawFrame, tickMargin } from '../charts/frame.ts';
import { errorBar, lineMark, roleMark } from '../charts/marks.ts';
import { faint, roleColor } from '../charts/palette.ts';
import { axisOf } from '../charts/scales.ts';
import { label, pathThrough, type Svg, tag } from '../charts/svg.ts';
import { summaryOf } from './prediction.ts';
import { closest, type PredictionPicture, type PredictionScene } from './predictionScatter.ts';

const TOP = 24;
const HEIGHT = 250;

/** The function that is learned on a line: theory ± sd as a band, simulated means, and the training examples. */
export function predictionCurve(
  scene: PredictionScene,
  inputs: Matrix,
  examples: { readonly X: Matrix; readonly Y: Matrix },
): PredictionPicture | undefined {
  const { predictions, palette, width, sample, hold } = scene;
  const { theory, theoryDeviation, sampled, stderr, infinite, sides, output } = predictions;
  const count = Math.min(inputs.rows, predictions.count);
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => inputs.data[a] - inputs.data[b]);
  const shownTargets = Array.from({ length: examples.X.rows }, (_, i) => examples.Y.data[i * examples.Y.cols + output]);
  const band =
    theory && theoryDeviation
      ? order.flatMap((i) => [theory[i] - theoryDeviation[i], theory[i] + theoryDeviation[i]])
      : [];
  const means = [theory, sampled, infinite].flatMap((values) => (values ? [...values] : []));
  const yAxis = axisOf(hold('curve y', [...means, ...band, ...shownTargets]), { zero: false });
  const xAxis = axisOf(hold('curve x', [...inputs.data, ...examples.X.data]), { zero: false });
  const margin = tickMargin([yAxis]);
  const box = { x: margin, y: TOP, width: width - margin - 8, height: HEIGHT };
  const frame = drawFrame({ box, xAxis, yAxis, palette, xLabel: 'input x' });
  const at = (values: Float64Array) => order.map((i) => [frame.x(inputs.data[i]), frame.y(values[i])] as const);
  const parts: Svg[] = [frame.svg];
  if (theory && theoryDeviation) {
    const upper = at(theory.map((value, i) => value + theoryDeviation[i]));
    const lower = at(theory.map((value, i) => value - theoryDeviation[i])).reverse();
    parts.push(tag('path', { d: `${pathThrough([...upper, ...lower])}Z`, fill: faint(palette.theory, 0.14) }));
  }
  shownTargets.forEach((value, i) => {
    const [cx, cy] = [frame.x(examples.X.data[i]), frame.y(value)];
    parts.push(tag('circle', { cx, cy, r: 3, fill: palette.muted, opacity: '0.55' }));
  });
  if (infinite) parts.push(lineMark(at(infinite), { color: palette.infiniteWidth, dashed: true }));
  if (theory) parts.push(lineMark(at(theory), { color: palette.theory }));
  const role = sides.sampled?.role ?? 'exact-sampling';
  if (sampled)
    parts.push(
      marks(
        scene,
        order,
        (i) => [frame.x(inputs.data[i]), frame.y(sampled[i])],
        (error) => Math.abs(frame.y(0) - frame.y(error)),
        stderr,
      ),
    );
  if (sample !== undefined && sample < count) {
    const value = (sampled ?? theory ?? infinite)?.[sample];
    if (value !== undefined)
      parts.push(
        tag('circle', {
          cx: frame.x(inputs.data[sample]),
          cy: frame.y(value),
          r: 7.5,
          fill: 'none',
          stroke: palette.text,
          'stroke-width': 1.5,
        }),
      );
  }
  parts.push(keyLine(scene, box, role));
  const nearest = ([px]: readonly [number, number]) => closest(count, (i) => Math.abs(frame.x(inputs.data[i]) - px));
  const summary = summaryOf(predictions);
  const difference = summary
    ? ` Simulated means differ from theory by ${formatNumber(summary.rms, 2)}, root mean square.`
    : '';
  const sentence = `Mean output against the input with a band of one standard deviation.${difference}`;
  return { width, height: TOP + HEIGHT + 42, svg: parts.join(''), sentence, nearest };
}

/** At most this many simulated points keep apart on a line. */
const MOST = 40;

function marks(
  { predictions, palette }: PredictionScene,
  order: readonly number[],
  place: (index: number) => readonly [number, number],
  length: (error: number) => number,
  stderr: Float64Array | undefined,
): Svg {
  const role = predictions.sides.sampled?.role ?? 'exact-sampling';
  const hollow = predictions.sides.sampled?.provisional === true;
  const every = Math.ceil(order.length / MOST);
  return order
    .filter((_, k) => k % every === 0)
    .map((i) => {
      const [x, y] = place(i);
      const error = stderr ? length(stderr[i]) : 0;
      const bar = error > 0 ? errorBar(x, y - error, y + error, roleColor(role, palette)) : '';
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
