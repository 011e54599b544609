import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrange } from '../src/panels/arrange.ts';

const spans = fc.array(fc.constantFrom(2, 3, 4, 6), { maxLength: 12 });
const named = (all: readonly number[]) => all.map((span, i) => ({ name: `p${i}`, span }));

/** Spans row by row; throws where a row is too long. */
function rowsOf(all: readonly { readonly span: number }[], columns: number): number[][] {
  const rows: number[][] = [];
  let free = 0;
  for (const { span } of all) {
    if (span > free) {
      rows.push([]);
      free = columns;
    }
    rows.at(-1)?.push(span);
    free -= span;
  }
  return rows;
}

describe('arrange', () => {
  it('fills every row, keeps every panel, and makes none narrower', () => {
    fc.assert(
      fc.property(spans, (all) => {
        const before = named(all);
        const after = arrange(before, 6);
        for (const row of rowsOf(after, 6)) expect(row.reduce((sum, span) => sum + span, 0)).toBe(6);
        expect(after.map(({ name }) => name).sort()).toEqual(before.map(({ name }) => name).sort());
        for (const { name, span } of after) {
          expect(span).toBeGreaterThanOrEqual(before.find((panel) => panel.name === name)?.span ?? 7);
        }
        expect(after[0]?.name).toBe(before[0]?.name);
      }),
    );
  });

  it('lets a panel that fits go before one that does not', () => {
    const order = arrange(named([4, 2, 2, 2, 2, 2, 2, 4, 2]), 6);
    expect(order.map(({ name }) => name)).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p8', 'p7']);
    expect(order.at(-1)?.span).toBe(6);
  });
});
