import { isGgdlnError } from '@ggdln/core';
import { countLeakedTensors, ensureTensorBackend } from '@ggdln/tensor';
import { beforeAll, describe, expect, it } from 'vitest';
import { gradientDescent } from '../../src/gradient/gradientDescent.ts';
import { finish, ggdlnProblem, linalg, linearPosterior, linearProblem, makeContext } from './problems.ts';

beforeAll(async () => {
  await ensureTensorBackend();
});

describe('gradientDescent', () => {
  it.each([
    ['automatic step', { learningRate: 0 }],
    ['given step, no momentum', { learningRate: 0.3, momentum: 0 }],
  ])('finds the ridge solution of a linear model: %s', async (_, options) => {
    for (const temperature of [0, 0.3]) {
      const problem = linearProblem(temperature, 0.8);
      const { result } = await finish(gradientDescent({ ...options, tolerance: 1e-7 }), problem, makeContext(1));
      const { mean } = linearPosterior(problem);
      for (const [i, value] of result.predictor.mean.value.data.entries()) expect(value).toBeCloseTo(mean[i], 4);
      expect(result.predictor.mean.stderr).toBeUndefined();
      expect(Math.max(...result.predictor.variance.value.data)).toBe(0);
    }
  });

  it('reaches a stationary point of a GGDLN: float64 gradient by differences of U', async () => {
    const problem = ggdlnProblem(0.05);
    const context = makeContext(2);
    const { result, snapshots } = await finish(gradientDescent({ steps: 20_000 }), problem, context);
    expect(context.warnings).toEqual([]);
    expect(result.diagnostics.converged.value).toBe(1);
    const { architecture, train, temperature } = problem;
    const objective = (parameters: { [name: string]: Float64Array }) => {
      const f = architecture.predict(parameters, train, linalg).data;
      const squares = Object.values(parameters)
        .flatMap((values) => [...values])
        .map((value) => value * value);
      const decay = temperature / architecture.sigma ** 2;
      return (
        0.5 * f.reduce((sum, value, i) => sum + (value - train.Y.data[i]) ** 2, 0) +
        0.5 * decay * squares.reduce((a, b) => a + b)
      );
    };
    const [parameters] = result.parameters;
    for (const name of Object.keys(parameters)) {
      for (let i = 0; i < parameters[name].length; i++) {
        const at = (delta: number) => {
          const values = parameters[name].slice();
          values[i] += delta;
          return objective({ ...parameters, [name]: values });
        };
        expect(Math.abs(at(1e-5) - at(-1e-5)) / 2e-5, `${name}[${i}]`).toBeLessThan(1e-3);
      }
    }
    expect(result.diagnostics.gradientNorm.value).toBeLessThan(0.1 * snapshots[0].scalars.gradientNorm);
  });

  it('corrects an automatic step that becomes too large, as from the flat start near zero weights', async () => {
    const problem = ggdlnProblem(0.05);
    const flat = await finish(gradientDescent({ initScale: 0.01 }), problem, makeContext(3));
    const usual = await finish(gradientDescent(), problem, makeContext(3));
    const { learningRate, curvature, trainError, converged } = flat.result.diagnostics;
    expect(converged.value).toBe(1);
    // Chosen as 1/λ, then halved at least once; the other start had no need.
    expect(learningRate.value * curvature.value).toBeLessThan(0.6);
    expect(usual.result.diagnostics.learningRate.value * usual.result.diagnostics.curvature.value).toBeCloseTo(1, 10);
    expect(trainError.value).toBeCloseTo(usual.result.diagnostics.trainError.value, 4);
  });

  it('averages over starts, with errors', async () => {
    const problem = ggdlnProblem(0.05);
    const { result } = await finish(gradientDescent({ starts: 4, steps: 100, tolerance: 0 }), problem, makeContext(4));
    const { mean, variance, batches } = result.predictor;
    expect(result.parameters).toHaveLength(4);
    expect(batches?.mean.rows).toBe(4);
    for (let j = 0; j < 4; j++) {
      const f = [0, 1, 2, 3].map((start) => batches!.mean.data[start * 4 + j]);
      const average = f.reduce((a, b) => a + b) / 4;
      const spread = f.reduce((sum, value) => sum + (value - average) ** 2, 0) / 3;
      expect(mean.value.data[j]).toBeCloseTo(average, 12);
      expect(variance.value.data[j]).toBeCloseTo(spread, 12);
      expect(mean.stderr!.data[j]).toBeCloseTo(Math.sqrt(spread / 4), 12);
    }
    expect(result.orderParameters.U1.value.rows).toBe(3);
    expect(result.orderParameters.U1.stderr!.data[0]).toBeGreaterThan(0);
  });

  it('shapes several outputs as P_test × C', async () => {
    const problem = linearProblem(0.1, 1, 3);
    const { result } = await finish(gradientDescent({ tolerance: 1e-7 }), problem, makeContext(1));
    expect([result.predictor.mean.value.rows, result.predictor.mean.value.cols]).toEqual([5, 3]);
    const { mean } = linearPosterior(problem);
    for (const [i, value] of result.predictor.mean.value.data.entries()) expect(value).toBeCloseTo(mean[i], 4);
  });

  it('gives the same bits for the same seed, others for another', async () => {
    const run = async (seed: number) => {
      const { result } = await finish(gradientDescent({ steps: 60 }), ggdlnProblem(0.05), makeContext(seed));
      return [...result.parameters[0].a];
    };
    expect(await run(7)).toEqual(await run(7));
    expect(await run(7)).not.toEqual(await run(8));
  });

  it('explains a divergence and names a step that works', async () => {
    const problem = linearProblem(0.1, 1);
    const failed = finish(gradientDescent({ learningRate: 5, momentum: 0 }), problem, makeContext(1));
    const error: unknown = await failed.catch((caught: unknown) => caught);
    if (!isGgdlnError(error)) throw new Error('it did not throw a GgdlnError');
    expect(error.code).toBe('GGDLN_NUMERICAL');
    expect(error.message).toMatch(
      /the loss reached \S+ at step \d+ \(it was \S+ at the start\): learningRate 5 is above the stability limit \S+ \(2\/λ, largest curvature λ = \S+\)\. Use learningRate \S+, or 0/,
    );
    const use = Number(/Use learningRate (\S+),/.exec(error.message)?.[1]);
    expect(error.changes).toEqual({ learningRate: use });
    const { result } = await finish(gradientDescent({ learningRate: use, momentum: 0 }), problem, makeContext(1));
    expect(result.diagnostics.converged.value).toBe(1);
    // Just below the limit it converges, just above it does not: the limit is the true one.
    const limit = Number(/stability limit (\S+) /.exec(error.message)?.[1]);
    const { result: below } = await finish(
      gradientDescent({ learningRate: 0.95 * limit, momentum: 0 }),
      problem,
      makeContext(1),
    );
    expect(below.diagnostics.converged.value).toBe(1);
    await expect(
      finish(gradientDescent({ learningRate: 1.05 * limit, momentum: 0 }), problem, makeContext(1)),
    ).rejects.toThrow('above the stability limit');
  });

  it('warns when it ends before its tolerance', async () => {
    const context = makeContext(1);
    await finish(gradientDescent({ steps: 3 }), ggdlnProblem(0.05), context);
    expect(context.warnings[0].code).toBe('gradient-descent-not-converged');
    expect(context.warnings[0].message).toMatch(/1 of 1 starts ended after 3 steps/);
  });

  it('leaves no tensors: at the end, when stopped, when cancelled, when it throws', async () => {
    const problem = ggdlnProblem(0.05);
    expect(
      await countLeakedTensors(() =>
        finish(gradientDescent({ steps: 40, gradient: 'autodiff' }), problem, makeContext(1)),
      ),
    ).toBe(0);
    const stopped = async () => {
      const run = gradientDescent({ steps: 1000, gradient: 'autodiff' }).run(problem, makeContext(1));
      await run.next();
      await run.return(undefined as never);
    };
    expect(await countLeakedTensors(stopped)).toBe(0);
    const cancelled = async () => {
      const controller = new AbortController();
      const run = gradientDescent({ steps: 1000, gradient: 'autodiff' }).run(
        problem,
        makeContext(1, { signal: controller.signal }),
      );
      await run.next();
      controller.abort();
      await expect(run.next()).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
    };
    expect(await countLeakedTensors(cancelled)).toBe(0);
    const broken = { ...problem, architecture: { ...problem.architecture, apply: undefined } };
    const throws = () =>
      expect(finish(gradientDescent({ gradient: 'autodiff' }), broken as never, makeContext(1))).rejects.toThrow(
        'no differentiable tensor program',
      );
    expect(await countLeakedTensors(throws)).toBe(0);
  });

  it.each([
    [{ steps: 0 }, 'steps is 0. Give a whole number ≥ 1'],
    [{ momentum: 1 }, 'momentum is 1. Give a number from 0 to below 1'],
    [{ learningRate: -1 }, 'learningRate is -1'],
    [{ starts: 1.5 }, 'starts is 1.5'],
    [{ initScale: 0 }, 'initScale is 0'],
    [{ tolerance: Number.NaN }, 'tolerance is NaN'],
    [{ gradient: 'exact' as never }, 'gradient is exact. Give auto, analytic, autodiff'],
    [{ precision: 'half' as never }, 'precision is half. Give float32 or float64'],
  ])('refuses %j', (options, message) => {
    expect(() => gradientDescent(options)).toThrow(message);
  });

  it('refuses problems that do not fit', async () => {
    const problem = ggdlnProblem(0.05);
    const { train } = problem;
    const bad: readonly (readonly [object, string])[] = [
      [{ temperature: -1 }, 'temperature is -1. Give a finite T ≥ 0'],
      [
        { train: { ...train, Y: { rows: 3, cols: 1, data: new Float64Array(3) } } },
        'training targets Y are 3 × 1 with 3 numbers. They should be 10 × 1',
      ],
      [
        { train: { ...train, X: { ...train.X, data: train.X.data.with(7, Number.NaN) } } },
        'training inputs X hold NaN at (1, 2)',
      ],
      [{ train: { ...train, X: { rows: 0, cols: 5, data: new Float64Array(0) } } }, 'there are no training examples'],
      [{ test: { ...problem.test, gates: [] } }, 'there are 0 test gate matrices and 1 for training'],
    ];
    for (const [change, message] of bad) {
      await expect(finish(gradientDescent(), { ...problem, ...change }, makeContext(1))).rejects.toThrow(message);
    }
  });
});
