import type { Matrix } from '@ggdln/core';
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { type HeatMapOverlay, heatMap, renderHeatMap, themes } from '../src/index.ts';

const { document } = new JSDOM('').window;
const matrixOf = (rows: number[][]): Matrix => ({
  rows: rows.length,
  cols: rows[0].length,
  data: Float64Array.from(rows.flat()),
});
const options = { title: 'Order parameters', label: 'U', footer: 'test' };
const U = matrixOf([
  [1, -0.5],
  [-0.5, 2],
]);

describe('heatMap', () => {
  it('draws every entry, darkest where it is largest, with the numbers of large cells', () => {
    const map = heatMap({ ...options, panels: [{ title: 'N = 5', matrix: U, names: ['a', 'b'] }] });
    const svg = renderHeatMap(map, document);
    const fills = [...svg.querySelectorAll('.cells rect')].map((cell) => cell.getAttribute('fill'));
    expect(fills).toHaveLength(4);
    expect(fills[3]).toBe(themes.light.theory);
    expect(fills[1]).toBe(fills[2]);
    expect(new Set(fills).size).toBe(3);
    const texts = [...svg.querySelectorAll('text')].map((text) => text.textContent);
    for (const text of ['Order parameters', 'N = 5', '2.00', '−0.50', 'a', 'b']) expect(texts).toContain(text);
    expect(svg.querySelector('desc')?.textContent).toContain('2 × 2, entries from −0.5 to 2');
  });

  it('writes whole numbers without decimals where all are whole', () => {
    const gate = matrixOf([
      [1, 0],
      [0, 1],
    ]);
    const svg = renderHeatMap(heatMap({ ...options, panels: [{ title: 'Gate', matrix: gate }] }), document);
    const cells = [...svg.querySelectorAll('text[text-anchor="middle"]')].map((text) => text.textContent);
    expect(cells.slice(0, 4)).toEqual(['1', '0', '0', '1']);
  });

  it('puts no more panels into a row than asked, and keeps all of them inside', () => {
    const panels = Array.from({ length: 5 }, (_, i) => ({ title: `${i}`, matrix: U }));
    const tops = (columns: number) => {
      const svg = renderHeatMap(heatMap({ ...options, panels, columns }), document);
      const cells = [...svg.querySelectorAll('.cells rect:first-child')];
      for (const cell of cells) expect(Number(cell.getAttribute('x'))).toBeLessThan(1040 - 150);
      return new Set(cells.map((cell) => cell.getAttribute('y'))).size;
    };
    expect(tops(2)).toBe(3);
    expect(tops(5)).toBe(1);
  });

  it('draws a boundary and names of its sides over the cells, and columns with names of their own', () => {
    const wide = matrixOf([
      [0, 0, 1],
      [0, 1, 1],
    ]);
    const overlay: HeatMapOverlay = {
      line: [
        [2, 0.5],
        [1, 1.5],
      ],
      labels: [{ at: [0.5, 1], text: 'C' }],
    };
    const panel = { title: 'c²', matrix: wide, names: ['2', '3'], columnNames: ['0', '', '1'], overlay };
    const svg = renderHeatMap(heatMap({ ...options, panels: [panel] }), document);
    const cells = [...svg.querySelectorAll('.cells rect')].map((cell) =>
      ['x', 'y'].map((name) => Number(cell.getAttribute(name))),
    );
    const size = cells[1][0] - cells[0][0];
    const line = svg.querySelector('path[stroke-width="2"]')?.getAttribute('d') ?? '';
    const [x0, y0, x1, y1] = (line.match(/[\d.]+/g) ?? []).map(Number);
    expect(x0).toBeCloseTo(cells[2][0], 0);
    expect(y0).toBeCloseTo(cells[0][1] + size / 2, 0);
    expect(x1).toBeCloseTo(cells[1][0], 0);
    expect(y1).toBeCloseTo(cells[3][1] + size / 2, 0);
    const texts = [...svg.querySelectorAll('text')].map((text) => text.textContent);
    for (const text of ['2', '3', '0', '1', 'C']) expect(texts).toContain(text);
  });

  it('survives JSON, and gives the same bytes again', () => {
    const map = heatMap({ ...options, panels: [{ title: 'N = 5', matrix: U }] });
    const again = JSON.parse(JSON.stringify(map));
    expect(renderHeatMap(again, document).outerHTML).toBe(renderHeatMap(map, document).outerHTML);
  });

  it('refuses what it cannot draw', () => {
    const one = (matrix: Matrix, names?: string[]) => () =>
      heatMap({ ...options, panels: [{ title: 'x', matrix, ...(names ? { names } : {}) }] });
    expect(() => heatMap({ ...options, panels: [] })).toThrow(/no panels.*at least one matrix/);
    expect(one({ rows: 0, cols: 0, data: new Float64Array() })).toThrow(/"x" is 0 × 0/);
    expect(one(matrixOf([[1, Number.NaN]]))).toThrow(/"x" has NaN in row 0, column 1/);
    expect(one(U, ['a'])).toThrow(/1 names for 2 rows/);
    const drawn = (overlay: HeatMapOverlay) => () =>
      heatMap({ ...options, panels: [{ title: 'x', matrix: U, overlay }] });
    expect(drawn({ line: [[0, 2.5]] })).toThrow(/"x" has something to draw at column 0, row 2.5. Its ends are 2 and 2/);
    expect(drawn({ labels: [{ at: [-1, 0], text: 'B' }] })).toThrow(/column -1, row 0/);
    expect(() => heatMap({ ...options, panels: [{ title: 'x', matrix: U }], width: 500 as never })).toThrow(/500 px/);
  });
});
