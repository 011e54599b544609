import { type Cell, createTable, GgdlnError, inputError, type Row, type Table } from '@ggdln/core';

export interface CsvOptions {
  /** What the text is called in messages, e.g. a file name. Default `the text`. */
  readonly name?: string;
}

/** What an unquoted cell must look like to be read as a number. */
const NUMBER = /^-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Writes a table as CSV (RFC 4180: comma, CRLF, quotes doubled), for pandas, R and spreadsheets. Numbers are in the
 * shortest form that reads back to the same bits, `null` is an empty cell, and text that could be taken for anything
 * else is quoted, so that `decodeCsv` gives the table back exactly.
 * @throws GGDLN_INPUT for a table without columns, or with a cell that is NaN or infinite.
 */
export function encodeCsv(table: Table): string {
  const { columns, rows } = createTable(table.rows, table.columns);
  if (columns.length === 0) throw inputError('@ggdln/io encodeCsv', 'the table has no columns', 'Give at least one');
  const lines = [columns.map(quoteWhereNeeded), ...rows.map((row) => columns.map((name) => encodeCell(row[name])))];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

/**
 * Reads CSV with a header line (RFC 4180; LF is accepted for CRLF, and a byte-order mark at the start). Unquoted
 * cells that look like a number, `true` or `false` become one, empty ones `null`; quoted cells are text.
 * @throws GGDLN_DATA naming the line for uneven rows, repeated columns, quotes that don't close or sit inside a cell.
 */
export function decodeCsv(text: string, options: CsvOptions = {}): Table {
  const { name = 'the text' } = options;
  const [header, ...records] = parseRecords(text.startsWith('\ufeff') ? text.slice(1) : text, name);
  if (header === undefined) throw csvError(name, 1, 'no header line', 'The first line names the columns');
  const columns = header.cells.map(({ text: column }) => column);
  const seen = new Set<string>();
  const repeated = columns.find((column) => seen.size === seen.add(column).size);
  if (repeated !== undefined) throw csvError(name, 1, `the column "${repeated}" twice`, 'Column names must differ');
  const rows = records.map(({ cells, line }): Row => {
    if (cells.length !== columns.length) {
      throw csvError(name, line, `${cells.length} cells`, `The header has ${columns.length} columns`);
    }
    return Object.fromEntries(columns.map((column, j) => [column, decodeCell(cells[j], line, name)]));
  });
  return createTable(rows, columns);
}

function encodeCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Object.is(cell, -0) ? '-0' : String(cell);
  if (typeof cell === 'boolean') return String(cell);
  return cell === 'true' || cell === 'false' || NUMBER.test(cell) ? `"${cell}"` : quoteWhereNeeded(cell);
}

function quoteWhereNeeded(text: string): string {
  return text === '' || /[",\r\n\ufeff]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

interface RawCell {
  readonly text: string;
  readonly quoted: boolean;
}

interface RawRecord {
  readonly cells: readonly RawCell[];
  /** Line on which it begins, from 1. */
  readonly line: number;
}

function decodeCell({ text, quoted }: RawCell, line: number, name: string): Cell {
  if (quoted) return text;
  if (text === '') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  if (!NUMBER.test(text)) return text;
  const value = Number(text);
  if (!Number.isFinite(value)) throw csvError(name, line, `the number ${text}`, 'It is too large for a float64');
  return value;
}

function parseRecords(text: string, name: string): RawRecord[] {
  const records: RawRecord[] = [];
  let place = 0;
  let line = 1;
  while (place < text.length) {
    const cells: RawCell[] = [];
    const start = line;
    for (let after = ','; after === ','; ) {
      const found = cellAt(text, place);
      if (!found) throw misplacedQuote(text, place, line, name);
      cells.push(found.cell);
      line += text.slice(place, found.end).split('\n').length - 1;
      place = found.end;
      after = found.after;
    }
    records.push({ cells, line: start });
  }
  return records;
}

/** One cell and what follows it: a comma, a line break or the end. Searched for, as an expression would recurse. */
function cellAt(text: string, start: number): { cell: RawCell; after: string; end: number } | undefined {
  const quoted = text[start] === '"';
  const close = quoted ? closingQuote(text, start + 1) : plainEnd(text, start);
  if (close < 0) return undefined;
  const inside = quoted ? text.slice(start + 1, close).replaceAll('""', '"') : text.slice(start, close);
  const next = quoted ? close + 1 : close;
  const after = text.startsWith('\r\n', next) ? '\r\n' : text.slice(next, next + 1);
  if (!['', ',', '\n', '\r\n'].includes(after)) return undefined;
  return { cell: { text: inside, quoted }, after, end: next + after.length };
}

/** Where the quote is that isn't doubled; −1 without one. */
function closingQuote(text: string, start: number): number {
  let at = text.indexOf('"', start);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

function plainEnd(text: string, start: number): number {
  const special = /[",\r\n]/g;
  special.lastIndex = start;
  return special.exec(text)?.index ?? text.length;
}

function misplacedQuote(text: string, place: number, line: number, name: string): GgdlnError {
  const got = JSON.stringify(text.slice(place, place + 30));
  const remedy = 'Quotes enclose a whole cell and are doubled inside it, and lines end in CRLF or LF';
  return csvError(name, line, `a cell that can't be read, ${got}`, remedy);
}

function csvError(name: string, line: number, got: string, remedy: string): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_DATA',
    where: '@ggdln/io decodeCsv',
    problem: `${name}, line ${line}: got ${got}`,
    remedy,
  });
}
