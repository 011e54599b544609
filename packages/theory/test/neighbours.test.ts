import {
  createRandom,
  GgdlnError,
  type LinalgBackend,
  type Neighbour,
  type Problem,
  type RunContext,
} from '@ggdln/core';
import { createWasmBackend, type Matrix, matrix, maxAbs } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { warmOrCold } from '../src/ggdln/widths.ts';
import { theoryPlugin } from '../src/index.ts';
import { distance, type RandomProblem, randomProblem } from './helpers.ts';

const wasm = await createWasmBackend();
const WIDTHS = [400, 150, 60, 25, 10, 5];
const theory = theoryPlugin.theory!.ggdln.create({
  tolerance: 1e-10,
  maxIterations: 1000,
  acceleration: true,
  restarts: 0,
});

/** The problem as experiments give it, at any width; all share the same arrays. */
function problems(given: RandomProblem): (width: number) => Problem {
  const { X, y, gates, test, sigma, temperature } = randomProblem(given);
  const Y = y as Matrix;
  return (width) => ({
    train: { X, Y, gates },
    test: { X: test!.X, Y: matrix(test!.X.rows, Y.cols), gates: test!.gates },
    gateNames: [],
    architecture: {
      family: 'ggdln',
      widths: gates.map(() => width),
      sigma,
      shapes: () => ({}),
      predict: () => expect.unreachable(),
    },
    temperature,
  });
}

const context = (more: Partial<RunContext> = {}): RunContext => ({ rng: createRandom(1), linalg: wasm, ...more });

/** Solves widths in this order, each beside those before it, the nearest last. */
async function sweep(at: (width: number) => Problem, order: readonly number[], more: Partial<RunContext> = {}) {
  const neighbours: Neighbour[] = [];
  const found = new Map<number, Awaited<ReturnType<typeof theory.solve>>>();
  for (const width of order) {
    const result = await theory.solve(at(width), context({ ...more, neighbours: neighbours.slice(-4) }));
    neighbours.push({ widths: at(width).architecture.widths, orderParameters: result.orderParameters });
    found.set(width, result);
  }
  return found;
}

