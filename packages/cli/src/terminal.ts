import type { Progress } from '@ggdln/core';

/** Where a command writes: results to `out`, everything else (progress, warnings, errors) to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Standard error is a terminal: progress may redraw its line. */
  readonly interactive: boolean;
  readonly quiet: boolean;
}

/** The process's own streams. */
export function processTerminal(quiet: boolean): Terminal {
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    interactive: Boolean(process.stderr.isTTY),
    quiet,
  };
}

/** Shows progress: one redrawn line on a terminal, one line a finished stage otherwise, nothing when quiet. */
export interface ProgressLine {
  report(progress: Progress): void;
  /** A lasting line; the progress line continues below it. */
  note(text: string): void;
  end(): void;
}

const REDRAW_MS = 100;
const PLAIN_MS = 10_000;

/** A progress line for a terminal. Times come from `performance.now()` and never reach results. */
export function createProgressLine(terminal: Terminal): ProgressLine {
  let stage = '';
  let started = performance.now();
  let last = Number.NEGATIVE_INFINITY;
  const clear = () => {
    if (terminal.interactive && !terminal.quiet) terminal.err('\r\u001b[2K');
  };
  return {
    report(progress) {
      if (terminal.quiet) return;
      const now = performance.now();
      if (progress.stage !== stage) {
        stage = progress.stage;
        started = now;
        last = terminal.interactive ? Number.NEGATIVE_INFINITY : now;
      }
      if (now - last < (terminal.interactive ? REDRAW_MS : PLAIN_MS)) return;
      last = now;
      const line = progressText(progress, (now - started) / 1000);
      terminal.err(
        terminal.interactive ? `\r\u001b[2K${line.slice(0, (process.stderr.columns ?? 100) - 1)}` : `${line}\n`,
      );
    },
    note(text) {
      if (terminal.quiet) return;
      clear();
      terminal.err(`${text}\n`);
    },
    end: clear,
  };
}

function progressText({ stage, done, total, unit = '', note }: Progress, seconds: number): string {
  const tail = note ? `  ${note}` : '';
  if (total === undefined || total === 0) return `  ${stage}  ${done} ${unit}${tail}`;
  const share = Math.min(1, done / total);
  const bar = '━'.repeat(Math.round(share * 20)).padEnd(20, '─');
  const left = done > 0 && seconds > 1 ? `  ${Math.ceil((seconds / done) * (total - done))} s left` : '';
  return `  ${bar} ${Math.floor(share * 100)} %  ${stage}  ${done}/${total} ${unit}${left}${tail}`;
}

/** Rows as aligned text: numbers to the right, words to the left. Cells are already formatted. */
export function alignColumns(header: readonly string[], rows: readonly (readonly string[])[], leftColumns = 1): string {
  const widths = header.map((title, j) => Math.max(columnsOf(title), ...rows.map((row) => columnsOf(row[j] ?? ''))));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, j) => {
        const gap = ' '.repeat(widths[j] - columnsOf(cell));
        return j < leftColumns ? cell + gap : gap + cell;
      })
      .join('  ')
      .trimEnd();
  return [line(header), ...rows.map(line)].join('\n');
}

/** Columns that a text takes on a terminal: combining marks (the hat of R̂) take none. */
function columnsOf(text: string): number {
  return [...text.replace(/\p{M}/gu, '')].length;
}
