import { createRandom, type LinalgBackend, type Matrix, type Problem } from '@ggdln/core';
import { createWasmBackend, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { infiniteWidthPredictor, planGgdlnMemory, prepareGgdln, solveGgdln, theoryPlugin } from '../src/index.ts';
import { randomProblem } from './helpers.ts';

const wasm = await createWasmBackend();

describe('memory', () => {
  const sizes = { P: 600, N0: 300, gates: [8], tests: 50, linalg: 'openblas' };

  it('that a solve takes is what the plan says', async () => {
    const problem = randomProblem({ P: 600, N0: 300, gates: [8], tests: 50, temperature: 0.1, widths: [100] });
    const plan = planGgdlnMemory(sizes);
    expect(plan.peak).toBe(plan.objects.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(plan.objects[0]).toEqual({ name: 'inputs, targets and gates', bytes: 8 * (650 * 308 + 600) });
    const meter = meteredBackend(wasm);
    // One evaluation and the predictor: with more, the products with the gates would be counted again.
    await infiniteWidthPredictor(problem, { linalg: meter.backend });
    const one = meter.bytes();
    expect(one).toBeLessThan(plan.peak);
    expect(one).toBeGreaterThan(0.9 * plan.peak);
    const more = meteredBackend(wasm);
    const { evaluations } = await solveGgdln(problem, { linalg: more.backend });
    expect(evaluations).toBeGreaterThan(4);
    // No evaluation takes another kernel.
    expect(more.bytes() - one).toBeLessThan(evaluations * 4 * 8 * 600 * 8);
  });

  it('is refused before it is taken, with the plan and what would fit', async () => {
    const problem = randomProblem({ P: 60, N0: 30, gates: [8] });
    const needed = planGgdlnMemory({ P: 60, N0: 30, gates: [8], tests: 5, linalg: 'wasm' }).peak;
    await expect(solveGgdln(problem, { linalg: wasm, memoryLimit: needed })).resolves.toBeDefined();
    const refused = solveGgdln(problem, { linalg: wasm, memoryLimit: needed / 2 });
    await expect(refused).rejects.toThrow(
      /60 examples, 30 inputs and 8 gates need 0\.\d+ MB of memory, 0\.\d+ MB may be used: .*kernel.* MB; .*At most \d+ examples fit.*or the openblas backend/,
    );
    const most = Number(/At most (\d+)/.exec(await refused.catch(({ message }) => message))?.[1]);
    expect(planGgdlnMemory({ P: most, N0: 30, gates: [8], tests: 5 }).peak).toBeLessThanOrEqual(needed / 2);
    expect(planGgdlnMemory({ P: most + 1, N0: 30, gates: [8], tests: 5 }).peak).toBeGreaterThan(needed / 2);
    await expect(prepareGgdln(problem, { linalg: wasm, memoryLimit: 0 })).rejects.toThrow(/memoryLimit is 0/);
    await expect(prepareGgdln(problem, { linalg: wasm, memoryLimit: 10 })).rejects.toThrow(/Not even one example fits/);
    expect(() => planGgdlnMemory({ ...sizes, gates: [1.5] })).toThrow(/gates\[0\] is 1\.5/);
  });

  it.each([
    ['at T = 0', { temperature: 0 }],
    ['with more targets than the kernel has rank', { temperature: 0.1, N0: 4 }],
    ['at a temperature close to 0', { temperature: 1e-9 }],
    ['with dependent gates', { temperature: 0.1, N0: 12, same: true }],
  ])('that the range of the kernel takes is planned and refused too: %s', async (_, given) => {
    const made = randomProblem({ P: 60, N0: 30, gates: [8], ...given });
    const [layer] = made.gates;
    const problem = 'same' in given ? { ...made, gates: [{ ...layer, data: layer.data.fill(1) }] } : made;
    const sizes = { P: 60, N0: problem.X.cols, gates: [8], tests: 5, linalg: 'wasm' };
    const without = planGgdlnMemory({ ...sizes, rangeNeeded: false }).peak;
    const needed = planGgdlnMemory({ ...sizes, rangeNeeded: true }).peak;
    expect(needed - without).toBe(5 * 8 * 60 ** 2);
    // What the sizes tell alone is planned without being asked for.
    const foreseen = given.temperature === 0 || problem.X.cols * 8 < 60;
    expect(planGgdlnMemory({ ...sizes, temperature: given.temperature }).peak).toBe(foreseen ? needed : without);
    await expect(solveGgdln(problem, { linalg: wasm, memoryLimit: needed })).resolves.toBeDefined();
    for (const memoryLimit of [needed - 1, without]) {
      const limits = { linalg: wasm, memoryLimit };
      await expect(solveGgdln(problem, limits)).rejects.toThrow(
        /range of a singular kernel 0\.144 MB.*At most \d+ examp/,
      );
      await expect(infiniteWidthPredictor(problem, limits)).rejects.toThrow(/range of a singular kernel/);
    }
  });

  it('is not refused for a range that nothing needs', async () => {
    const regular = randomProblem({ P: 60, N0: 30, gates: [8], temperature: 0.1 });
    const sizes = { P: 60, N0: 30, gates: [8], tests: 5, linalg: 'wasm' };
    const memoryLimit = planGgdlnMemory({ ...sizes, rangeNeeded: false }).peak;
    await expect(solveGgdln(regular, { linalg: wasm, memoryLimit })).resolves.toBeDefined();
  });

  it.each(['ggdln', 'infinite-width'])('is refused by the theory %s of a plugin', async (name) => {
    const { X, y, gates, test } = randomProblem({ P: 60, N0: 30, gates: [8], outputs: 2 });
    const problem: Problem = {
      train: { X, Y: y as Matrix, gates },
      test: { X: test!.X, Y: matrix(5, 2), gates: test!.gates },
      gateNames: [],
      architecture: {
        family: 'ggdln',
        widths: [40],
        sigma: 1,
        shapes: () => ({}),
        predict: () => expect.unreachable(),
      },
      temperature: 0.1,
    };
    const peak = planGgdlnMemory({ P: 60, N0: 30, gates: [8], outputs: 2, tests: 5, linalg: 'wasm' }).peak;
    const theory = theoryPlugin.theory![name].create({});
    const context = { rng: createRandom(1), linalg: wasm };
    await expect(theory.solve(problem, { ...context, memoryLimit: peak })).resolves.toBeDefined();
    await expect(theory.solve(problem, { ...context, memoryLimit: peak - 1 })).rejects.toThrow(
      /kernel K \+ TI.*At most 59 examples fit/,
    );
  });

  it('of ten thousand examples is two kernels', () => {
    const { peak } = planGgdlnMemory({ P: 10_000, N0: 784, gates: [50], linalg: 'openblas' });
    expect(peak).toBeGreaterThan(2 * 8e8);
    expect(peak).toBeLessThan(2.5 * 8e8);
  });
});

/** A backend that gives results back in the memory that may be overwritten, and notes all memory it meets. */
function meteredBackend(backend: LinalgBackend): { readonly backend: LinalgBackend; readonly bytes: () => number } {
  const seen = new Set<ArrayBufferLike>();
  const note = (value: unknown) => {
    if (value instanceof Float64Array) seen.add(value.buffer);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(note);
  };
  const metered = new Proxy(backend, {
    get: (target, name: keyof LinalgBackend) => {
      const method = target[name];
      if (typeof method !== 'function') return method;
      return (...given: never[]) => {
        const result = (method as (...all: never[]) => unknown)(...given);
        note(given);
        note(result);
        return result;
      };
    },
  });
  return { backend: metered, bytes: () => [...seen].reduce((sum, { byteLength }) => sum + byteLength, 0) };
}
