import { describe, expect, it } from 'vitest';
import { sweepFigure } from '../src/index.ts';
import { figureToPng, figureToSvg } from '../src/node/index.ts';
import { sampleOptions, sampleTable } from './sample.ts';

const glyph = (text: string, weight: number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30"><text x="5" y="22" font-family="Inter, system-ui" font-size="20" font-weight="${weight}">${text}</text></svg>`;

describe('figureToPng', () => {
  it('is a PNG of twice the width', async () => {
    const svg = await figureToSvg(sweepFigure(sampleTable(), { ...sampleOptions, width: 340 }));
    const png = await figureToPng(svg);
    expect([...png.slice(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const header = new DataView(png.buffer, png.byteOffset);
    expect(header.getUint32(16)).toBe(680);
    expect(header.getUint32(20)).toBe(2 * Number(svg.match(/ height="(\d+)"/)?.[1]));
    const small = await figureToPng(svg, { scale: 1 });
    expect(new DataView(small.buffer, small.byteOffset).getUint32(16)).toBe(340);
  });

  it.each([400, 600])('has glyphs for every sign that figures write, in weight %i', async (weight) => {
    const empty = Buffer.from(await figureToPng(glyph(' ', weight)));
    for (const sign of 'aZ0σαμλγηΦ−×±≥≤⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀·½√') {
      const drawn = Buffer.from(await figureToPng(glyph(sign, weight)));
      expect(drawn.equals(empty), sign).toBe(false);
    }
  });

  it('has two weights', async () => {
    const [regular, bold] = await Promise.all([400, 600].map((weight) => figureToPng(glyph('a', weight))));
    expect(Buffer.from(regular).equals(Buffer.from(bold))).toBe(false);
  });

  it('refuses a scale out of range and text that is not an SVG', async () => {
    await expect(figureToPng('<svg/>', { scale: 0 })).rejects.toThrow(/scale is 0\. Give a number from 0\.5 to 8/);
    await expect(figureToPng('not a figure')).rejects.toThrow(/the SVG can't be drawn.*figureToSvg/);
  });
});
