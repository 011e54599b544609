import { type Axis, formatNumber, superscript } from '@ggdln/plot';
import { drawFrame, exponentSuffix, type Frame, tickMargin } from '../charts/frame.ts';
import { cross, crosses, errorBars, lineMark, roleMark, roleMarks } from '../charts/marks.ts';
import type { Palette } from '../charts/palette.ts';
import { roleColor } from '../charts/palette.ts';
import { axisOf } from '../charts/scales.ts';
import { clipped, isInside, label, type Svg, tag } from '../charts/svg.ts';
import type { ZoomFrame } from '../charts/zoom.ts';
import type { Predictions } from './prediction.ts';
import { summaryOf } from './prediction.ts';
import type { Zoom } from './zoomControl.ts';

/** A picture of predictions, and which test input is at a pixel of it. */
export interface PredictionPicture {
  readonly width: number;
  readonly height: number;
  readonly svg: Svg;
  readonly sentence: string;
  readonly nearest: (at: readonly [number, number]) => number | undefined;
  /** Those that can be zoomed. */
  readonly frames: readonly ZoomFrame[];
  /** Where a test input is along x: the axis by its key, and the value. */
  readonly placeOf?: (sample: number) => readonly [key: string, value: number];
}

/** What all kinds of pictures are drawn from. */
export interface PredictionScene {
  readonly predictions: Predictions;
  readonly palette: Palette;
  readonly width: number;
  readonly sample: number | undefined;
  /** For axes that only grow. @returns The ends to show. */
  readonly hold: (axis: string, values: readonly number[]) => readonly number[];
  /** The stretch of an axis that is shown. */
  readonly shown: Zoom['axis'];
}

const TOP = 10;
const VALUES = 150;
const GAP = 32;
const RESIDUALS = 84;

/** The two frames of a scatter: means above, means minus theory below. */
interface Frames {
  readonly top: Frame;
  readonly bottom: Frame;
}

/** Simulated means against those of theory, and below what is left when theory is subtracted. */
export function predictionScatter(scene: PredictionScene): PredictionPicture | undefined {
  const { predictions, palette, width, hold, shown } = scene;
  const { theory, sampled, infinite } = predictions;
  if (!theory) return undefined;
  const all = [theory, sampled, infinite].flatMap((values) => (values ? [...values] : []));
  const differences = [sampled, infinite].flatMap((values) =>
    values ? [...values].map((value, i) => value - theory[i]) : [],
  );
  const xAxis = shown('theory', axisOf(hold('theory', [...theory]), { zero: false }));
  const yAxis = shown('means', axisOf(hold('means', all), { zero: false, maxTicks: 5 }));
  const lower = shown('residual', axisOf(hold('residual', symmetric(differences)), { zero: true, maxTicks: 4 }));
  const margin = tickMargin([yAxis, lower]);
  const box = { x: margin, y: TOP, width: width - margin - 8, height: VALUES };
  const below = { ...box, y: TOP + VALUES + GAP, height: RESIDUALS };
  const top = drawFrame({ box, xAxis, yAxis, palette, labelled: false });
  const bottom = drawFrame({ box: below, xAxis, yAxis: lower, palette, xLabel: 'theory ⟨f⟩', zero: palette.theory });
  const parts = [
    top.svg,
    bottom.svg,
    clipped(box, diagonal(xAxis, top, palette)),
    label(0, below.y - 9, `minus theory${exponentSuffix(lower, superscript)}`, { fill: palette.muted }),
    ...marks(scene, theory, { top, bottom }),
    chosen(scene, theory, { top, bottom }),
    key(scene, box),
  ];
  const x = { key: 'theory', name: 'mean of theory', axis: xAxis };
  return {
    width,
    height: TOP + VALUES + GAP + RESIDUALS + 42,
    svg: parts.join(''),
    sentence: describe(predictions),
    nearest: nearestIn(predictions, theory, { top, bottom }),
    frames: [
      { box, x, y: { key: 'means', name: 'mean', axis: yAxis } },
      { box: below, x, y: { key: 'residual', name: 'mean minus theory', axis: lower } },
    ],
    placeOf: (i) => ['theory', theory[i]],
  };
}

/** Where sampled means would be those of theory. */
function diagonal({ domain: [low, high] }: Axis, { x, y }: Frame, palette: Palette): Svg {
  const ends = [low, high].map((value) => [x(value), y(value)] as const);
  return lineMark(ends, { color: palette.theory });
}

