import type { Cell, PanelContext, PanelEntry } from '@ggdln/core';
import { formatNumber } from '@ggdln/plot';
import { useCallback } from 'preact/hooks';
import { atPlace } from './run.ts';
import { useReadable } from './useReadable.ts';

const LIMIT = 200;

/** The numbers of a panel's picture as a table. */
export function PanelTable({ entry, context }: { readonly entry: PanelEntry; readonly context: PanelContext }) {
  const view = useReadable(
    context.view,
    useCallback((value) => value, []),
  );
  const selection = useReadable(
    context.selection,
    useCallback((value) => value, []),
  );
  const rows = entry.table(atPlace(view, selection), selection);
  const columns = [...new Set(rows.slice(0, LIMIT).flatMap((row) => Object.keys(row)))];
  if (rows.length === 0) return <p class="small muted">No numbers yet.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
    <section class="panel-twin" tabIndex={0} aria-label={`${entry.title}, as a table`}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, LIMIT).map((row, i) => (
            <tr key={`${i}`}>
              {columns.map((column) => (
                <td key={column}>{cellText(row[column] ?? null)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > LIMIT && (
        <p class="small muted">
          {LIMIT} of {formatNumber(rows.length, 6)} rows; the export has all.
        </p>
      )}
    </section>
  );
}

const cellText = (cell: Cell): string => (typeof cell === 'number' ? formatNumber(cell, 5) : String(cell ?? '–'));
