import { blend } from './blend.ts';
import { formatFixed, formatNumber } from './format.ts';
import type { HeatMap, HeatMapPanel } from './heatMap.ts';
import { type TextItem, textSizes, wrappedText } from './layout.ts';
import { element, roundCoordinates, textElement } from './svg.ts';
import { textWidth } from './textWidth.ts';
import { fontFamily, type Theme, themes } from './theme.ts';

/** The parts of a drawing, collected from the top down. */
interface Sheet {
  readonly document: Document;
  readonly theme: Theme;
  readonly map: HeatMap;
  readonly nodes: SVGElement[];
  readonly texts: TextItem[];
}

/**
 * Draws a heat map as one standalone SVG element, like `renderFigure`.
 * @param document Of the page, of jsdom or of xmldom; nothing is added to it.
 */
export function renderHeatMap(map: HeatMap, document: Document): SVGSVGElement {
  const theme = themes[map.theme];
  const sheet: Sheet = { document, theme, map, nodes: [], texts: [] };
  const { padding, title, text } = textSizes(map.width);
  let y = wrappedText(sheet.texts, map.width, map.title, padding, { size: title, bold: true, color: 'text' });
  y = wrappedText(sheet.texts, map.width, map.subtitle, y + 2, { size: text + 1, color: 'muted' });
  y = drawPanels(sheet, y + text * 1.2);
  y = drawColorBar(sheet, y + text * 1.6);
  y = wrappedText(sheet.texts, map.width, map.caption, y + 8, { size: text, color: 'muted' });
  const rule = Math.round(y + text) + 0.5;
  const footer = { size: Math.max(12, text - 2), color: 'muted' as const };
  y = wrappedText(sheet.texts, map.width, map.footer, rule + 4, footer);
  const height = Math.ceil(y + padding * 0.75);
  const size = { width: map.width, height, viewBox: `0 0 ${map.width} ${height}` };
  const svg = element(document, 'svg', { ...size, role: 'img', 'font-family': fontFamily, fill: theme.text }, [
    element(document, 'title', {}, [map.title]),
    element(document, 'desc', {}, [map.description]),
    element(document, 'metadata', {}, [JSON.stringify(map.spec)]),
    element(document, 'rect', { width: '100%', height: '100%', fill: theme.surface }),
    ...sheet.nodes,
    ...sheet.texts.filter((item) => item.text !== '').map((item) => textElement(document, theme, item)),
    element(document, 'path', { d: `M${padding} ${rule}H${map.width - padding}`, stroke: theme.hair }),
  ]);
  roundCoordinates(svg);
  return svg;
}

/** As many panels a row as have room for 150 px each; returns where the last row ends. */
function drawPanels(sheet: Sheet, top: number): number {
  const { map } = sheet;
  const { padding, gutter, text } = textSizes(map.width);
  const names = map.panels.flatMap((panel) => panel.names);
  const margin = names.length === 0 ? 0 : Math.ceil(Math.max(...names.map((name) => textWidth(name, text)))) + 8;
  const gap = Math.max(gutter, 16);
  const available = map.width - 2 * padding;
  const columns = Math.max(
    1,
    Math.min(map.columns, map.panels.length, Math.floor((available + gap) / (150 + margin + gap))),
  );
  const size = Math.min(300, (available - (columns - 1) * gap) / columns - margin);
  let y = top;
  for (let first = 0; first < map.panels.length; first += columns) {
    const row = map.panels.slice(first, first + columns);
    const heights = row.map((panel, i) =>
      drawPanel(sheet, panel, { x: padding + i * (size + margin + gap), y, size, margin }),
    );
    y = Math.max(...heights) + text;
  }
  return y - text;
}

/** Cells reach under the next ones, which are drawn later: rounded coordinates would leave white seams. */
const SEAM = 0.2;

