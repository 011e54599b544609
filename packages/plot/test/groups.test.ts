import { createTable } from '@ggdln/core';
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { renderFigure, sweepFigure, themes } from '../src/index.ts';

const { document } = new JSDOM('').window;
const rows = [1, 2].flatMap((depth) =>
  [2, 5, 10, 40].flatMap((gates) => [
    {
      gates,
      layers: `L = ${depth}`,
      source: 'ggdln',
      role: 'theory',
      metric: 'bias',
      value: depth + 1 / gates,
      stderr: null,
    },
    {
      gates,
      layers: `L = ${depth}`,
      source: 'block-gibbs',
      role: 'exact-sampling',
      metric: 'bias',
      value: depth + 1 / gates + 0.01 * depth,
      stderr: 0.02,
    },
  ]),
);
const figure = sweepFigure(createTable(rows), {
  title: 'Depth',
  x: { column: 'gates', label: 'gates M', scale: 'log' },
  frames: [{ metric: 'bias', title: 'Bias', label: 'bias' }],
  groupBy: 'layers',
  footer: 'test',
});
const svg = renderFigure(figure, document);
const texts = [...svg.querySelectorAll('text')].map((text) => text.textContent);

describe('a frame that compares settings', () => {
  it('compares each simulation with the theory of its own setting', () => {
    const residuals = figure.frames[0].residual?.residuals ?? [];
    expect(residuals).toHaveLength(8);
    for (const { group, value } of residuals) expect(value).toBeCloseTo(group?.name === 'L = 1' ? 0.01 : 0.02, 12);
  });

  it('gives each setting a colour, names it once, and leaves marks to say the role', () => {
    const strokes = [...svg.querySelectorAll('.values .mark.theory')].map((line) => line.getAttribute('stroke'));
    expect(new Set(strokes)).toEqual(new Set([themes.light.group1, themes.light.group2]));
    expect(figure.frames[0].series.filter(({ label }) => label !== '').map(({ label }) => label)).toEqual([
      'L = 1',
      'L = 2',
    ]);
    for (const text of ['L = 1', 'L = 2', 'Theory']) expect(texts).toContain(text);
    expect(figure.description).toContain('exact sampling for L = 2 is within');
  });

  it('refuses a column that is not there', () => {
    const table = createTable(rows);
    expect(() =>
      sweepFigure(table, {
        title: '',
        x: { column: 'gates', label: 'M', scale: 'log' },
        frames: [{ metric: 'bias', title: '', label: '' }],
        groupBy: 'layer',
        footer: '',
      }),
    ).toThrow(/unknown column "layer".*layers/);
  });

  it('keeps what belongs to no setting apart: in its role’s colour, under its role’s name, compared with nothing', () => {
    const line = { layers: null, source: 'limit', role: 'infinite-width', metric: 'bias', value: 0.5, stderr: null };
    const mixed = sweepFigure(createTable([{ gates: null, ...line }, ...rows]), {
      title: '',
      x: { column: 'gates', label: 'M', scale: 'log' },
      frames: [{ metric: 'bias', title: '', label: '' }],
      groupBy: 'layers',
      footer: '',
    });
    const { series, residual } = mixed.frames[0];
    expect(series.filter(({ group }) => group === null).map(({ label }) => label)).toEqual(['infinite width']);
    // As without the line, groups are counted from 0.
    expect(series.slice(0, -1)).toEqual(figure.frames[0].series);
    expect(residual).toEqual(figure.frames[0].residual);
    const drawn = renderFigure(mixed, document);
    const strokes = (of: string) => [...drawn.querySelectorAll(of)].map((mark) => mark.getAttribute('stroke'));
    expect(strokes('.values .mark.infinite-width')).toEqual([themes.light.infiniteWidth]);
    // Once in the frame, once in the legend; roles that have settings are muted there.
    expect(strokes('[stroke-dasharray]')).toEqual([themes.light.infiniteWidth, themes.light.infiniteWidth]);
  });

  it('labels every tick of a narrow log axis', () => {
    for (const label of ['2', '5', '10', '20']) expect(texts).toContain(label);
  });
});
