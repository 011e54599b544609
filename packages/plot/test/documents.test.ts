import { createTable } from '@ggdln/core';
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { type Drawing, FIGURE_WIDTHS, heatMap, renderDrawing, sweepFigure } from '../src/index.ts';
import { figureToSvg } from '../src/node/index.ts';
import { sampleOptions, sampleTable } from './sample.ts';

/** What a browser saves. */
function savedByBrowser(drawing: Drawing): string {
  const { window } = new JSDOM('');
  return new window.XMLSerializer().serializeToString(renderDrawing(drawing, window.document));
}

const words = {
  title: 'a < b > c & "d" \'e\' ]]> \u0000 \ud800 \u00a0 𝒩 é\u2028',
  subtitle: '',
  footer: '<!-- <![CDATA[ &amp; tab\tline\nreturn\r',
};
const sample = (options = {}) => sweepFigure(sampleTable(), { ...sampleOptions, ...options });
const grouped = () =>
  sweepFigure(
    createTable(
      sampleTable().rows.flatMap((row) => [
        { ...row, layers: 'L = 1 < 2' },
        { ...row, layers: 'L = "2"', value: Number(row.value) + 0.1 },
      ]),
    ),
    { ...sampleOptions, groupBy: 'layers' },
  );
const map = () =>
  heatMap({
    ...words,
    label: 'U & V',
    panels: [
      { title: '<1>', matrix: { rows: 2, cols: 2, data: Float64Array.of(1, -0.5, -0.5, 2) }, names: ['a&b', '"c"'] },
      { title: '', matrix: { rows: 1, cols: 3, data: Float64Array.of(0, 0, 0) } },
    ],
  });

describe('figureToSvg', () => {
  it.each<[string, () => Drawing]>([
    ...FIGURE_WIDTHS.flatMap((width) =>
      (['light', 'dark'] as const).map((theme): [string, () => Drawing] => [
        `a figure of ${width} px, ${theme}`,
        () => sample({ width, theme }),
      ]),
    ),
    ['groups', grouped],
    ['signs that XML escapes or has no way to write', () => sample(words)],
    ['a heat map', map],
  ])('writes what a browser does: %s', async (_, drawing) => {
    const text = await figureToSvg(drawing());
    expect(text).toBe(`<?xml version="1.0" encoding="UTF-8"?>\n${savedByBrowser(drawing())}\n`);
    expect(text.match(/xmlns/g)).toHaveLength(1);
  });
});
