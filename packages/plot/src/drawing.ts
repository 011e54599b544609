import type { Figure } from './figure.ts';
import type { HeatMap } from './heatMap.ts';
import { renderFigure } from './renderFigure.ts';
import { renderHeatMap } from './renderHeatMap.ts';

/** Anything that can be drawn. */
export type Drawing = Figure | HeatMap;

/** Draws a figure or a heat map as one standalone SVG element. */
export function renderDrawing(drawing: Drawing, document: Document): SVGSVGElement {
  return drawing.format === 'ggdln-figure/1' ? renderFigure(drawing, document) : renderHeatMap(drawing, document);
}
