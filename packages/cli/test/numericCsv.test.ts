import { describe, expect, it } from 'vitest';
import { parseNumericCsv } from '../src/numericCsv.ts';

const rows = (text: string) => {
  const { rows: count, cols, data } = parseNumericCsv(text, 'G.csv');
  return Array.from({ length: count }, (_, i) => [...data.subarray(i * cols, (i + 1) * cols)]);
};

describe('numeric CSV', () => {
  it('reads lines with and without a header, in any of the usual separators', () => {
    expect(rows('1,0,1\n1,1,1\n')).toEqual([
      [1, 0, 1],
      [1, 1, 1],
    ]);
    expect(rows('"gate 1",gate 2\r\n1,0\r\n')).toEqual([[1, 0]]);
    expect(rows('1;2.5\n-3e2;4')).toEqual([
      [1, 2.5],
      [-300, 4],
    ]);
    expect(rows('# \n1 2\n3 4\n')).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it.each([
    ['1,\n2,3', /G\.csv, line 1, column 2\] the cell is empty/],
    ['nan,1\n2,3', /line 1, column 1\] "nan" is not a finite number/],
    ['a,b\n1,x', /line 2, column 2\] "x" is not a finite number/],
    ['a,b\n1,2\n3', /line 3 has 1 cells, line 2 has 2/],
    ['a,b\n', /there are no rows of numbers/],
  ])('refuses %j, naming the place', (text, message) => {
    expect(() => parseNumericCsv(text, 'G.csv')).toThrow(message);
  });
});
