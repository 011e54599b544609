import type { Frame, Series } from './figure.ts';
import { type Candidate, type LabelRequest, type Obstacle, placeLabels, type Rect } from './placement.ts';
import { textWidth } from './textWidth.ts';

/** Values to px. */
export interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

export interface PlacedLabel {
  readonly series: Series;
  readonly rect: Rect;
}

interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** Half of the largest mark and a little air. */
const MARK_RADIUS = 8;
const LINE_RADIUS = 3;
/** Between a label and the axis below. */
const AIR = 4;

/** Direct labels of a frame: beside what they name, clear of every mark, line, bar and other label. */
export function labelFrame(frame: Frame, scales: Scales, box: Rect, size: number): PlacedLabel[] {
  const drawn = frame.series.map((series) => pixelsOf(series, scales, box));
  const obstacles = frame.series.flatMap((series, owner) => obstaclesOf(series, drawn[owner], scales, box, owner));
  const requests = frame.series.map((series, i) => request(series, drawn[i], size));
  // The halo of a label would cut the axis below.
  const placed = placeLabels(requests, obstacles, { ...box, height: box.height - AIR });
  return frame.series.flatMap((series, i) => {
    const rect = placed[i];
    return rect ? [{ series, rect }] : [];
  });
}

/** Pieces of a series in px: unbroken lines, or each point by itself. */
function pixelsOf(series: Series, { x, y }: Scales, box: Rect): Pixel[][] {
  if (series.constant !== null) {
    return [[0, box.width].map((offset) => ({ x: box.x + offset, y: y(series.constant ?? 0) }))];
  }
  const pieces: Pixel[][] = [[]];
  for (const point of series.points) {
    if (point.value === null) pieces.push([]);
    else pieces[pieces.length - 1].push({ x: x(point.x), y: y(point.value) });
  }
  return pieces.filter((piece) => piece.length > 0);
}

const isLine = ({ role }: Series): boolean => role === 'theory' || role === 'infinite-width';

function obstaclesOf(series: Series, pieces: readonly Pixel[][], scales: Scales, box: Rect, owner: number): Obstacle[] {
  if (isLine(series)) {
    return pieces.flatMap((piece) => resample(piece, 4)).map((pixel) => ({ ...pixel, radius: LINE_RADIUS, owner }));
  }
  const marks = pieces.flat().map((pixel) => ({ ...pixel, radius: MARK_RADIUS, owner }));
  const clamp = (y: number) => Math.min(box.y + box.height, Math.max(box.y, y));
  const bars = series.points.flatMap(({ x, value, stderr }) => {
    if (value === null || stderr === null) return [];
    const ends = [value + stderr, value - stderr].map((end) => ({ x: scales.x(x), y: clamp(scales.y(end)) }));
    return resample(ends, 4).map((pixel) => ({ ...pixel, radius: 4, owner }));
  });
  return [...marks, ...bars];
}

/** Points at most `step` px apart along a polyline, its corners among them. */
function resample(line: readonly Pixel[], step: number): Pixel[] {
  const out: Pixel[] = line.slice(0, 1);
  for (let i = 1; i < line.length; i++) {
    const from = line[i - 1];
    const to = line[i];
    const parts = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / step));
    for (let k = 1; k <= parts; k++) {
      out.push({ x: from.x + ((to.x - from.x) * k) / parts, y: from.y + ((to.y - from.y) * k) / parts });
    }
  }
  return out;
}

function request(series: Series, pieces: readonly Pixel[][], size: number): LabelRequest {
  const width = textWidth(series.label, size, 600);
  if (series.label === '') return { width, height: size, candidates: [] };
  const height = size;
  const pixels = isLine(series) ? pieces.flatMap((piece) => resample(piece, 8)) : pieces.flat();
  // Theory is named where it begins, infinite width where finite widths end up.
  const preferred = series.role === 'infinite-width' ? 1 : 0.12;
  const candidates = pixels.flatMap((pixel, i) => {
    const along = pixels.length > 1 ? i / (pixels.length - 1) : 0;
    const base = isLine(series) ? 2 * Math.abs(along - preferred) : 0.4 * along;
    return around(pixel, width, height, isLine(series) ? LINE_RADIUS + 3 : MARK_RADIUS + 2, base);
  });
  return { width, height, candidates };
}

/** Eight places around a point: beside it first, then above and below. */
function around({ x, y }: Pixel, width: number, height: number, gap: number, base: number): Candidate[] {
  const right = x + gap;
  const left = x - gap - width;
  const above = y - gap - height;
  const below = y + gap;
  const near = 0.5 * gap;
  return [
    { x: right, y: y - height / 2, cost: base },
    { x: left, y: y - height / 2, cost: base + 0.1 },
    { x: x + near, y: above, cost: base + 0.05 },
    { x: x + near, y: below, cost: base + 0.15 },
    { x: x - near - width, y: above, cost: base + 0.2 },
    { x: x - near - width, y: below, cost: base + 0.2 },
    { x: x - width / 2, y: above, cost: base + 0.1 },
    { x: x - width / 2, y: below, cost: base + 0.2 },
  ];
}
