import { readdirSync, readFileSync } from 'node:fs';
import { createMlMatrixBackend } from '@ggdln/linalg';
import { type NastyMatrix, testLinalg } from '@ggdln/plugin-testkit';
import { expect, it } from 'vitest';
import { createOpenblasBackend } from '../src/index.ts';
import { whyNotNative } from './native.ts';

const folder = new URL('../../../fixtures/linalg/', import.meta.url);
const nasty: Readonly<Record<string, NastyMatrix>> = Object.fromEntries(
  readdirSync(folder).map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8'))]),
);

const why = await whyNotNative();
if (why === undefined) {
  testLinalg('openblas', createOpenblasBackend, { nasty, reference: createMlMatrixBackend });
  testLinalg('openblas on one thread', () => createOpenblasBackend({ threads: 1 }));
} else {
  it(`says why the native backend is not tested here: ${why}`, () => {
    expect(why).toContain('tried');
  });
}
