import { GgdlnError } from '@ggdln/core';
import { type GreyImage, LARGEST_FILE } from './dropped.ts';

/**
 * Reads pictures and brings them to one size in shades of grey (0.299 R + 0.587 G + 0.114 B), cut to their middle
 * square. What is transparent becomes white.
 * @param yields Called between pictures, so that the page stays alive.
 * @throws GGDLN_DATA for a file that the browser can't read as a picture.
 */
export async function readGreyImages(
  files: readonly File[],
  side: number,
  yields: () => Promise<void> = () => new Promise((resolve) => setTimeout(resolve)),
): Promise<GreyImage[]> {
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const brush = canvas.getContext('2d', { willReadFrequently: true });
  if (!brush) throw unreadable('pictures', 'this browser has no canvas to read them with');
  const images: GreyImage[] = [];
  for (const file of files) {
    images.push({ name: file.name, pixels: await readOne(file, side, brush) });
    await yields();
  }
  return images;
}

async function readOne(file: File, side: number, brush: CanvasRenderingContext2D): Promise<Uint8Array> {
  if (file.size > LARGEST_FILE) throw unreadable(file.name, `it has ${Math.round(file.size / 1e6)} MB`);
  const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
    throw unreadable(file.name, cause instanceof Error ? cause.message : 'it is no PNG or JPEG');
  });
  const edge = Math.min(bitmap.width, bitmap.height);
  brush.fillStyle = '#fff';
  brush.fillRect(0, 0, side, side);
  brush.imageSmoothingQuality = 'high';
  brush.drawImage(bitmap, (bitmap.width - edge) / 2, (bitmap.height - edge) / 2, edge, edge, 0, 0, side, side);
  bitmap.close();
  return greyOfPixels(brush.getImageData(0, 0, side, side).data);
}

/** Shades of grey of pixels in four channels; the fourth, opacity, is taken to be full. */
export function greyOfPixels(pixels: Uint8ClampedArray): Uint8Array {
  return Uint8Array.from({ length: pixels.length / 4 }, (_, i) =>
    Math.round(0.299 * pixels[4 * i] + 0.587 * pixels[4 * i + 1] + 0.114 * pixels[4 * i + 2]),
  );
}

function unreadable(name: string, why: string): GgdlnError {
  return new GgdlnError({
    code: 'GGDLN_DATA',
    where: 'Own data',
    problem: `${name} can't be read as a picture: ${why}`,
    remedy: 'Drop PNG or JPEG files, or a table as CSV, NPY or NPZ',
  });
}
