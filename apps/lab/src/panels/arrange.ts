/** A panel that takes some columns of a row. */
export interface Placed {
  readonly name: string;
  readonly span: number;
}

/**
 * Puts panels into rows without holes: what doesn't fit lets a later panel that does go first, and what no panel can
 * fill is shared by the panels of its row.
 * @param columns Of a row; every span is at most that.
 * @returns The panels in their new order with the columns that they take.
 */
export function arrange(panels: readonly Placed[], columns: number): Placed[] {
  const waiting = [...panels];
  const placed: Placed[] = [];
  while (waiting.length > 0) {
    const row: Placed[] = [];
    let free = columns;
    for (let next = 0; next >= 0; next = waiting.findIndex(({ span }) => span <= free)) {
      const [panel] = waiting.splice(next, 1);
      row.push(panel);
      free -= panel.span;
    }
    placed.push(...filled(row, free));
  }
  return placed;
}

/** The free columns go to the first panels, which say most. */
function filled(row: readonly Placed[], free: number): Placed[] {
  const each = Math.floor(free / row.length);
  const more = free % row.length;
  return row.map(({ name, span }, index) => ({ name, span: span + each + (index < more ? 1 : 0) }));
}
