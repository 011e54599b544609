import { GgdlnError, inputError, type Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';

/** Square images, 0 to 255, one after the other; each is one plane (grey) or several, rows from top to bottom. */
export interface Images {
  readonly count: number;
  /** Pixels a side. */
  readonly side: number;
  /** Planes an image, e.g. 3 for red, green and blue. Default 1. */
  readonly channels?: number;
  readonly pixels: Uint8Array;
}

const where = '@ggdln/datasets';
/** Below this root mean square (of pixels between 0 and 1) a row is taken for blank: only rounding errors are left. */
const BLANK = 1e-12;

/**
 * The given images as rows of numbers between 0 and 1, with `pixels` × `pixels` means of equal square patches.
 * @param indices Which images, in order.
 * @returns `indices.length` × channels · `pixels`², plane after plane.
 * @throws GGDLN_INPUT when `pixels` doesn't divide the side, or an index is out of range.
 */
export function poolImages(images: Images, indices: ArrayLike<number>, pixels: number = images.side): Matrix {
  const { side, count, channels = 1 } = images;
  if (!Number.isInteger(pixels) || pixels < 1 || side % pixels !== 0) {
    const fitting = Array.from({ length: side }, (_, i) => side - i).filter((size) => side % size === 0);
    throw inputError(
      `${where} poolImages`,
      `${pixels} pixels a side don't divide images of ${side} × ${side}`,
      `Use one of ${fitting.join(', ')}`,
    );
  }
  const out = matrix(indices.length, channels * pixels * pixels);
  for (let row = 0; row < indices.length; row++) {
    const index = indices[row];
    if (!(Number.isInteger(index) && index >= 0 && index < count)) {
      throw inputError(`${where} poolImages`, `there is no image ${index}`, `Indices go from 0 to ${count - 1}`);
    }
    for (let plane = 0; plane < channels; plane++) {
      const start = row * out.cols + plane * pixels * pixels;
      poolInto(out.data.subarray(start, start + pixels * pixels), images, index * channels + plane, pixels);
    }
  }
  return out;
}

/** @param plane Counted over all images. */
function poolInto(out: Float64Array, { side, pixels: source }: Images, plane: number, pixels: number): void {
  const patch = side / pixels;
  const scale = 1 / (255 * patch * patch);
  for (let y = 0; y < side; y++) {
    const from = (plane * side + y) * side;
    const to = Math.floor(y / patch) * pixels;
    for (let x = 0; x < side; x++) out[to + Math.floor(x / patch)] += source[from + x];
  }
  for (let i = 0; i < out.length; i++) out[i] *= scale;
}

/**
 * Grey from red, green and blue: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).
 * @param X Rows of three planes.
 * @throws GGDLN_INPUT for rows that aren't three planes.
 */
export function greyOf(X: Matrix): Matrix {
  const size = X.cols / 3;
  if (!Number.isInteger(size)) {
    throw inputError(`${where} greyOf`, `rows have ${X.cols} numbers`, 'Give three planes of equal size a row');
  }
  const out = matrix(X.rows, size);
  for (let i = 0; i < out.data.length; i++) {
    const at = Math.floor(i / size) * X.cols + (i % size);
    out.data[i] = 0.299 * X.data[at] + 0.587 * X.data[at + size] + 0.114 * X.data[at + 2 * size];
  }
  return out;
}

/** The mean of each column. */
export function columnMeans(X: Matrix): Float64Array {
  const means = new Float64Array(X.cols);
  for (let i = 0; i < X.data.length; i++) means[i % X.cols] += X.data[i] / X.rows;
  return means;
}

/** X with `shift` subtracted from every row. */
export function subtractFromRows(X: Matrix, shift: Float64Array): Matrix {
  return matrix(
    X.rows,
    X.cols,
    X.data.map((value, i) => value - shift[i % X.cols]),
  );
}

/**
 * X with every row scaled to |x|² = N0, the number of columns, so that K0 = x·x'/N0 has a diagonal of ones.
 * @param describe Names a row in messages, e.g. `image 7 of train-images-idx3-ubyte`.
 * @throws GGDLN_DATA for a row of zeros, naming it.
 */
export function normaliseRows(X: Matrix, describe: (row: number) => string = (row) => `row ${row}`): Matrix {
  const out = matrix(X.rows, X.cols, X.data.slice());
  for (let row = 0; row < X.rows; row++) {
    const values = out.data.subarray(row * X.cols, (row + 1) * X.cols);
    const meanSquare = values.reduce((sum, value) => sum + value * value, 0) / X.cols;
    if (!(meanSquare > BLANK * BLANK)) {
      throw new GgdlnError({
        code: 'GGDLN_DATA',
        where: `${where} normaliseRows`,
        problem: `${describe(row)} has no length (|x|² = ${meanSquare * X.cols}), so it can't be scaled to |x|² = N0 = ${X.cols}`,
        remedy: 'Turn off normalise or centre, use more pixels, or leave the example out',
      });
    }
    const scale = 1 / Math.sqrt(meanSquare);
    for (let i = 0; i < values.length; i++) values[i] *= scale;
  }
  return out;
}
