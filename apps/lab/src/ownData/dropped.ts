import { type Cell, GgdlnError } from '@ggdln/core';
import { type OwnTable, readTable, type TableColumn } from '@ggdln/datasets';
import { encodeNpz } from '@ggdln/io';

/** Largest file that the page takes; larger ones are for the command line. */
export const LARGEST_FILE = 64e6;
/** Images that become one file, at most. */
export const MOST_IMAGES = 5000;
/** Text of a CSV that is looked at before it is used. */
const LOOKED_AT = 262_144;

/** What was dropped, as a file that the dataset `table` reads, with what a preview shows. */
export interface Dropped {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly table: OwnTable;
  /** Rows of the whole file; of a large CSV an estimate from its beginning. */
  readonly rows: number;
  readonly exact: boolean;
}

/** A picture in shades of grey, 0 to 255, row after row. */
export interface GreyImage {
  readonly name: string;
  readonly pixels: Uint8Array;
}

/**
 * Looks at a CSV, NPY or NPZ file. Of a large CSV only the beginning is read here; the worker reads all of it.
 * @throws GGDLN_DATA for a file that is too large, or that `readTable` can't read.
 */
export function lookAtTable(name: string, bytes: Uint8Array): Dropped {
  if (bytes.length > LARGEST_FILE) throw tooLarge(name, bytes.length);
  const isLong = /\.csv$/i.test(name) && bytes.length > LOOKED_AT;
  if (!isLong) {
    const table = readTable(bytes, name);
    return { name, bytes, table, rows: table.rows, exact: true };
  }
  const end = bytes.lastIndexOf(10, LOOKED_AT);
  const table = readTable(bytes.subarray(0, end < 0 ? LOOKED_AT : end + 1), name);
  return { name, bytes, table, rows: Math.round((table.rows * bytes.length) / (end + 1)), exact: false };
}

function tooLarge(name: string, bytes: number): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_DATA',
    where: 'Own data',
    problem: `${name} has ${Math.round(bytes / 1e6)} MB; the page takes up to ${LARGEST_FILE / 1e6} MB`,
    remedy: 'Leave out rows here, or run it with ggdln run, which takes up to 256 MB',
  });
}

/**
 * Pictures of one size as a file of examples: X (images × side × side) and y, their class. The class is what a name
 * begins with, before its number: `cat-012.png`, `3_7.png`; equal beginnings are one class.
 * @throws GGDLN_DATA for too many pictures, or pictures of a single class.
 */
export function packImages(
  images: readonly GreyImage[],
  side: number,
): Dropped & { readonly classes: readonly string[] } {
  if (images.length > MOST_IMAGES) {
    throw imageError(`there are ${images.length} images, more than ${MOST_IMAGES}`, 'Drop fewer of them');
  }
  const classes = [...new Set(images.map(({ name }) => classOf(name)))].sort();
  if (classes.length < 2) {
    throw imageError(
      `all names begin with "${classes[0] ?? ''}", so there is a single class`,
      'Let names begin with their class, e.g. cat-1.png and dog-1.png',
    );
  }
  const X = new Uint8Array(images.length * side * side);
  images.forEach(({ pixels }, index) => {
    X.set(pixels, index * side * side);
  });
  const y = Int32Array.from(images, ({ name }) => classes.indexOf(classOf(name)));
  const bytes = encodeNpz({
    X: { dtype: 'uint8', shape: [images.length, side, side], data: X },
    y: { dtype: 'int32', shape: [images.length], data: y },
  });
  const name = `pictures-${images.length}-of-${side}-pixels.npz`;
  return { name, bytes, table: readTable(bytes, name), rows: images.length, exact: true, classes };
}

function imageError(problem: string, remedy: string): GgdlnError {
  return new GgdlnError({ code: 'GGDLN_DATA', where: 'Own data', problem, remedy });
}

/** `cat` of `cat-012.png`, `3` of `3_7.png`, `dog` of `dog12.jpg`. */
export function classOf(name: string): string {
  const stem = name.replace(/\.[a-z]+$/i, '');
  return /^(.+?)[-_ .]+[^-_ .]*$/.exec(stem)?.[1] ?? /^(\D+)\d+$/.exec(stem)?.[1] ?? stem;
}

/** The first rows as text, for a preview: at most `columns` columns, wide ones by their shape. */
export function firstRows({ columns, rows }: OwnTable, count: number, most: number): readonly (readonly string[])[] {
  return Array.from({ length: Math.min(count, rows) }, (_, row) =>
    columns.slice(0, most).map((column) => cellText(column, row)),
  );
}

function cellText({ values, shape }: TableColumn, row: number): string {
  if (shape.length > 0) return shape.join(' × ');
  const value: Cell | undefined = values[row];
  if (value === null || value === undefined) return '—';
  return typeof value === 'number' ? String(Number(value.toPrecision(4))).replace('-', '−') : String(value);
}

/** Sizes to begin with: up to 100 examples to train on and 200 to test on, a third of a small file for tests. */
export function sizesFor(rows: number): { readonly trainSize: number; readonly testSize: number } {
  const trainSize = Math.max(1, Math.min(100, Math.floor((2 * rows) / 3)));
  return { trainSize, testSize: Math.max(1, Math.min(200, rows - trainSize)) };
}
