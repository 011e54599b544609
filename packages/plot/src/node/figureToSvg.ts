import { GgdlnError } from '@ggdln/core';
import { type Drawing, renderDrawing } from '../drawing.ts';

/**
 * A figure as the text of an SVG file. Loads jsdom on the first call.
 * @throws GGDLN_BACKEND if jsdom can't be loaded.
 */
export async function figureToSvg(figure: Drawing): Promise<string> {
  const { JSDOM } = await loadJsdom();
  const { window } = new JSDOM('');
  try {
    const svg = renderDrawing(figure, window.document);
    return `<?xml version="1.0" encoding="UTF-8"?>\n${new window.XMLSerializer().serializeToString(svg)}\n`;
  } finally {
    window.close();
  }
}

async function loadJsdom(): Promise<typeof import('jsdom')> {
  try {
    return await import('jsdom');
  } catch (cause) {
    throw new GgdlnError({
      code: 'GGDLN_BACKEND',
      where: '@ggdln/plot figureToSvg',
      problem: 'jsdom could not be loaded',
      remedy: 'Install this package again, or draw with renderFigure in a browser',
      cause,
    });
  }
}
