import type { PanelContext, PanelEntry, Plugin, PointView, Row, RunView } from '@ggdln/core';

const SVG = 'http://www.w3.org/2000/svg';
const [WIDTH, HEIGHT, MARGIN] = [420, 220, 32];

interface Dot {
  readonly source: string;
  readonly x: number;
  readonly y: number;
  readonly theory: boolean;
}

/** What is drawn: the first metric of every finished point against the place among all points of its source. */
function dotsOf({ points, metrics }: RunView): Dot[] {
  const [frame] = metrics;
  return points.flatMap((point) => {
    const found = point.metrics.find(({ metric }) => metric === frame?.metric);
    return found ? [{ source: point.source, x: placeOf(point, points), y: found.value, theory: isTheory(point) }] : [];
  });
}

const isTheory = ({ role }: PointView) => role === 'theory' || role === 'infinite-width';

function placeOf(point: PointView, points: readonly PointView[]): number {
  return points.filter(({ source }) => source === point.source).indexOf(point);
}

/** The same numbers for those who read rather than look. */
function table(view: RunView): Row[] {
  return dotsOf(view).map(({ source, x, y }) => ({ source, point: x, value: y }));
}

/** Draws into the element and follows the run; what it returns undoes that. */
function mount(element: HTMLElement, { view, theme }: PanelContext): () => void {
  const draw = () => {
    element.replaceChildren(picture(element.ownerDocument, dotsOf(view.get()), theme.get()));
  };
  draw();
  const ends = [view.subscribe(draw), theme.subscribe(draw)];
  return () => {
    for (const end of ends) end();
  };
}

function picture(document: Document, dots: readonly Dot[], theme: 'light' | 'dark'): SVGElement {
  const make = (name: string, attributes: Readonly<Record<string, string | number>>) => {
    const node = document.createElementNS(SVG, name) as SVGElement;
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
    return node;
  };
  const svg = make('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `${dots.length} points` });
  const ink = theme === 'dark' ? '#e8e8e8' : '#202020';
  const last = Math.max(1, ...dots.map(({ x }) => x));
  const top = Math.max(...dots.map(({ y }) => y), Number.MIN_VALUE);
  for (const { x, y, theory, source } of dots) {
    const place = {
      cx: MARGIN + (x / last) * (WIDTH - 2 * MARGIN),
      cy: HEIGHT - MARGIN - (Math.max(0, y) / top) * (HEIGHT - 2 * MARGIN),
      r: 4,
    };
    const circle = make('circle', { ...place, stroke: ink, fill: theory ? 'none' : ink });
    const title = make('title', {});
    title.textContent = `${source}: ${y}`;
    circle.append(title);
    svg.append(circle);
  }
  return svg;
}

const entry: PanelEntry = {
  title: 'Template title',
  summary: 'The first metric of every point: theory open, learners filled.',
  span: 3,
  accepts: (view) => dotsOf(view).length > 0,
  table,
  mount: (element, context) => mount(element as HTMLElement, context),
};

export const plugin: Plugin = {
  name: 'ggdln-plugin-template',
  contract: '1.0.0',
  panel: { 'template-entry': entry },
};
