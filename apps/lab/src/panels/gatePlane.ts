import type { Matrix } from '@ggdln/core';
import { faint, type Palette } from '../charts/palette.ts';
import { label, pathThrough, px, type Svg, tag } from '../charts/svg.ts';
import { type HalfPlane, openTogether } from './gateModel.ts';
import { type PlaneWindow, planeScales } from './predictionField.ts';

/** A plane with its lines, as it was drawn last. */
export interface PlaneScene {
  readonly planes: readonly HalfPlane[];
  /** Which plane is chosen: keys act on it, and it has the handles. */
  readonly chosen: number | undefined;
  /** All that are pointed at, e.g. the row and the column of a cell of U: the inputs that pass them all are outlined. */
  readonly selected: readonly number[];
  readonly editable: boolean;
  readonly X: Matrix;
  readonly Y: Matrix;
  readonly window: PlaneWindow;
  readonly size: number;
  readonly palette: Palette;
}

/** A handle: where it is in px, and what moving it does. */
export interface Handle {
  readonly plane: number;
  readonly kind: 'threshold' | 'angle';
  readonly x: number;
  readonly y: number;
}

interface Ends {
  readonly middle: readonly [number, number];
  readonly normal: readonly [number, number];
}

/** The middle of a line and the end of its normal, as points of the plane. */
function endsOf({ angle, threshold }: HalfPlane, { low, side }: PlaneWindow): Ends {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  // The point of the line nearest to the middle of the window, so that handles stay in view.
  const [cx, cy] = [low[0] + side / 2, low[1] + side / 2];
  const away = threshold - cx * cos - cy * sin;
  const middle = [cx + away * cos, cy + away * sin] as const;
  const reach = 0.17 * side;
  return { middle, normal: [middle[0] + reach * cos, middle[1] + reach * sin] };
}

/** Where the handles of the chosen plane are. */
export function handlesOf({ planes, chosen, editable, window, size }: PlaneScene): Handle[] {
  const plane = chosen === undefined ? undefined : planes[chosen];
  if (!plane || chosen === undefined || !editable) return [];
  const { x, y } = planeScales(window, { x: 0, y: 0, size });
  const { middle, normal } = endsOf(plane, window);
  return [
    { plane: chosen, kind: 'angle', x: x(normal[0]), y: y(normal[1]) },
    { plane: chosen, kind: 'threshold', x: x(middle[0]), y: y(middle[1]) },
  ];
}

/** The plane whose line is nearest to a pixel, and how far it is. */
export function nearestPlane(
  { planes, window, size }: PlaneScene,
  at: readonly [number, number],
): { plane: number; distance: number } | undefined {
  const [u, v] = pointAt(window, size, at);
  let best: { plane: number; distance: number } | undefined;
  planes.forEach(({ angle, threshold }, plane) => {
    const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    const distance = (Math.abs(u * cos + v * sin - threshold) / window.side) * size;
    if (best === undefined || distance < best.distance) best = { plane, distance };
  });
  return best;
}

/** The point of the plane at a pixel. */
export function pointAt(
  { low, side }: PlaneWindow,
  size: number,
  [px, py]: readonly [number, number],
): readonly [number, number] {
  return [low[0] + (px / size) * side, low[1] + (1 - py / size) * side];
}

/** A plane after its handle was moved to a pixel. */
export function movedPlane(
  plane: HalfPlane,
  kind: Handle['kind'],
  { window, size }: PlaneScene,
  at: readonly [number, number],
): HalfPlane {
  const [u, v] = pointAt(window, size, at);
  if (kind === 'threshold') {
    const angle = (plane.angle * Math.PI) / 180;
    return { angle: plane.angle, threshold: u * Math.cos(angle) + v * Math.sin(angle) };
  }
  const { middle } = endsOf(plane, window);
  const angle = Math.atan2(v - middle[1], u - middle[0]);
  // The line turns about its middle handle.
  return { angle: (angle * 180) / Math.PI, threshold: middle[0] * Math.cos(angle) + middle[1] * Math.sin(angle) };
}

