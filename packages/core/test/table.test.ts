import { describe, expect, it } from 'vitest';
import { createTable, type Row, selectRows } from '../src/index.ts';

describe('createTable', () => {
  it('takes all columns in order of appearance and fills what is missing with null', () => {
    const table = createTable([
      { N: 10, bias: 0.5 },
      { N: 30, source: 'theory' },
    ]);
    expect(table.columns).toEqual(['N', 'bias', 'source']);
    expect(table.rows).toEqual([
      { N: 10, bias: 0.5, source: null },
      { N: 30, bias: null, source: 'theory' },
    ]);
  });

  it('keeps to given columns, in their order, also without rows', () => {
    expect(createTable([{ a: 1, b: 2 }], ['b'])).toEqual({ columns: ['b'], rows: [{ b: 2 }] });
    expect(createTable([], ['a', 'b'])).toEqual({ columns: ['a', 'b'], rows: [] });
  });

  it('takes columns named like parts of an object', () => {
    const columns = ['__proto__', 'constructor', 'toString'];
    const [first, second] = createTable([JSON.parse('{"__proto__": 1, "constructor": "c"}'), {}], columns).rows;
    expect(Object.entries(first)).toEqual([
      ['__proto__', 1],
      ['constructor', 'c'],
      ['toString', null],
    ]);
    expect(Object.values(second)).toEqual([null, null, null]);
  });

  it('keeps falsy cells apart', () => {
    const [row] = createTable([{ zero: 0, empty: '', no: false, none: null }]).rows;
    expect(row).toEqual({ zero: 0, empty: '', no: false, none: null });
  });

  it('refuses numbers that are not finite, naming row and column', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() => createTable([{ bias: 1 }, { bias: bad }])).toThrow(
        `row 1, column "bias" is ${bad}. Cells are finite`,
      );
    }
  });

  it('copies rows: changing what was given changes nothing', () => {
    const given = [{ N: 10 }];
    const table = createTable(given);
    given[0].N = 99;
    expect(table.rows).toEqual([{ N: 10 }]);
  });
});

describe('selectRows', () => {
  const rows: Row[] = [
    { N: 10, source: 'theory', stderr: null },
    { N: 10, source: 'sampling', stderr: 0.1 },
    { N: 30, source: 'theory', stderr: null },
  ];
  const table = createTable(rows);

  it('takes the rows that agree in every given column', () => {
    expect(selectRows(table, { source: 'theory' })).toEqual([rows[0], rows[2]]);
    expect(selectRows(table, { source: 'theory', N: 30 })).toEqual([rows[2]]);
    expect(selectRows(table, { stderr: null, N: 10 })).toEqual([rows[0]]);
    expect(selectRows(table, { N: 11 })).toEqual([]);
    expect(selectRows(table, {})).toEqual(rows);
  });

  it('does not take text for a number', () => {
    expect(selectRows(table, { N: '10' })).toEqual([]);
  });

  it('names the nearest column for one that does not exist', () => {
    expect(() => selectRows(table, { sorce: 'theory' })).toThrow(/unknown column "sorce"\. Did you mean source\?/);
  });
});
