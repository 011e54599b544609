import { inputError, type Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';

/**
 * Reads a CSV of numbers: cells between commas, semicolons, tabs or spaces; a first line without any number is a header.
 * @param name What it is, for messages, e.g. the file's path.
 * @throws GGDLN_INPUT for a cell that is empty or no finite number, or a line of another length, with its place.
 */
export function parseNumericCsv(text: string, name: string): Matrix {
  const lines = text
    .split(/\r?\n/)
    .flatMap((line, i) => (line.trim() === '' ? [] : [{ cells: splitLine(line), line: i + 1 }]));
  const rows = lines.length > 0 && lines[0].cells.every(isName) ? lines.slice(1) : lines;
  if (rows.length === 0)
    throw inputError(name, 'there are no rows of numbers', 'Give one line a row, numbers between commas');
  const cols = rows[0].cells.length;
  const values = rows.flatMap(({ cells, line }) => {
    if (cells.length !== cols)
      throw inputError(
        name,
        `line ${line} has ${cells.length} cells, line ${rows[0].line} has ${cols}`,
        'All lines need the same number of cells',
      );
    return cells.map((cell, column) => toNumber(cell, `${name}, line ${line}, column ${column + 1}`));
  });
  return matrix(rows.length, cols, Float64Array.from(values));
}

function splitLine(line: string): string[] {
  const separator = [',', ';', '\t'].find((candidate) => line.includes(candidate)) ?? /\s+/;
  return line
    .trim()
    .split(separator)
    .map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

function isName(cell: string): boolean {
  return cell !== '' && Number.isNaN(Number(cell)) && !/^[-+]?(nan|inf(inity)?)$/i.test(cell);
}

function toNumber(cell: string, where: string): number {
  const value = Number(cell);
  if (cell === '' || !Number.isFinite(value)) {
    throw inputError(
      where,
      cell === '' ? 'the cell is empty' : `"${cell}" is not a finite number`,
      'Every cell must be a finite number',
    );
  }
  return value;
}
