import { createRandom } from '@ggdln/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createMlMatrixBackend, createSingleProduct, createWasmBackend, type LinalgBackend } from '../src/index.ts';

const plain = createMlMatrixBackend();
let wasm: LinalgBackend;

beforeAll(async () => {
  wasm = await createWasmBackend();
});

const singles = (seed: string, count: number) => createRandom(seed).fillGaussian(new Float32Array(count));

describe.each([
  [false, false],
  [false, true],
  [true, false],
  [true, true],
])('float32 products on wasm, transA %s, transB %s', (transA, transB) => {
  // Tiles are 4 × 8, packed blocks 256 rows, 256 deep and 2048 columns wide.
  it.each([
    [2, 2, 1],
    [4, 8, 256],
    [7, 9, 257],
    [261, 12, 3],
    [3, 2051, 6],
    [100, 50, 30],
    [33, 70, 600],
  ])('are those of float64 to rounding, %i × %i × %i', (m, n, k) => {
    const [a, b, c] = [singles('a', m * k), singles('b', k * n), singles('c', m * n)];
    const product = { m, n, k, transA, transB, alpha: -0.75, beta: 0.5 };
    const expected = Float64Array.from(c);
    plain.multiplyInto(product, Float64Array.from(a), Float64Array.from(b), expected);
    wasm.multiplyInto(product, a, b, c);
    const error = Math.max(...c.map((value, i) => Math.abs(value - expected[i])));
    expect(error).toBeLessThan(6e-7 * k ** 0.5 * 10);
  });
});

it('computes the same in float32 whatever lies in its memory, and reads C only where beta is not 0', () => {
  const [m, n, k] = [5, 11, 13];
  const [a, b] = [singles('a', m * k), singles('b', k * n)];
  const fresh = new Float32Array(m * n);
  wasm.multiplyInto({ m, n, k }, a, b, fresh);
  const noise = new Float32Array(m * n).fill(Number.NaN);
  wasm.multiplyInto({ m: 40, n: 40, k: 40 }, singles('x', 1600), singles('y', 1600), new Float32Array(1600));
  wasm.multiplyInto({ m, n, k }, a, b, noise);
  expect(noise).toEqual(fresh);
});

it('works between offsets and leaves the rest of C alone', () => {
  const [m, n, k] = [6, 5, 4];
  const [a, b] = [singles('a', 3 + m * k), singles('b', 2 + k * n)];
  const c = new Float32Array(m * n + 9).fill(7);
  wasm.multiplyInto({ m, n, k, offsets: { a: 3, b: 2, c: 4 } }, a, b, c);
  const expected = new Float32Array(m * n);
  wasm.multiplyInto({ m, n, k }, a.slice(3), b.slice(2), expected);
  expect(c.subarray(4, 4 + m * n)).toEqual(expected);
  expect([...c.subarray(0, 4), ...c.subarray(4 + m * n)]).toEqual(new Array(9).fill(7));
});

describe('createSingleProduct', () => {
  it('multiplies in place in a memory of the caller, after it has grown too', async () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const product = await createSingleProduct(memory);
    memory.grow(Math.ceil(product.workBytes() / 65_536));
    const work = 65_536;
    new Float32Array(memory.buffer, 0, 4).set([1, 2, 3, 4]);
    new Float32Array(memory.buffer, 64, 4).set([0, 1, 1, 0]);
    new Float32Array(memory.buffer, 128, 4).set([100, 100, 100, 100]);
    product.multiply(2, 2, 2, 1, 0, 2, 1, 64, 2, 1, 1, 128, work);
    expect([...new Float32Array(memory.buffer, 128, 4)]).toEqual([102, 101, 104, 103]);
  });

  it('refuses a memory that threads share', async () => {
    const shared = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
    await expect(createSingleProduct(shared)).rejects.toThrow(
      /float32 product does not run here .*Give an unshared WebAssembly\.Memory/,
    );
  });
});
