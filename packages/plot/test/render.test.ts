import { createTable } from '@ggdln/core';
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { FIGURE_WIDTHS, type Figure, sweepFigure, themes } from '../src/index.ts';
import { figureToSvg } from '../src/node/index.ts';
import { distance, overlaps, type Rect } from '../src/placement.ts';
import { textWidth } from '../src/textWidth.ts';
import { sampleOptions, sampleTable } from './sample.ts';

async function draw(figure: Figure): Promise<{ text: string; svg: Element; all: (selector: string) => Element[] }> {
  const text = await figureToSvg(figure);
  const svg = new JSDOM(text, { contentType: 'image/svg+xml' }).window.document.documentElement;
  return { text, svg, all: (selector) => [...svg.querySelectorAll(selector)] };
}

const sample = (options = {}) => sweepFigure(sampleTable(), { ...sampleOptions, ...options });
const numberOf = (node: Element, name: string) => Number(node.getAttribute(name));

/** Where a mark sits: circles by their centre, symbols by their transform. */
function centre(mark: Element): { x: number; y: number } {
  if (mark.tagName === 'circle') return { x: numberOf(mark, 'cx'), y: numberOf(mark, 'cy') };
  const [x, y] = (mark.getAttribute('transform') ?? '').match(/-?[\d.]+/g) ?? [];
  return { x: Number(x), y: Number(y) };
}

function labelRect(label: Element): Rect {
  const size = numberOf(label, 'font-size');
  const width = textWidth(label.textContent ?? '', size, 600);
  return { x: numberOf(label, 'x'), y: numberOf(label, 'y') - 0.86 * size, width, height: size };
}

/** Corners of a drawn path in px. */
function vertices(path: Element): { x: number; y: number }[] {
  const numbers = (path.getAttribute('d') ?? '').match(/-?[\d.]+/g)?.map(Number) ?? [];
  return numbers.flatMap((x, i) => (i % 2 === 0 ? [{ x, y: numbers[i + 1] }] : []));
}

describe.each(FIGURE_WIDTHS)('a figure %i px wide', (width) => {
  it.each(['light', 'dark'] as const)('has every role with its mark and colour (%s)', async (theme) => {
    const { svg, all } = await draw(sample({ width, theme }));
    const { theory, sampled, gradientDescent, infiniteWidth, surface } = themes[theme];
    expect(numberOf(svg, 'width')).toBe(width);
    expect(svg.querySelector('rect')?.getAttribute('fill')).toBe(surface);
    const [line, secondLine] = all('.values .mark.theory');
    expect(line.getAttribute('stroke')).toBe(theory);
    expect(line.getAttribute('stroke-width')).toBe('2');
    expect(secondLine.querySelectorAll('path')).toHaveLength(1);
    const dashed = all('.values .mark.infinite-width')[0];
    expect(dashed.getAttribute('stroke')).toBe(infiniteWidth);
    expect([dashed.getAttribute('stroke-width'), dashed.getAttribute('stroke-dasharray')]).toEqual(['1.5', '5 4']);
    expect(all('.values .mark.exact-sampling circle')).toHaveLength(10);
    expect(all('.values .mark.exact-sampling').map((g) => g.getAttribute('fill'))).toEqual([sampled, sampled]);
    expect(all('.values .mark.langevin path')).toHaveLength(4);
    expect(all('.values .mark.langevin')[0].getAttribute('fill')).toBe(sampled);
    expect(all('.values .mark.gradient-descent path')).toHaveLength(5);
    const diamonds = all('.values .mark.gradient-descent')[0];
    expect([diamonds.getAttribute('fill'), diamonds.getAttribute('stroke')]).toEqual(['none', gradientDescent]);
    expect(all('.residuals .zero line')).toHaveLength(2);
    expect(all('.bars line').length * 2).toBe(all('.caps line').length);
    expect(all('.caps line').every((cap) => Math.abs(numberOf(cap, 'x2') - numberOf(cap, 'x1') - 6) < 0.011)).toBe(
      true,
    );
    const legend = all('.legend path').map((path) => path.getAttribute('class'));
    expect([...new Set(legend)]).toEqual([
      'theory',
      'exact-sampling',
      'langevin',
      'gradient-descent',
      'infinite-width',
    ]);
  });

  it('has direct labels that touch no mark, no curve and no other label', async () => {
    const { all } = await draw(sample({ width }));
    for (const panel of all('.values')) {
      const labels = [...panel.querySelectorAll('.label')];
      expect(labels.length).toBe(panel.querySelectorAll('.mark').length);
      const marks = [...panel.querySelectorAll('.mark circle, .mark.langevin path, .mark.gradient-descent path')];
      const curve = [...panel.querySelectorAll('.mark.theory path')].flatMap(vertices);
      for (const [i, label] of labels.entries()) {
        const rect = labelRect(label);
        for (const mark of marks) expect(distance(rect, centre(mark))).toBeGreaterThan(6.5);
        for (const vertex of curve) expect(distance(rect, vertex)).toBeGreaterThan(2);
        for (const other of labels.slice(i + 1)) expect(overlaps(rect, labelRect(other))).toBe(false);
        expect(rect.x + rect.width).toBeLessThanOrEqual(width);
      }
    }
  });

  it('keeps its text inside', async () => {
    const { svg, all } = await draw(sample({ width }));
    for (const text of all('svg > text')) {
      const size = numberOf(text, 'font-size');
      expect(size).toBeGreaterThanOrEqual(12);
      const length = textWidth(text.textContent ?? '', size, text.getAttribute('font-weight') === '600' ? 600 : 400);
      const share = { end: 1, middle: 0.5 }[text.getAttribute('text-anchor') ?? ''] ?? 0;
      expect(numberOf(text, 'x') - share * length).toBeGreaterThanOrEqual(0);
      expect(numberOf(text, 'x') + (1 - share) * length).toBeLessThanOrEqual(width);
      expect(numberOf(text, 'y')).toBeLessThan(numberOf(svg, 'height'));
    }
  });
});

