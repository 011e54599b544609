import { type Cell, createTable } from '@ggdln/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCsv, encodeCsv } from '../src/index.ts';
import { failure } from './errors.ts';

const TABLE = createTable([
  { width: 10, source: 'ggdln', value: 0.1, stderr: null, note: 'a, "b"' },
  { width: 1e21, source: '', value: -1 / 3, stderr: 5e-324, note: 'two\r\nlines' },
]);

describe('encodeCsv', () => {
  it('writes RFC 4180 with shortest numbers, null empty and ambiguous text quoted', () => {
    expect(encodeCsv(TABLE)).toBe(
      'width,source,value,stderr,note\r\n' +
        '10,ggdln,0.1,,"a, ""b"""\r\n' +
        '1e+21,"",-0.3333333333333333,5e-324,"two\r\nlines"\r\n',
    );
  });

  it('refuses a table without columns, and NaN', () => {
    expect(failure('GGDLN_INPUT', () => encodeCsv({ columns: [], rows: [] }))).toContain('no columns');
    const bad = { columns: ['a'], rows: [{ a: Number.NaN }] };
    expect(failure('GGDLN_INPUT', () => encodeCsv(bad))).toContain('row 0, column "a" is NaN');
  });
});

describe('decodeCsv', () => {
  it('gives any table back, bit for bit', () => {
    const texts = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', ' ', '1', '\ufeff', 'é') }),
      fc.constantFrom('true', 'false', '1', '-0', '.5', '1e5', 'NaN', 'Infinity', '+1', 'null'),
    );
    const cells: fc.Arbitrary<Cell> = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      texts,
    );
    const columns = fc.uniqueArray(texts, { minLength: 1, maxLength: 4 });
    const tables = columns.chain((names) =>
      fc.array(fc.array(cells, { minLength: names.length, maxLength: names.length }), { maxLength: 5 }).map((rows) =>
        createTable(
          rows.map((row) => Object.fromEntries(names.map((name, j) => [name, row[j]]))),
          names,
        ),
      ),
    );
    fc.assert(
      fc.property(tables, (table) => {
        expect(decodeCsv(encodeCsv(table))).toStrictEqual(table);
      }),
    );
  });

  it('reads what others write: LF, a byte-order mark, no last line break', () => {
    expect(decodeCsv('\ufeffa,b\n1,x\n-2.5E3,')).toEqual({
      columns: ['a', 'b'],
      rows: [
        { a: 1, b: 'x' },
        { a: -2500, b: null },
      ],
    });
  });

  it('reads a long quoted cell', () => {
    const long = 'x""'.repeat(500_000);
    expect(decodeCsv(`a\n"${long}"`).rows[0].a).toHaveLength(1_000_000);
  });

  it('reads cells and headers of any length', () => {
    const quotes = decodeCsv(`a\n"${'""'.repeat(5_000_000)}"`);
    expect(quotes.rows[0].a).toHaveLength(5_000_000);
    expect(decodeCsv(`a\n${'x'.repeat(20_000_000)}`).rows[0].a).toHaveLength(20_000_000);
    expect(() => decodeCsv(`a\n"${'""'.repeat(5_000_000)}`)).toThrow("line 2: got a cell that can't be read");
    const names = Array.from({ length: 200_000 }, (_, i) => `c${i}`);
    expect(decodeCsv(names.join(',')).columns).toEqual(names);
  });

  it('reads columns named like parts of an object', () => {
    const { columns, rows } = decodeCsv('__proto__,constructor\n1,\n');
    expect(columns.map((column) => rows[0][column])).toEqual([1, null]);
    expect(encodeCsv({ columns, rows })).toBe('__proto__,constructor\r\n1,\r\n');
  });

  it.each([
    ['nothing', '', 'results.csv, line 1: got no header line'],
    ['a repeated column', 'a,b,a\n', 'line 1: got the column "a" twice'],
    ['a short row', 'a,b\n1,2\n3\n', 'line 3: got 1 cells. The header has 2 columns'],
    ['a long row after a cell of two lines', 'a,b\n"x\ny",2\n1,2,3\n', 'line 4: got 3 cells'],
    ['an open quote', 'a,b\n1,"x\n', 'line 2: got a cell that can\'t be read, "\\"x'],
    ['a quote inside a cell', 'a\nx"y"\n', "line 2: got a cell that can't be read"],
    ['text after a quote', 'a\n"x"y\n', 'Quotes enclose a whole cell'],
    ['a number beyond float64', 'a\n1e999\n', 'line 2: got the number 1e999. It is too large for a float64'],
  ])('refuses %s', (_, text, words) => {
    expect(failure('GGDLN_DATA', () => decodeCsv(text, { name: 'results.csv' }))).toContain(words);
  });
});
