import type { Matrix } from '@ggdln/core';

const HEADER = 54;

/**
 * A matrix as a picture of one pixel an entry, as the address of a BMP: the same everywhere, without a canvas.
 * @param color `#rrggbb` of a value.
 */
export function bitmapUrl({ rows, cols, data }: Matrix, color: (value: number) => string): string {
  const line = Math.ceil((3 * cols) / 4) * 4;
  const bytes = new Uint8Array(HEADER + rows * line);
  const head = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  head.setUint32(2, bytes.length, true);
  head.setUint32(10, HEADER, true);
  head.setUint32(14, 40, true);
  head.setInt32(18, cols, true);
  // A negative height: rows from the top down.
  head.setInt32(22, -rows, true);
  head.setUint16(26, 1, true);
  head.setUint16(28, 24, true);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const rgb = Number.parseInt(color(data[i * cols + j]).slice(1), 16);
      const at = HEADER + i * line + 3 * j;
      bytes[at] = rgb & 255;
      bytes[at + 1] = (rgb >> 8) & 255;
      bytes[at + 2] = rgb >> 16;
    }
  }
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return `data:image/bmp;base64,${btoa(text)}`;
}