/** Half-planes over the data: the open side tinted, the chosen line with its handles. */
export function planePicture(scene: PlaneScene): Svg {
  const { planes, selected, size, palette, window } = scene;
  const id = `plane-${Math.round(size)}`;
  const scales = planeScales(window, { x: 0, y: 0, size });
  const clip = tag('clipPath', { id }, tag('rect', { width: size, height: size, rx: 6 }));
  const parts = [tag('rect', { width: size, height: size, rx: 6, fill: palette.sunken })];
  parts.push(...planes.map((plane, m) => sideOf(plane, scene, selected.includes(m))));
  parts.push(points(scene));
  planes.forEach((plane, m) => {
    const { middle } = endsOf(plane, window);
    const along = 0.3 * window.side * (m % 2 === 0 ? 1 : -1);
    const angle = (plane.angle * Math.PI) / 180;
    const [x, y] = [scales.x(middle[0] - along * Math.sin(angle)), scales.y(middle[1] + along * Math.cos(angle))];
    parts.push(label(x + 6, y - 6, String(m + 1), { fill: palette.text, weight: 600, halo: palette.surface }));
  });
  const [angle, threshold] = handlesOf(scene);
  if (angle && threshold) {
    const look = { fill: palette.surface, stroke: palette.accent, 'stroke-width': 2 };
    const arm = `M${px(threshold.x)} ${px(threshold.y)}L${px(angle.x)} ${px(angle.y)}`;
    parts.push(tag('path', { d: arm, stroke: palette.accent, 'stroke-width': 2 }));
    parts.push(
      tag('circle', { cx: threshold.x, cy: threshold.y, r: 8, ...look }),
      tag('circle', { cx: angle.x, cy: angle.y, r: 6, ...look }),
    );
  }
  return clip + tag('g', { 'clip-path': `url(#${id})` }, ...parts);
}

function sideOf(plane: HalfPlane, { window, size, palette }: PlaneScene, chosen: boolean): Svg {
  const { x, y } = planeScales(window, { x: 0, y: 0, size });
  const angle = (plane.angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const { middle } = endsOf(plane, window);
  const far = 2 * window.side;
  const corner = (along: number, out: number) =>
    [x(middle[0] - along * sin + out * cos), y(middle[1] + along * cos + out * sin)] as const;
  const open = `${pathThrough([corner(-far, 0), corner(far, 0), corner(far, far), corner(-far, far)])}Z`;
  const line = pathThrough([corner(-far, 0), corner(far, 0)]);
  const color = chosen ? palette.accent : palette.text;
  return (
    tag('path', { d: open, fill: faint(palette.accent, 0.12) }) +
    tag('path', { d: line, stroke: color, 'stroke-width': chosen ? 2.5 : 1.75 })
  );
}

/** Inputs by the sign of their target; those at which all the selected gates are open are outlined. */
function points({ X, Y, planes, selected, window, size, palette }: PlaneScene): Svg {
  const { x, y } = planeScales(window, { x: 0, y: 0, size });
  const asked = selected.flatMap((plane) => planes[plane] ?? []);
  const open = asked.length > 0 ? openTogether(X, asked) : [];
  let svg = '';
  for (let i = 0; i < X.rows; i++) {
    const place = { cx: x(X.data[2 * i]), cy: y(X.data[2 * i + 1]) };
    const positive = Y.data[i * Y.cols] > 0;
    const stroke = open[i] ? palette.accent : palette.text;
    const look = positive ? { fill: stroke, stroke: palette.surface } : { fill: palette.surface, stroke };
    svg += tag('circle', { ...place, r: positive ? 3.6 : 3.1, 'stroke-width': positive ? 1 : 1.5, ...look });
    if (open[i]) svg += tag('circle', { ...place, r: 6, fill: 'none', stroke: palette.accent, 'stroke-width': 1.5 });
  }
  return svg;
}
