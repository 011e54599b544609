import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeNpy } from '@ggdln/io';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EXIT_CODES } from '../src/exitCodes.ts';
import { ggdln, newFolder } from './runCommand.ts';

const folder = newFolder();
const npy = (name: string, rows: number, cols: number, value: (at: number) => number) => {
  const data = Float64Array.from({ length: rows * cols }, (_, at) => value(at));
  writeFileSync(join(folder, name), encodeNpy({ shape: [rows, cols], dtype: 'float64', data }));
  return join(folder, name);
};
const solve = [
  ...['solve', 'ggdln', '--json', '--width', '20', '--temperature', '0.1'],
  ...['--X', npy('X.npy', 6, 3, (at) => Math.sin(at)), '--Y', npy('Y.npy', 6, 1, (at) => Math.cos(at))],
  ...['--gates', npy('gates.npy', 6, 2, (at) => (at % 2 === 0 || at % 3 === 0 ? 1 : 0))],
];

describe('without a native library', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('computes the same, and one line says what would be faster and how to get it', async () => {
    vi.stubEnv('GGDLN_BLAS', '/nowhere/libopenblas.so');
    const without = await ggdln(solve);
    expect(without.code).toBe(EXIT_CODES.ok);
    const lines = without.stderr.split('\n').filter((line) => line.startsWith('Linear algebra: '));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^Linear algebra: wasm: .*; the fastest that runs here\. openblas would be faster: /);
    expect(lines[0]).toMatch(/\/nowhere\/libopenblas\.so \(GGDLN_BLAS\) can't be loaded .*Install one/);
    vi.unstubAllEnvs();
    const found = await ggdln(solve);
    // Both are within the solver's tolerance of 1e-8 of one saddle point, at a condition number of about 30.
    const [a, b] = [without, found].map(({ stdout }) => (JSON.parse(stdout) as { mean: number[][] }).mean.flat());
    expect(a).toHaveLength(6);
    for (const [i, value] of a.entries()) expect(b[i]).toBeCloseTo(value, 6);
  });

  it('refuses when the native backend is asked for, with the code of a backend', async () => {
    vi.stubEnv('GGDLN_BLAS', '/nowhere/libopenblas.so');
    const { code, stderr } = await ggdln([...solve, '--linalg', 'openblas']);
    expect(code).toBe(EXIT_CODES.backend);
    expect(stderr).toContain("/nowhere/libopenblas.so (GGDLN_BLAS) can't be loaded");
  });

  it('refuses threads that are no number', async () => {
    vi.stubEnv('GGDLN_BLAS_THREADS', 'many');
    const { code, stderr } = await ggdln([...solve, '--linalg', 'openblas']);
    expect([EXIT_CODES.usage, EXIT_CODES.backend]).toContain(code);
    expect(stderr).toMatch(/GGDLN_BLAS_THREADS is "many"|No BLAS library found/);
  });
});
