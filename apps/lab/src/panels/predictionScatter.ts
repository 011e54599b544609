import { formatNumber, superscript } from '@ggdln/plot';
import { drawFrame, exponentSuffix, tickMargin } from '../charts/frame.ts';
import { cross, errorBar, lineMark, roleMark } from '../charts/marks.ts';
import type { Palette } from '../charts/palette.ts';
import { roleColor } from '../charts/palette.ts';
import { axisOf } from '../charts/scales.ts';
import { label, type Svg, tag } from '../charts/svg.ts';
import type { Predictions } from './prediction.ts';
import { summaryOf } from './prediction.ts';

/** A picture of predictions, and which test input is at a pixel of it. */
export interface PredictionPicture {
  readonly width: number;
  readonly height: number;
  readonly svg: Svg;
  readonly sentence: string;
  readonly nearest: (at: readonly [number, number]) => number | undefined;
}

/** What all kinds of pictures are drawn from. */
export interface PredictionScene {
  readonly predictions: Predictions;
  readonly palette: Palette;
  readonly width: number;
  readonly sample: number | undefined;
  /** For axes that only grow. @returns The ends to show. */
  readonly hold: (axis: string, values: readonly number[]) => readonly number[];
}

const TOP = 10;
const VALUES = 150;
const GAP = 32;
const RESIDUALS = 84;

/** Simulated means against those of theory, and below what is left when theory is subtracted. */
export function predictionScatter(scene: PredictionScene): PredictionPicture | undefined {
  const { predictions, palette, width, sample, hold } = scene;
  const { theory, sampled, stderr, infinite, sides } = predictions;
  if (!theory) return undefined;
  const all = [theory, sampled, infinite].flatMap((values) => (values ? [...values] : []));
  const xAxis = axisOf(hold('theory', [...theory]), { zero: false });
  const yAxis = axisOf(hold('means', all), { zero: false, maxTicks: 5 });
  const differences = [sampled, infinite].flatMap((values) =>
    values ? [...values].map((value, i) => value - theory[i]) : [],
  );
  const lower = axisOf(hold('residual', symmetric(differences)), { zero: true, maxTicks: 4 });
  const margin = tickMargin([yAxis, lower]);
  const box = { x: margin, y: TOP, width: width - margin - 8, height: VALUES };
  const top = drawFrame({ box, xAxis, yAxis, palette, labelled: false });
  const below = { ...box, y: TOP + VALUES + GAP, height: RESIDUALS };
  const bottom = drawFrame({ box: below, xAxis, yAxis: lower, palette, xLabel: 'theory ⟨f⟩', zero: palette.theory });
  const ends = xAxis.domain.map((value) => [top.x(value), clamp(top.y(value), box)] as const);
  const parts = [top.svg, bottom.svg, lineMark([ends[0], ends[1]], { color: palette.theory })];
  parts.push(label(0, below.y - 9, `minus theory${exponentSuffix(lower, superscript)}`, { fill: palette.muted }));
  const role = sides.sampled?.role ?? 'exact-sampling';
  const color = roleColor(role, palette);
  const hollow = sides.sampled?.provisional === true;
  for (let i = 0; i < theory.length; i++) {
    const x = top.x(theory[i]);
    if (infinite)
      parts.push(
        cross(x, top.y(infinite[i]), palette.infiniteWidth) +
          cross(x, bottom.y(infinite[i] - theory[i]), palette.infiniteWidth),
      );
    if (!sampled) continue;
    const left = sampled[i] - theory[i];
    const error = stderr?.[i] ?? 0;
    if (error > 0)
      parts.push(errorBar(x, clamp(bottom.y(left - error), below), clamp(bottom.y(left + error), below), color));
    parts.push(
      roleMark(role, x, top.y(sampled[i]), { palette, hollow, size: 4 }),
      roleMark(role, x, bottom.y(left), { palette, hollow, size: 3.4 }),
    );
  }
  if (sample !== undefined && sample < theory.length) {
    const x = top.x(theory[sample]);
    const ring = { r: 7.5, fill: 'none', stroke: palette.text, 'stroke-width': 1.5 };
    const at = sampled?.[sample] ?? theory[sample];
    parts.push(
      tag('circle', { cx: x, cy: top.y(at), ...ring }),
      tag('circle', { cx: x, cy: bottom.y(at - theory[sample]), ...ring }),
    );
  }
  parts.push(key(scene, box));
  const nearest = ([px, py]: readonly [number, number]) => {
    const upper = py < TOP + VALUES + GAP / 2;
    return closest(theory.length, (i) => {
      const value = sampled?.[i] ?? infinite?.[i] ?? theory[i];
      const y = upper ? top.y(value) : bottom.y(value - theory[i]);
      return Math.hypot(top.x(theory[i]) - px, (y - py) / 2);
    });
  };
  return {
    width,
    height: TOP + VALUES + GAP + RESIDUALS + 42,
    svg: parts.join(''),
    sentence: describe(predictions),
    nearest,
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

const clamp = (y: number, box: { readonly y: number; readonly height: number }): number =>
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