describe('renderFigure', () => {
  it('puts residuals at simulation minus theory, on the scale that the ticks show', async () => {
    const figure = sample();
    const { all } = await draw(figure);
    const [, panel] = all('.residuals');
    const residuals = (figure.frames[1].residual?.residuals ?? []).filter(({ role }) => role === 'exact-sampling');
    const zero = numberOf(panel.querySelector('.zero line') as Element, 'y1');
    const drawn = [...panel.querySelectorAll('.mark.exact-sampling circle')].map(centre);
    const heights = residuals.map(({ value }) => value / residuals[0].value);
    for (const [i, { y }] of drawn.entries()) {
      expect((zero - y) / (zero - drawn[0].y)).toBeCloseTo(heights[i], 3);
    }
  });

  it('draws what is off the residual scale as triangles, none of it as marks', async () => {
    const { all } = await draw(sample());
    const triangles = all('.residuals .mark.gradient-descent path');
    expect(triangles).toHaveLength(5);
    expect(all('.residuals .mark.gradient-descent').every((g) => g.getAttribute('fill') === 'none')).toBe(true);
  });

  it('draws a gap as a gap', async () => {
    const table = sampleTable();
    const rows = table.rows.map((row) =>
      row.role === 'theory' && row['architecture.width'] === 133 ? { ...row, value: null } : row,
    );
    const { all } = await draw(sweepFigure(createTable(rows), sampleOptions));
    expect(all('.values .mark.theory path')[0].getAttribute('d')?.match(/M/g)).toHaveLength(2);
  });

  it('carries title, result and spec; the spec comes back unchanged', async () => {
    const figure = sample({ title: 'Bias & variance < width' });
    const { svg } = await draw(figure);
    expect([...svg.children].slice(0, 3).map(({ tagName }) => tagName)).toEqual(['title', 'desc', 'metadata']);
    expect(svg.querySelector('title')?.textContent).toBe('Bias & variance < width');
    expect(svg.querySelector('desc')?.textContent).toContain('exact sampling is within 0.45 % of theory');
    expect(JSON.parse(svg.querySelector('metadata')?.textContent ?? '')).toEqual(sampleOptions.spec);
  });

  it('gives the same bytes for the same figure, also after JSON', async () => {
    const figure = sample({ width: 340 });
    const { text } = await draw(figure);
    expect(await figureToSvg(JSON.parse(JSON.stringify(figure)))).toBe(text);
    expect(text).not.toMatch(/NaN|undefined|Infinity|<style|url\(/);
  });

  it('writes well-formed XML whatever the words', async () => {
    const { svg } = await draw(sample({ title: 'a\u0000b\ud800c', footer: ']]> <svg>' }));
    expect(svg.querySelector('title')?.textContent).toBe('a\ufffdb\ufffdc');
  });

  it('draws a single frame, log values, a lone infinite-width result and no simulation', async () => {
    const row = (role: string, x: number, value: number) => ({ x, role, metric: 'loss', value, stderr: null });
    const table = createTable([row('theory', 1, 0.001), row('theory', 2, 1), row('infinite-width', 2, 0.5)]);
    const figure = sweepFigure(table, {
      ...sampleOptions,
      x: { column: 'x', label: 'load α', scale: 'linear' },
      frames: [{ metric: 'loss', title: 'Loss', label: 'loss', scale: 'log' }],
    });
    const { all, text } = await draw(figure);
    expect(all('.residuals')).toEqual([]);
    expect(all('.mark.infinite-width path')).toHaveLength(1);
    expect(text).toContain('10⁻²');
    expect(text).not.toContain('NaN');
  });
});
