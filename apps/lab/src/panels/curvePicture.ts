import type { RunView } from '@ggdln/core';
import { superscript, textWidth } from '@ggdln/plot';
import { drawCurves } from '../charts/curveFrame.ts';
import { exponentSuffix, tickMargin } from '../charts/frame.ts';
import type { Palette } from '../charts/palette.ts';
import { scaleOf } from '../charts/scales.ts';
import { label, type Svg } from '../charts/svg.ts';
import type { ZoomFrame } from '../charts/zoom.ts';
import type { CurveFigure } from './curveFigure.ts';
import { placesOf, provisionalPlaces, xOf } from './run.ts';

/** What curves are drawn for. */
export interface CurveScene {
  readonly view: RunView;
  readonly palette: Palette;
  readonly width: number;
  readonly selected: number | undefined;
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly svg: Svg;
  readonly sentence: string;
  readonly frames: readonly ZoomFrame[];
  /** The place of the axis that is nearest to a pixel. */
  readonly nearest: (at: readonly [number, number]) => number | undefined;
}

const GUTTER = 28;
const TOP = 28;
const BOTTOM = 42;
const GAP = 34;

/** All frames of a figure: two side by side where there is room, further ones below. */
export function curvePicture(figure: CurveFigure, scene: CurveScene): Picture {
  const columns = figure.frames.length > 1 && scene.width >= 520 ? 2 : 1;
  const cell = (scene.width - (columns - 1) * GUTTER) / columns;
  const heights = frameHeights(cell, figure);
  const rowHeight = TOP + heights.values + (heights.residual > 0 ? GAP + heights.residual : 0) + BOTTOM;
  const margin = tickMargin(figure.frames.flatMap(({ y, residual }) => (residual ? [y, residual] : [y])));
  const boxes = figure.frames.map((_, i) => {
    const x = (i % columns) * (cell + GUTTER) + margin;
    return { x, y: Math.floor(i / columns) * rowHeight + TOP, width: cell - margin - 10, height: heights.values };
  });
  const provisional = provisionalPlaces(scene.view);
  const failed = failedPlaces(scene.view);
  const frames: ZoomFrame[] = [];
  const svg = figure.frames.map(({ frame, y, residual }, i) => {
    const values = residual ? boxes[i] : { ...boxes[i], height: rowHeight - TOP - BOTTOM };
    const below = { ...values, y: values.y + values.height + GAP, height: heights.residual };
    const x = { key: 'x', name: figure.xLabel, axis: figure.x };
    frames.push({ box: values, x, y: { key: `${frame.metric} y`, name: frame.title, axis: y } });
    if (residual) {
      const name = `${frame.title}, simulation minus theory,`;
      frames.push({ box: below, x, y: { key: `${frame.metric} residual`, name, axis: residual } });
    }
    const { palette, selected } = scene;
    const curves = drawCurves({
      ...{ frame, xAxis: figure.x, yAxis: y, xLabel: figure.xLabel, values, palette, selected, provisional, failed },
      residual: residual ? { box: below, axis: residual } : null,
    });
    const titles = titlesOf(frame, exponentSuffix(y, superscript), values, margin, palette);
    const muted = { fill: palette.muted };
    const lower = residual
      ? label(values.x - margin, below.y - 10, `${plainResidual(frame)}${exponentSuffix(residual, superscript)}`, muted)
      : '';
    return titles + curves + lower;
  });
  const height = Math.ceil(figure.frames.length / columns) * rowHeight;
  const nearest = nearestPlace(figure, boxes, placesOf(scene.view));
  return { width: scene.width, height, svg: svg.join(''), sentence: figure.description, frames, nearest };
}

function frameHeights(cell: number, { frames }: CurveFigure): { values: number; residual: number } {
  const many = frames.length > 2;
  const values = Math.round(Math.min(many ? 170 : 300, Math.max(many ? 130 : 196, 0.62 * cell)));
  return { values, residual: frames.some(({ residual }) => residual) ? (many ? 60 : 80) : 0 };
}

function titlesOf(
  frame: CurveFigure['frames'][number]['frame'],
  suffix: string,
  box: { readonly x: number; readonly y: number; readonly width: number },
  margin: number,
  palette: Palette,
): Svg {
  const left = box.x - margin;
  const title = label(left, box.y - 15, frame.title, { fill: palette.text, weight: 600 });
  const note = `${frame.note}${suffix}`;
  const room = box.width + margin - textWidth(frame.title, 12, 600) - 12;
  const opposite = textWidth(note, 12) <= room ? note : suffix;
  return title + label(box.x + box.width, box.y - 15, opposite, { fill: palette.muted, anchor: 'end' });
}

const plainResidual = ({ residual }: CurveFigure['frames'][number]['frame']): string =>
  residual?.title.split(' (×')[0] ?? '';

function nearestPlace(figure: CurveFigure, boxes: readonly { x: number; width: number }[], places: readonly number[]) {
  return ([px]: readonly [number, number]): number | undefined => {
    const box = boxes.find(({ x, width }) => px >= x - 12 && px <= x + width + 12);
    if (!box) return undefined;
    const x = scaleOf(figure.x, box.x, box.x + box.width);
    let best: number | undefined;
    for (const place of places) {
      if (best === undefined || Math.abs(x(place) - px) < Math.abs(x(best) - px)) best = place;
    }
    return best;
  };
}

/** Points that stopped before they were finished. */
function failedPlaces(view: RunView): (source: string, x: number | null) => boolean {
  const keys = new Set(
    view.points
      .filter(({ status }) => status === 'failed')
      .map((point) => `${point.source}\n${xOf(point, view) ?? ''}`),
  );
  return (source, x) => keys.has(`${source}\n${x ?? ''}`);
}
