import type { Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';

/** Rows turned by an angle in the planes of coordinates (order[0], order[1]), (order[2], order[3]), …; isometric. */
export function rotatePlanes(X: Matrix, order: ArrayLike<number>, angle: number): Matrix {
  const out = matrix(X.rows, X.cols, X.data.slice());
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  for (let row = 0; row < X.rows; row++) {
    for (let k = 0; k + 1 < order.length; k += 2) {
      const [a, b] = [row * X.cols + order[k], row * X.cols + order[k + 1]];
      out.data[a] = cosine * X.data[a] - sine * X.data[b];
      out.data[b] = sine * X.data[a] + cosine * X.data[b];
    }
  }
  return out;
}

/**
 * Square images (rows of side² numbers) turned counter-clockwise about their centre; bilinear between pixels, 0 outside.
 */
export function rotateImages(X: Matrix, side: number, angle: number): Matrix {
  const out = matrix(X.rows, X.cols);
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const centre = (side - 1) / 2;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [dx, dy] = [x - centre, y - centre];
      const weights = bilinear(centre + cosine * dx - sine * dy, centre + sine * dx + cosine * dy, side);
      for (let row = 0; row < X.rows; row++) {
        let sum = 0;
        for (const [pixel, weight] of weights) sum += weight * X.data[row * X.cols + pixel];
        out.data[row * X.cols + y * side + x] = sum;
      }
    }
  }
  return out;
}

/** Pixels around a place, with their weights. */
function bilinear(x: number, y: number, side: number): readonly (readonly [number, number])[] {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, below] = [x - left, y - top];
  const corners = [
    [left, top, (1 - right) * (1 - below)],
    [left + 1, top, right * (1 - below)],
    [left, top + 1, (1 - right) * below],
    [left + 1, top + 1, right * below],
  ];
  return corners
    .filter(([i, j, weight]) => weight > 0 && i >= 0 && j >= 0 && i < side && j < side)
    .map(([i, j, weight]) => [j * side + i, weight]);
}