/** Every test input in both frames, as far as it is in view. */
function marks({ predictions, palette }: PredictionScene, theory: Float64Array, { top, bottom }: Frames): Svg[] {
  const { sampled, stderr, infinite, sides } = predictions;
  const role = sides.sampled?.role ?? 'exact-sampling';
  const hollow = sides.sampled?.provisional === true;
  const placesIn = ({ x, y, box }: Frame, values: (i: number) => number) =>
    Array.from(theory, (mean, i) => [x(mean), y(values(i))] as const).filter((place) => isInside(box, place));
  const svg: Svg[] = [];
  if (infinite) {
    svg.push(
      crosses(
        placesIn(top, (i) => infinite[i]),
        palette.infiniteWidth,
      ),
    );
    svg.push(
      crosses(
        placesIn(bottom, (i) => infinite[i] - theory[i]),
        palette.infiniteWidth,
      ),
    );
  }
  if (!sampled) return svg;
  const left = (i: number) => sampled[i] - theory[i];
  const bars = [...(stderr ?? [])].flatMap((error, i) => {
    const x = bottom.x(theory[i]);
    const [low, high] = [left(i) - error, left(i) + error].map((value) => clamp(bottom.y(value), bottom.box));
    return error > 0 && isInside(bottom.box, [x, low]) && low !== high ? [[x, low, high] as const] : [];
  });
  svg.push(errorBars(bars, roleColor(role, palette)));
  svg.push(
    roleMarks(
      role,
      placesIn(top, (i) => sampled[i]),
      { palette, hollow, size: 4 },
    ),
  );
  svg.push(roleMarks(role, placesIn(bottom, left), { palette, hollow, size: 3.4 }));
  return svg;
}

/** Rings about the chosen input. */
function chosen({ predictions, palette, sample }: PredictionScene, theory: Float64Array, frames: Frames): Svg {
  if (sample === undefined || sample >= theory.length) return '';
  const at = predictions.sampled?.[sample] ?? theory[sample];
  const ring = { r: 7.5, fill: 'none', stroke: palette.text, 'stroke-width': 1.5 };
  const about = ({ x, y, box }: Frame, value: number) => {
    const [cx, cy] = [x(theory[sample]), y(value)];
    return isInside(box, [cx, cy]) ? tag('circle', { cx, cy, ...ring }) : '';
  };
  return about(frames.top, at) + about(frames.bottom, at - theory[sample]);
}

function nearestIn({ sampled, infinite }: Predictions, theory: Float64Array, { top, bottom }: Frames) {
  return ([px, py]: readonly [number, number]) => {
    const upper = py < TOP + VALUES + GAP / 2;
    return closest(theory.length, (i) => {
      const value = sampled?.[i] ?? infinite?.[i] ?? theory[i];
      const y = upper ? top.y(value) : bottom.y(value - theory[i]);
      return Math.hypot(top.x(theory[i]) - px, (y - py) / 2);
    });
  };
}

/** The index with the smallest distance. */
export function closest(count: number, distance: (index: number) => number): number | undefined {
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const here = distance(i);
    if (here >= least) continue;
    least = here;
    best = i;
  }
  return best;
}

function symmetric(values: readonly number[]): number[] {
  const most = Math.max(1e-12, ...values.map(Math.abs));
  return [-most, most];
}

/** Px that stay in a frame. */
export const clamp = (y: number, box: { readonly y: number; readonly height: number }): number =>
  Math.min(box.y + box.height, Math.max(box.y, y));

/** Names of the marks, in the empty corner above the diagonal. */
function key(
  { predictions, palette }: PredictionScene,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Svg {
  const { sampled, infinite, sides } = predictions;
  const role = sides.sampled?.role ?? 'exact-sampling';
  const lines: Svg[] = [];
  const put = (mark: (x: number, y: number) => Svg, text: string, fill: string) => {
    const y = box.y + 10 + 18 * lines.length;
    lines.push(mark(box.x + 10, y) + label(box.x + 20, y + 4, text, { fill, weight: 600, halo: palette.surface }));
  };
  if (sampled)
    put(
      (x, y) => roleMark(role, x, y, { palette, size: 4 }),
      role === 'gradient-descent' ? 'trained' : 'sampled',
      roleColor(role, palette),
    );
  if (infinite) put((x, y) => cross(x, y, palette.infiniteWidth), 'infinite width', palette.muted);
  const theory = label(box.x + box.width - 6, box.y + 0.5 * box.height, 'theory', {
    fill: palette.theory,
    weight: 600,
    anchor: 'end',
    halo: palette.surface,
  });
  return lines.join('') + theory;
}

function describe(predictions: Predictions): string {
  const summary = summaryOf(predictions);
  const count = `${predictions.count} test inputs`;
  if (!summary) return `Mean output of theory on ${count}; nothing is simulated yet.`;
  const outside =
    summary.withError > 0 ? ` ${summary.outside} of ${summary.withError} are beyond two standard errors.` : '';
  return `Simulated mean output against theory on ${count}: root mean square difference ${formatNumber(summary.rms, 2)}.${outside}`;
}
