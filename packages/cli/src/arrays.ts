import { accessSync, constants, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { GgdlnError, inputError, type Matrix } from '@ggdln/core';
import { decodeNpy, decodeNpz, encodeNpz, type NpyArray } from '@ggdln/io';
import { matrix } from '@ggdln/linalg';
import { parseNumericCsv } from './numericCsv.ts';
import { readBytes } from './readBytes.ts';

const where = 'ggdln arrays';
const NPY = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const ZIP = [0x50, 0x4b];

/**
 * Reads a matrix from NPY (1-D becomes a column) or CSV (with or without a header line); the first bytes tell which.
 * @throws GGDLN_DATA when the file can't be read, GGDLN_INPUT when it holds no matrix of finite numbers; both name it.
 */
export function readMatrixFile(path: string, cwd: string): Matrix {
  const bytes = readBytes(path, cwd, where);
  if (startsWith(bytes, NPY)) return matrixFromNpy(decodeNpy(bytes, { name: path }), path);
  if (startsWith(bytes, ZIP))
    throw inputError(path, 'this is an NPZ file with several arrays', `Give --arrays ${path}`);
  if (bytes.some((byte) => byte === 0))
    throw inputError(path, 'this is neither NPY nor CSV', 'Write it with numpy.save or numpy.savetxt');
  return parseNumericCsv(new TextDecoder().decode(bytes), path);
}

/** Reads every array of an NPZ file as a matrix. */
export function readMatrices(path: string, cwd: string): Record<string, Matrix> {
  const bytes = readBytes(path, cwd, where);
  if (startsWith(bytes, NPY))
    throw inputError(
      path,
      'this is an NPY file with one array',
      'Write several with numpy.savez, or give it as --X, --Y or --gates',
    );
  const arrays = decodeNpz(bytes, { name: path });
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name, matrixFromNpy(array, `${path}: ${name}`)]),
  );
}

/** Refuses an output file that can't be written, before anything is computed. */
export function requireWritable(path: string | undefined, cwd: string): void {
  if (path === undefined) return;
  try {
    accessSync(dirname(resolve(cwd, path)), constants.W_OK);
  } catch (cause) {
    throw storageError(path, cause);
  }
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
    throw storageError(path, cause);
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

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, i) => bytes[i] === byte);
}

function storageError(path: string, cause: unknown): GgdlnError {
  const problem = `${path} can't be written: ${(cause as Error).message}`;
  return new GgdlnError({ code: 'GGDLN_STORAGE', where, problem, remedy: 'Choose another --out', cause });
}