function drawPanel(
  { document, theme, map, nodes, texts }: Sheet,
  panel: HeatMapPanel,
  place: { readonly x: number; readonly y: number; readonly size: number; readonly margin: number },
): number {
  const { frameTitle, text } = textSizes(map.width);
  const left = place.x + place.margin;
  texts.push({ x: left, y: place.y + frameTitle, text: panel.title, size: frameTitle, bold: true, color: 'text' });
  texts.push({ x: left, y: place.y + frameTitle + text * 1.4, text: panel.note, size: text, color: 'muted' });
  const top = place.y + frameTitle + text * (map.panels.some(({ note }) => note !== '') ? 2.1 : 0.8);
  const cell = place.size / Math.max(panel.rows, panel.cols);
  const decimals = panel.values.every(Number.isInteger) ? 0 : 2;
  const cells = panel.values.map((value, at) => {
    const [i, j] = [Math.floor(at / panel.cols), at % panel.cols];
    const share = value / map.scale.limit;
    if (cell >= 34) {
      const color = Math.abs(share) > 0.8 ? 'surface' : 'text';
      const spot = { x: left + (j + 0.5) * cell, y: top + (i + 0.5) * cell + text * 0.36, anchor: 'middle' as const };
      texts.push({ ...spot, text: formatFixed(value, decimals), size: text, color });
    }
    const box = {
      x: left + j * cell,
      y: top + i * cell,
      width: cell + (j + 1 < panel.cols ? SEAM : 0),
      height: cell + (i + 1 < panel.rows ? SEAM : 0),
    };
    return element(document, 'rect', { ...box, fill: shade(share, theme), 'shape-rendering': 'crispEdges' });
  });
  nodes.push(element(document, 'g', { class: 'cells' }, cells));
  const frame = { x: left, y: top, width: cell * panel.cols, height: cell * panel.rows };
  nodes.push(element(document, 'rect', { ...frame, fill: 'none', stroke: theme.border }));
  drawOverlay({ document, theme, map, nodes, texts }, panel, { left, top, cell });
  const bottom = top + frame.height;
  panel.names.forEach((name, i) => {
    const y = top + (i + 0.5) * cell + text * 0.36;
    texts.push({ x: left - 6, y, text: name, size: text, color: 'muted', anchor: 'end' });
  });
  panel.columnNames.forEach((name, j) => {
    const x = left + (j + 0.5) * cell;
    texts.push({ x, y: bottom + text * 1.3, text: name, size: text, color: 'muted', anchor: 'middle' });
  });
  return bottom + (panel.columnNames.length > 0 ? text * 1.5 : 0);
}

function drawOverlay(
  { document, theme, map, nodes, texts }: Sheet,
  { cols, values, overlay }: HeatMapPanel,
  { left, top, cell }: { readonly left: number; readonly top: number; readonly cell: number },
): void {
  const { text } = textSizes(map.width);
  const line = (overlay.line ?? []).map(([column, row]) => `${left + column * cell} ${top + row * cell}`);
  if (line.length > 0) {
    const path = { d: `M${line.join('L')}`, fill: 'none', 'stroke-linejoin': 'round' };
    // The lower one sets the line off from dark cells.
    nodes.push(element(document, 'path', { ...path, stroke: theme.surface, 'stroke-width': 5 }));
    nodes.push(element(document, 'path', { ...path, stroke: theme.text, 'stroke-width': 2 }));
  }
  for (const { at, text: label } of overlay.labels ?? []) {
    const [column, row] = at;
    const value = values[Math.floor(row) * cols + Math.floor(column)] ?? 0;
    const color = Math.abs(value) > 0.5 * map.scale.limit ? 'surface' : 'text';
    const spot = { x: left + column * cell, y: top + row * cell + text * 0.36, anchor: 'middle' as const };
    texts.push({ ...spot, text: label, size: text + 2, bold: true, color });
  }
}

/** The scale with its ends and zero, and what it means. */
function drawColorBar({ document, theme, map, nodes, texts }: Sheet, top: number): number {
  const { padding, text } = textSizes(map.width);
  const { limit, signed, label } = map.scale;
  const [steps, width, height] = [60, 240, 12];
  const low = signed ? -1 : 0;
  for (let k = 0; k < steps; k++) {
    const share = low + ((1 - low) * (k + 0.5)) / steps;
    const box = { x: padding + (k * width) / steps, y: top, width: width / steps + SEAM, height };
    nodes.push(element(document, 'rect', { ...box, fill: shade(share, theme), 'shape-rendering': 'crispEdges' }));
  }
  nodes.push(element(document, 'rect', { x: padding, y: top, width, height, fill: 'none', stroke: theme.border }));
  const ticks = signed ? [-limit, 0, limit] : [0, limit];
  for (const tick of ticks) {
    const x = padding + ((tick / limit - low) / (1 - low)) * width;
    const anchor = tick === ticks[0] ? 'start' : tick === limit ? 'end' : 'middle';
    texts.push({ x, y: top + height + text * 1.2, text: formatNumber(tick, 2), size: text, color: 'muted', anchor });
  }
  texts.push({ x: padding + width + 14, y: top + height - 1, text: label, size: text, color: 'muted' });
  return top + height + text * 1.5;
}

/** From the surface at 0 to the colour of theory at 1 and of sampling at −1. */
function shade(share: number, theme: Theme): string {
  return blend(theme.surface, share >= 0 ? theme.theory : theme.sampled, Math.min(1, Math.abs(share)));
}