describe('the theory ggdln beside other widths', () => {
  it.each<readonly [string, RandomProblem]>([
    ['one layer', { P: 60, N0: 40, gates: [6], temperature: 0.1 }],
    ['T = 0', { P: 60, N0: 40, gates: [6], temperature: 0 }],
    ['two outputs', { P: 30, N0: 20, gates: [4], outputs: 2, temperature: 0.05 }],
    ['two layers', { P: 30, N0: 20, gates: [2, 3], temperature: 0.1 }],
    ['more gates than examples', { P: 8, N0: 20, gates: [12], temperature: 0.1 }],
    ['gates of two layers, more than examples', { P: 8, N0: 20, gates: [4, 5], temperature: 0.1, realGates: true }],
    ['a singular kernel', { P: 40, N0: 3, gates: [4], temperature: 0.1 }],
    ['large targets', { P: 40, N0: 20, gates: [4], temperature: 0.01, scale: 10 }],
  ])('gives the numbers of solves alone, from wide to narrow and back: %s', async (_, given) => {
    const at = problems(given);
    const alone = new Map(
      await Promise.all(WIDTHS.map(async (N) => [N, await theory.solve(at(N), context())] as const)),
    );
    let saved = 0;
    for (const order of [WIDTHS, [...WIDTHS].reverse()]) {
      for (const [width, result] of await sweep(at, order, { kept: new Map() })) {
        const cold = alone.get(width)!;
        for (const [name, U] of Object.entries(cold.orderParameters)) {
          expect(distance(result.orderParameters[name].data, U.data)).toBeLessThan(3e-8 * maxAbs(U));
        }
        for (const kind of ['mean', 'variance'] as const) {
          const scale = maxAbs(cold.predictor[kind]);
          expect(distance(result.predictor[kind].data, cold.predictor[kind].data)).toBeLessThan(3e-8 * scale);
        }
        expect(Math.abs(result.diagnostics.action / cold.diagnostics.action - 1)).toBeLessThan(1e-12);
        expect(cold.diagnostics.warmStart).toBe(0);
        expect(result.diagnostics.warmStart).toBe(width === order[0] ? 0 : 1);
        if (order === WIDTHS) saved += cold.diagnostics.evaluations - result.diagnostics.evaluations;
      }
    }
    expect(saved).toBeGreaterThan(0);
  });

  it('prepares data that points share once, to the same bits, and anew for others', async () => {
    const counted = { syrk: 0 };
    const linalg: LinalgBackend = {
      ...wasm,
      syrk: (a, options) => {
        if (a.rows === 30 && a.cols === 17) counted.syrk += 1;
        return wasm.syrk(a, options);
      },
    };
    const at = problems({ P: 30, N0: 17, gates: [4], temperature: 0.1 });
    const kept = new Map();
    const first = await theory.solve(at(20), context({ linalg, kept }));
    const warmer = await theory.solve({ ...at(20), temperature: 0.2 }, context({ linalg, kept }));
    const again = await theory.solve(at(20), context({ linalg, kept }));
    expect(counted.syrk).toBe(1);
    expect(again).toEqual(first);
    expect(warmer).toEqual(await theory.solve({ ...at(20), temperature: 0.2 }, context()));
    const { train } = at(20);
    for (const other of [
      { ...train, X: { ...train.X, data: train.X.data.slice() } },
      { ...train, Y: { ...train.Y, data: train.Y.data.map((y) => 2 * y) } },
      { ...train, gates: train.gates.map((gates) => ({ ...gates, data: gates.data.map((g) => 1 - g / 2) })) },
    ]) {
      const before = counted.syrk;
      const problem = { ...at(20), train: other };
      expect(await theory.solve(problem, context({ linalg, kept }))).toEqual(await theory.solve(problem, context()));
      expect(counted.syrk).toBe(before + 1);
    }
    expect(kept.size).toBe(1);
  });

  it('takes no start from what is not this problem’s', async () => {
    const at = problems({ P: 20, N0: 10, gates: [3], temperature: 0.1 });
    const cold = await theory.solve(at(20), context());
    const neighbours: Neighbour[] = [
      { widths: [30], orderParameters: { U1: matrix(2, 2, Float64Array.of(1, 0, 0, 1)) } },
      { widths: [30, 30], orderParameters: { U1: matrix(3, 3), U2: matrix(3, 3) } },
      { widths: [30], orderParameters: {} },
    ];
    expect(await theory.solve(at(20), context({ neighbours }))).toEqual(cold);
  });

  it('starts as if alone where no saddle point is found from the neighbours', async () => {
    const at = problems({ P: 20, N0: 10, gates: [3], temperature: 0.1 });
    const cold = await theory.solve(at(20), context());
    for (const size of [1e-250, 1e250]) {
      const far = matrix(3, 3, Float64Array.of(size, 0, 0, 0, 1, 0, 0, 0, 1 / size));
      const neighbours = [{ widths: [21], orderParameters: { U1: far } }];
      const { predictor } = await theory.solve(at(20), context({ neighbours }));
      expect(distance(predictor.mean.data, cold.predictor.mean.data)).toBeLessThan(1e-7);
    }
  });
});

describe('warmOrCold', () => {
  const initial = [matrix(1, 1)];
  const failure = (code: 'GGDLN_NOT_CONVERGED' | 'GGDLN_NUMERICAL' | 'GGDLN_CANCELLED') =>
    new GgdlnError({ code, where: 'test', problem: 'no' });

  it('solves again from the usual start where a saddle point is not found, and only there', async () => {
    const starts: boolean[] = [];
    const solve = (code: Parameters<typeof failure>[0]) => async (start: { initial?: readonly Matrix[] }) => {
      starts.push(start.initial !== undefined);
      if (start.initial) throw failure(code);
      return 'cold';
    };
    expect(await warmOrCold(initial, solve('GGDLN_NOT_CONVERGED'))).toBe('cold');
    expect(await warmOrCold(initial, solve('GGDLN_NUMERICAL'))).toBe('cold');
    expect(await warmOrCold(undefined, solve('GGDLN_NUMERICAL'))).toBe('cold');
    expect(starts).toEqual([true, false, true, false, false]);
    await expect(warmOrCold(initial, solve('GGDLN_CANCELLED'))).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
    expect(starts).toHaveLength(6);
  });
});
