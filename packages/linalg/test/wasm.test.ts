import { afterEach, describe, expect, it, vi } from 'vitest';
import { createWasmBackend, identity } from '../src/index.ts';
import { createArena } from '../src/wasm/arena.ts';
import { instantiateKernels } from '../src/wasm/kernels.ts';

describe('the arena', () => {
  it('gives places that do not overlap and grows once for calls of one size', async () => {
    const kernels = await instantiateKernels();
    const arena = createArena(kernels);
    const counts = [3, 100_000, 1];
    const places = arena.reserve('a test', ...counts);
    const size = kernels.memory.buffer.byteLength;
    for (const [i, place] of places.entries()) {
      expect(place).toBeGreaterThanOrEqual(i === 0 ? kernels.firstFreeByte() : places[i - 1] + 8 * counts[i - 1]);
      expect(place % 64).toBe(0);
      arena.view(place, counts[i]).fill(i);
    }
    expect(places.map((place, i) => arena.read(place, counts[i]).every((value) => value === i))).toEqual([
      true,
      true,
      true,
    ]);
    expect(arena.reserve('a test', ...counts)).toEqual(places);
    arena.reserve('a smaller test', 5);
    expect(kernels.memory.buffer.byteLength).toBe(size);
  });

  it('refuses what does not fit, with the operation, its size and a way out', async () => {
    const arena = createArena(await instantiateKernels());
    expect(() => arena.reserve('cholesky of 30000 × 30000', 30_000 ** 2)).toThrow(
      /cholesky of 30000 × 30000 needs 6\.71 GiB of WebAssembly memory.*4\.00 GiB.*ml-matrix/,
    );
  });

  it('refuses what the machine does not give', async () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 });
    const arena = createArena({ memory, firstFreeByte: () => 0 });
    expect(() => arena.reserve('svd of 100 × 1000', 100_000)).toThrow(/svd of 100 × 1000 .*did not give that much/);
  });
});

describe('without WebAssembly SIMD', () => {
  afterEach(() => vi.unstubAllGlobals());

  /** The module as it would load where compiling the kernels fails. */
  async function loadWithout() {
    vi.resetModules();
    vi.stubGlobal('WebAssembly', {
      compile: async () => {
        throw new Error('Wasm SIMD unsupported');
      },
    });
    return import('../src/index.ts');
  }

  it('refuses the wasm backend', async () => {
    const linalg = await loadWithout();
    const refused = await linalg.createWasmBackend().catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'GGDLN_BACKEND' });
    expect((refused as Error).message).toMatch(/SIMD does not run here \(Wasm SIMD unsupported\)\. Use the ml-matrix/);
    await expect(linalg.chooseLinalg('wasm')).rejects.toThrow(/SIMD does not run here/);
  });

  it('falls back to ml-matrix and says why', async () => {
    const linalg = await loadWithout();
    const { backend, reason } = await linalg.chooseLinalg();
    expect(backend.name).toBe('ml-matrix');
    expect(reason).toMatch(
      /^ml-matrix: plain JavaScript.*; the fastest that runs here\. wasm would be faster: .*SIMD does not run here/,
    );
  });
});

it('gives each backend a memory of its own', async () => {
  const [a, b] = await Promise.all([createWasmBackend(), createWasmBackend()]);
  const first = a.cholesky(identity(5, 4));
  b.cholesky(identity(5, 9));
  expect(first.data).toEqual(identity(5, 2).data);
});
