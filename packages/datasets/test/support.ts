import { readFileSync } from 'node:fs';
import { createRandom, type FileSource, isGgdlnError, type RandomStream } from '@ggdln/core';
import { expect } from 'vitest';
import { MNIST_FILES } from '../src/index.ts';

export const EXTRACT: URL = new URL('data/mnist/', import.meta.url);
export const FILE_NAMES: readonly string[] = Object.values(MNIST_FILES).flatMap(({ images, labels }) => [
  images,
  labels,
]);

/** The bytes of a file of the committed extract. */
export function extractFile(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, EXTRACT)));
}

/** Serves files from memory: the extract unless others are given. */
export function memoryFiles(files: Readonly<Record<string, Uint8Array>> = {}): FileSource {
  return { read: async (_, name) => files[name] ?? extractFile(name) };
}

/** An IDX file of bytes. */
export function idxFile(shape: readonly number[], data: ArrayLike<number>): Uint8Array {
  const sizes = shape.flatMap((size) => [size >>> 24, (size >> 16) & 255, (size >> 8) & 255, size & 255]);
  return Uint8Array.from([0, 0, 8, shape.length, ...sizes, ...Array.from(data)]);
}

export function rng(seed: number | string = 1): RandomStream {
  return createRandom(seed);
}

/** Runs something that must fail and returns the message, after checking the code. */
export async function failure(code: string, run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (!isGgdlnError(error)) throw error;
    expect(error.code).toBe(code);
    return error.message;
  }
  throw new Error(`nothing was thrown, expected ${code}`);
}
