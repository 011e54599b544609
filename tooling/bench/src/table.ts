import type { Bar, Job, Row } from './job.ts';

/** A row's bar in words, and whether it is met. */
export interface Verdict {
  readonly bar: string;
  readonly met: boolean | undefined;
}

/** @param jobs Where bars are looked up; a job that isn't there has none. */
export function verdict(row: Row, jobs: readonly Job[]): Verdict {
  const bar = row.unit === 'GB' ? undefined : barOf(row, jobs);
  if (!bar) return { bar: '', met: undefined };
  const value = bar.ofFloor ? (row.floor === null ? null : row.ours / row.floor) : row.ratio;
  const words = `${bar.most === undefined ? `≥ ${bar.least}` : `≤ ${bar.most}`} ×${bar.ofFloor ? ' floor' : ''}`;
  if (value === null) return { bar: words, met: undefined };
  return { bar: words, met: bar.most === undefined ? value >= (bar.least ?? 0) : value <= bar.most };
}

function barOf(row: Row, jobs: readonly Job[]): Bar | undefined {
  return jobs.find((job) => job.name === row.job)?.bar?.(row.size, row.peerName);
}

const HEAD = ['job', 'size', 'backend', 'threads', 'unit', 'ours', 'peer', 'ratio', 'bar', 'met', 'floor', 'peer name'];

/** The cells of all rows, a heading first. */
export function cells(rows: readonly Row[], jobs: readonly Job[]): string[][] {
  return [
    HEAD,
    ...rows.map((row) => {
      const { bar, met } = verdict(row, jobs);
      return [
        row.job,
        row.size,
        row.backend,
        String(row.threads),
        row.unit,
        show(row.ours),
        show(row.peer),
        row.ratio === null ? '–' : `${show(row.ratio)} ×`,
        bar,
        met === undefined ? '' : met ? 'yes' : 'NO',
        show(row.floor),
        row.peerName ?? '–',
      ];
    }),
  ];
}

/** Columns padded for a terminal. */
export function textTable(rows: readonly Row[], jobs: readonly Job[]): string {
  const all = cells(rows, jobs);
  const widths = HEAD.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Three significant digits, without an exponent where that is readable. */
function show(value: number | null): string {
  if (value === null) return '–';
  return value >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
