import type { Matrix } from '@ggdln/core';
import { bitmapUrl } from '../charts/bitmap.ts';
import { ramp } from '../charts/palette.ts';
import { escapeText } from '../charts/svg.ts';

/** A row of inputs as a picture, darkest at its largest pixel. @param size Px of its longer side. */
export function imageHtml(
  inputs: Matrix,
  row: number,
  [height, width]: readonly [number, number],
  stops: readonly string[],
  size: number,
  name: string,
): string {
  const values = inputs.data.subarray(row * inputs.cols, row * inputs.cols + height * width);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const color = (value: number) => ramp(stops, high > low ? (value - low) / (high - low) : 0);
  return imgHtml({ rows: height, cols: width, data: values }, color, size, name);
}

/** Weights as a picture, symmetric about zero. */
export function weightsHtml(
  weights: readonly number[],
  [height, width]: readonly [number, number],
  stops: readonly string[],
  size: number,
  name: string,
): string {
  const limit = Math.max(1e-12, ...weights.map(Math.abs));
  const color = (value: number) => ramp(stops, (value / limit + 1) / 2);
  return imgHtml({ rows: height, cols: width, data: Float64Array.from(weights) }, color, size, name);
}

function imgHtml(matrix: Matrix, color: (value: number) => string, size: number, name: string): string {
  const scale = size / Math.max(matrix.rows, matrix.cols);
  const [width, height] = [Math.round(matrix.cols * scale), Math.round(matrix.rows * scale)];
  return `<img class="panel-image" alt="${escapeText(name)}" width="${width}" height="${height}" src="${bitmapUrl(matrix, color)}">`;
}
