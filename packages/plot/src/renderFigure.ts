import { drawResiduals, drawValues, type Pen } from './drawFrame.ts';
import type { Figure } from './figure.ts';
import { type LegendItem, layoutFigure, swatchWidth } from './layout.ts';
import { element, roundCoordinates, textElement } from './svg.ts';
import { fontFamily, roleStyles, type Theme, themes } from './theme.ts';

/**
 * Draws a figure as one standalone SVG element: text as text, `<title>` and `<desc>` for readers who don't see it, and
 * its spec as `<metadata>`. The same figure gives the same bytes.
 * @param document Of the page, of jsdom or of xmldom; nothing is added to it.
 */
export function renderFigure(figure: Figure, document: Document): SVGSVGElement {
  const theme = themes[figure.theme];
  const layout = layoutFigure(figure);
  const { height, sizes } = layout;
  const pen: Pen = { document, theme, size: sizes.text, height };
  const { padding } = sizes;
  const right = figure.width - padding;
  const svg = element(
    document,
    'svg',
    {
      width: figure.width,
      height,
      viewBox: `0 0 ${figure.width} ${height}`,
      role: 'img',
      'font-family': fontFamily,
      fill: theme.text,
    },
    [
      element(document, 'title', {}, [figure.title]),
      element(document, 'desc', {}, [figure.description]),
      element(document, 'metadata', {}, [JSON.stringify(figure.spec)]),
      element(document, 'rect', { width: '100%', height: '100%', fill: theme.surface }),
      ...layout.texts.filter(({ text }) => text !== '').map((item) => textElement(document, theme, item)),
      ...layout.frames.flatMap((frame) => [
        drawValues(frame, figure, pen),
        ...[drawResiduals(frame, figure, pen)].filter((group) => group !== null),
      ]),
      element(
        document,
        'g',
        { class: 'legend' },
        layout.legend.flatMap((item) => swatch(document, theme, item)),
      ),
      element(document, 'path', { d: `M${padding} ${layout.footerRule}H${right}`, stroke: theme.hair }),
    ],
  );
  roundCoordinates(svg);
  return svg;
}

/** A role's mark as the frames draw it, on a piece of its line or bar. */
function swatch(document: Document, theme: Theme, { role, group, color: name, x, y }: LegendItem): SVGElement[] {
  const color = theme[name];
  const width = swatchWidth(role);
  const middle = x + width / 2;
  const path = (d: string, attributes: Record<string, string | number>) =>
    element(document, 'path', { class: role, d, ...attributes });
  const bar = `M${middle} ${y - 7.5}v15M${middle - 3} ${y - 7.5}h6m-6 15h6`;
  const stroke = { fill: 'none', stroke: color };
  const filled = { fill: color, stroke: theme.surface, 'stroke-width': 1.25 };
  if (group) return [path(`M${x} ${y}h${width}`, { ...stroke, 'stroke-width': 5 })];
  switch (roleStyles[role].mark) {
    case 'line':
      return [path(`M${x} ${y}h${width}`, { ...stroke, 'stroke-width': 2 })];
    case 'dashed':
      return [path(`M${x} ${y}h${width}`, { ...stroke, 'stroke-width': 1.5, 'stroke-dasharray': '5 4' })];
    case 'diamond':
      return [path(`M${middle} ${y - 6.1}l6.1 6.1-6.1 6.1-6.1-6.1z`, { ...stroke, 'stroke-width': 1.75 })];
    case 'star':
      return [path(starAt(middle, y, 7), { ...filled, 'stroke-width': 1 })];
    case 'square':
      return [
        path(bar, { ...stroke, 'stroke-width': 1.5 }),
        path(`M${middle - 5.75} ${y - 5.75}h11.5v11.5h-11.5z`, filled),
      ];
    case 'circle':
      return [
        path(bar, { ...stroke, 'stroke-width': 1.5 }),
        path(`M${middle - 4.25} ${y}a4.25 4.25 0 1 0 8.5 0a4.25 4.25 0 1 0 -8.5 0z`, filled),
      ];
  }
}

/** A star of five points, as d3's symbol. */
function starAt(x: number, y: number, radius: number): string {
  const corners = Array.from({ length: 10 }, (_, i) => {
    const r = i % 2 === 0 ? radius : 0.382 * radius;
    const angle = (Math.PI * i) / 5;
    return `${(x + r * Math.sin(angle)).toFixed(2)} ${(y - r * Math.cos(angle)).toFixed(2)}`;
  });
  return `M${corners.join('L')}z`;
}
