import type { PanelEntry, RunView } from '@ggdln/core';
import { formatNumber, isSimulated } from '@ggdln/plot';
import { drawFrame, tickMargin } from '../charts/frame.ts';
import { lineMark } from '../charts/marks.ts';
import { type Palette, ramp } from '../charts/palette.ts';
import { createPlate } from '../charts/plate.ts';
import { axisOf } from '../charts/scales.ts';
import { clipped, escapeText, isInside, label, px, type Svg, tag } from '../charts/svg.ts';
import { append, mountPanel, type PanelHost, type Scene, setHtml } from './mountPanel.ts';
import { resultsOf, specValue } from './run.ts';
import { mountZoom, ZOOM_AND_PAN_KEYS, type Zoom } from './zoomControl.ts';

/** Where a second head keeps the first and where it loses it: load against rule similarity. */
export const multiHead: PanelEntry = {
  title: 'Phases of the second head',
  summary: 'Load against rule similarity: frozen (A), the head is reused (B), it is lost (C); where the run stands.',
  equation: 'continual/6',
  span: 3,
  accepts: (view) => view.arrays['phase diagram'] !== undefined,
  describe: () => 'λ → ∞; points: overlap c² of heads by HMC at the largest λ, darker for more',
  table(view) {
    const boundary = view.arrays['phase diagram'];
    if (!boundary) return [];
    return Array.from({ length: boundary.rows }, (_, i) => ({
      load: boundary.data[2 * i],
      'critical similarity': boundary.data[2 * i + 1],
    }));
  },
  mount: (element, context) => mountPanel(element, context, build),
};

const DEFAULT_LOAD = 3;
const HEIGHT = 230;

function loadOf(view: RunView): number {
  const given = specValue(view, 'study.load');
  return typeof given === 'number' ? given : DEFAULT_LOAD;
}

function build(host: PanelHost): (scene: Scene) => void {
  const plate = createPlate(host.document, { keys: ZOOM_AND_PAN_KEYS, className: 'scan' });
  const zoom = mountZoom(host, plate, { pans: true });
  const read = append(host.root, 'div', 'read lines');
  return ({ view, palette, width }) => {
    if (!view.arrays['phase diagram']) return;
    const said = numbers(view);
    const picture = draw(view, palette, width, zoom.axis);
    zoom.drew(picture.frames);
    plate.show({ ...picture, sentence: `${said.join('. ')}.` });
    setHtml(read, said.map((text) => `<span>${escapeText(text)}</span>`).join(''));
  };
}

function draw(view: RunView, palette: Palette, width: number, shown: Zoom['axis']) {
  const boundary = view.arrays['phase diagram'];
  const xAxis = shown('x', axisOf([0, 8], { zero: true }));
  const yAxis = shown('y', axisOf([0, 1], { zero: true }));
  const margin = tickMargin([yAxis]);
  const box = { x: margin, y: 14, width: width - margin - 12, height: HEIGHT };
  const { x, y, svg } = drawFrame({ box, xAxis, yAxis, palette, xLabel: 'load α = P/N' });
  const course = Array.from(
    { length: boundary.rows },
    (_, i) => [x(boundary.data[2 * i]), y(boundary.data[2 * i + 1])] as const,
  );
  const parts: Svg[] = [svg, clipped(box, lineMark([[x(1), y(1)], ...course], { color: palette.theory }))];
  const edge = { stroke: palette.muted, 'stroke-dasharray': '3 3', fill: 'none' };
  const transition = tag('path', { d: `M${px(x(1))} ${px(box.y)}V${px(box.y + HEIGHT)}`, ...edge });
  parts.push(clipped(box, transition));
  const names: readonly (readonly [number, number, string])[] = [
    [0.5, 0.5, 'A'],
    [5, 0.86, 'B: head reused'],
    [4.5, 0.3, 'C: head lost'],
  ];
  const style = { fill: palette.muted, anchor: 'middle' as const, weight: 600, halo: palette.surface };
  const inView = (at: number, value: number) => isInside(box, [x(at), y(value)]);
  const named = names.filter(([at, value]) => inView(at, value));
  parts.push(...named.map(([at, value, name]) => label(x(at), y(value), name, style)));
  const points = heads(view).filter(({ gamma }) => inView(loadOf(view), gamma));
  parts.push(
    ...points.map(({ gamma, overlap }) => {
      const fill = ramp(palette.sequential, overlap);
      return tag('circle', {
        cx: x(loadOf(view)),
        cy: y(gamma),
        r: 6,
        fill,
        stroke: palette.sampled,
        'stroke-width': '1.6',
      });
    }),
  );
  parts.push(label(box.x + 4, 10, 'rule similarity γ', { fill: palette.muted }));
  const axes = {
    x: { key: 'x', name: 'load α', axis: xAxis },
    y: { key: 'y', name: 'rule similarity γ', axis: yAxis },
  };
  return { width, height: box.y + HEIGHT + 42, svg: parts.join(''), frames: [{ box, ...axes }] };
}

/** Sampled overlaps of the last λ. */
function heads(view: RunView): { readonly gamma: number; readonly overlap: number }[] {
  const own = resultsOf(view).filter(({ metric, role }) => metric === 'overlap' && isSimulated(role));
  const last = own[own.length - 1]?.group;
  return own.flatMap(({ x, value, group }) => (group === last && x !== null ? [{ gamma: x, overlap: value }] : []));
}

function numbers(view: RunView): string[] {
  const { diagnostics } = view;
  const critical = diagnostics['critical similarity α^(−1/4)'];
  const below = diagnostics['d ln u/d ln λ at half the critical similarity'];
  const above = diagnostics['d ln u/d ln λ halfway above it'];
  return [
    critical
      ? `At α = ${formatNumber(loadOf(view), 3)} the old head is kept above γ = ${formatNumber(critical.value, 3)}`
      : `At α = ${formatNumber(loadOf(view), 3)} old features interpolate: no transition`,
    below && above
      ? `Size of the head ∝ λ^${formatNumber(below.value, 2)} below it, λ^${formatNumber(above.value, 2)} above`
      : '',
  ].filter((text) => text !== '');
}
