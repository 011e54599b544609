import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { GgdlnError, inputError, type Matrix } from '@ggdln/core';
import { decodeCsv, decodeNpy, decodeNpz, encodeNpz, type NpyArray } from '@ggdln/io';
import { matrix } from '@ggdln/linalg';

const where = 'ggdln arrays';

/**
 * Reads a matrix from NPY (1-D becomes a column) or CSV (with or without a header line).
 * @throws GGDLN_DATA when the file can't be read, GGDLN_INPUT when it has more than two dimensions.
 */
export function readMatrixFile(path: string, cwd: string): Matrix {
  const bytes = readBytes(path, cwd);
  return path.toLowerCase().endsWith('.csv') ? matrixFromCsv(bytes, path) : matrixFromNpy(decodeNpy(bytes), path);
}

/** Reads every array of an NPZ file as a matrix. */
export function readMatrices(path: string, cwd: string): Record<string, Matrix> {
  const arrays = decodeNpz(readBytes(path, cwd));
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name, matrixFromNpy(array, `${path}:${name}`)]),
  );
}

/** Writes matrices as float64 arrays of an NPZ file. */
export function writeMatrices(path: string, cwd: string, matrices: Readonly<Record<string, Matrix>>): void {
  const arrays = Object.entries(matrices).map(([name, m]) => [
    name,
    { shape: [m.rows, m.cols], dtype: 'float64', data: m.data } satisfies NpyArray,
  ]);
  try {
    writeFileSync(resolve(cwd, path), encodeNpz(Object.fromEntries(arrays)));
  } catch (cause) {
    throw new GgdlnError({
      code: 'GGDLN_STORAGE',
      where,
      problem: `${path} can't be written: ${(cause as Error).message}`,
      remedy: 'Choose another --out',
      cause,
    });
  }
}

function readBytes(path: string, cwd: string): Uint8Array {
  try {
    return readFileSync(resolve(cwd, path));
  } catch (cause) {
    throw new GgdlnError({
      code: 'GGDLN_DATA',
      where,
      problem: `${path} can't be read: ${(cause as Error).message}`,
      cause,
    });
  }
}

function matrixFromNpy(array: NpyArray, name: string): Matrix {
  const { shape, data } = array;
  if (shape.length > 2)
    throw inputError(
      where,
      `${name} has ${shape.length} dimensions (${shape.join(' × ')})`,
      'Give a matrix or a vector',
    );
  const [rows = 1, cols = 1] = shape;
  return matrix(rows, cols, Float64Array.from(data as ArrayLike<number | bigint>, Number));
}

function matrixFromCsv(bytes: Uint8Array, name: string): Matrix {
  const table = decodeCsv(new TextDecoder().decode(bytes));
  // A file without a header line has numbers where the names should be; they are the first row.
  const header = table.columns.map(Number);
  const first = header.every((value) => Number.isFinite(value)) ? [header] : [];
  const rows = [...first, ...table.rows.map((row) => table.columns.map((column) => Number(row[column])))];
  const bad = rows.findIndex((row) => !row.every(Number.isFinite));
  if (bad >= 0)
    throw inputError(
      where,
      `${name}: data row ${bad + 1} has a cell that is not a number`,
      'Give numbers only, with at most one header line',
    );
  return matrix(rows.length, table.columns.length, Float64Array.from(rows.flat()));
}
