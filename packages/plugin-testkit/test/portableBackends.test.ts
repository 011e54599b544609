// Here and not in @ggdln/linalg: the testkit stands on that package, which therefore can't depend on the testkit.
import { readdirSync, readFileSync } from 'node:fs';
import { createMlMatrixBackend, createWasmBackend } from '@ggdln/linalg';
import { expect, it } from 'vitest';
import { type NastyMatrix, testLinalg } from '../src/index.ts';

const folder = new URL('../../../fixtures/linalg/', import.meta.url);
const nasty: Readonly<Record<string, NastyMatrix>> = Object.fromEntries(
  readdirSync(folder).map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8'))]),
);

testLinalg('ml-matrix', createMlMatrixBackend, { nasty });
testLinalg('wasm', createWasmBackend, { nasty, reference: createMlMatrixBackend });

it('keeps at least the kinds of trouble that were met', () => {
  const kinds = ['clustered40', 'gluedWilkinson63', 'graded20', 'gram30', 'gram30singular', 'hilbert12', 'kernel32'];
  const scales = ['signs64', 'tiny16', 'huge16', 'graded12', 'gated24', 'wilkinson21'];
  expect(Object.keys(nasty).sort()).toEqual([...kinds, ...scales].map((name) => `${name}.json`).sort());
});
