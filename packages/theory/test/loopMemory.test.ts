import { createMlMatrixBackend, createWasmBackend } from '@ggdln/linalg';
import { afterEach, expect, it, vi } from 'vitest';
import { prepareGgdln, solvePreparedGgdln } from '../src/index.ts';
import { randomProblem } from './helpers.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

it.each([
  ['ml-matrix', 1],
  ['ml-matrix', 2],
  ['wasm', 1],
] as const)('kernels in SIMD memory give the bits of kernels that are not, %s, %i outputs', async (name, outputs) => {
  const linalg = name === 'wasm' ? await createWasmBackend() : createMlMatrixBackend();
  const problem = randomProblem({ P: 130, N0: 140, gates: [3], widths: [40], tests: 4, outputs });
  const solve = async () => {
    const prepared = await prepareGgdln(problem, { linalg });
    return { buffer: prepared.K0.data.buffer, ...(await solvePreparedGgdln(prepared, problem)) };
  };
  const fast = await solve();
  vi.stubGlobal('WebAssembly', undefined);
  const plain = await solve();
  expect(fast.buffer.byteLength).toBeGreaterThan(8 * 130 ** 2 + 8 * (130 * outputs) ** 2);
  expect(plain.buffer.byteLength).toBe(8 * 130 ** 2);
  expect(fast.U).toEqual(plain.U);
  expect(fast.predictor).toEqual(plain.predictor);
  expect(fast.action).toBe(plain.action);
  // The one sum that SIMD adds in another order.
  expect(fast.conditionNumber / plain.conditionNumber).toBeCloseTo(1, 12);
});
