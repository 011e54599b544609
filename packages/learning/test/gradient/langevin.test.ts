import { isGgdlnError, type LearnerResult, type Problem } from '@ggdln/core';
import { matrix, trace } from '@ggdln/linalg';
import { countLeakedTensors, ensureTensorBackend } from '@ggdln/tensor';
import { beforeAll, describe, expect, it } from 'vitest';
import { blockGibbs } from '../../src/gibbs/blockGibbs.ts';
import { langevin } from '../../src/gradient/langevin.ts';
import { finish, ggdlnProblem, linalg, linearPosterior, linearProblem, makeContext } from './problems.ts';

const SIGMAS = 5;

beforeAll(async () => {
  await ensureTensorBackend();
});

/** Largest distance of estimates from exact values, in standard errors. */
function worst(value: Float64Array, stderr: Float64Array, exact: ArrayLike<number>): number {
  return Math.max(...value.map((v, i) => Math.abs(v - exact[i]) / stderr[i]));
}

function predictorDistance({ predictor }: LearnerResult, mean: ArrayLike<number>, variance: ArrayLike<number>) {
  return {
    mean: worst(predictor.mean.value.data, predictor.mean.stderr!.data, mean),
    variance: worst(predictor.variance.value.data, predictor.variance.stderr!.data, variance),
  };
}

/** H = ∇²U of a linear problem, N0 × N0. */
function hessian({ train, architecture, temperature }: Problem) {
  const h = linalg.syrk(train.X, { trans: true, alpha: 1 / train.X.cols });
  for (let i = 0; i < h.rows; i++) h.data[i * h.rows + i] += temperature / architecture.sigma ** 2;
  return h;
}

describe('langevin on a linear model, whose posterior is known', () => {
  const problem = linearProblem(0.3, 0.8);
  const exact = linearPosterior(problem);
  const variance = Float64Array.from({ length: 5 }, (_, i) => exact.covariance.data[i * 6]);

  it('underdamped: mean and variance at a large step, without bias', async () => {
    const { values } = linalg.symmetricEigen(hessian(problem));
    const stepSize = 1 / Math.sqrt(values[3]);
    const learner = langevin({ stepSize, friction: 1, steps: 3000, thin: 3 });
    const { result } = await finish(learner, problem, makeContext(1));
    const distance = predictorDistance(result, exact.mean, variance);
    expect(distance.mean).toBeLessThan(SIGMAS);
    expect(distance.variance).toBeLessThan(SIGMAS);
    const { configurationalTemperature: hot, virial, rhat } = result.diagnostics;
    expect(Math.abs(hot.value - 1)).toBeLessThan(SIGMAS * hot.stderr!);
    expect(Math.abs(virial.value)).toBeLessThan(SIGMAS * virial.stderr!);
    expect(hot.stderr).toBeLessThan(0.1);
    expect(rhat.value).toBeLessThan(1.05);
  });

  it('underdamped, all automatic: order parameters and kinetic temperature too', async () => {
    const { result } = await finish(langevin({ steps: 3000, thin: 3 }), problem, makeContext(2));
    const distance = predictorDistance(result, exact.mean, variance);
    expect(distance.mean).toBeLessThan(SIGMAS);
    expect(distance.variance).toBeLessThan(SIGMAS);
    const covariance = linalg.choleskyInverse(linalg.cholesky(hessian(problem)));
    const Xy = linalg.gemm(problem.train.X, problem.train.Y, { transA: true, alpha: 0.5 });
    const w = linalg.gemm(covariance, Xy);
    const expected =
      (problem.temperature * trace(covariance) + w.data.reduce((sum, value) => sum + value * value, 0)) / 4;
    const { value, stderr } = result.orderParameters.U1;
    expect(worst(value.data, stderr!.data, [expected])).toBeLessThan(SIGMAS);
    const { kineticTemperature: kinetic, stepSize, friction, curvature } = result.diagnostics;
    expect(stepSize.value * Math.sqrt(curvature.value)).toBeCloseTo(0.8, 10);
    expect(friction.value).toBeCloseTo(Math.sqrt(0.3) / 0.8, 10);
    const { values } = linalg.symmetricEigen(hessian(problem));
    // Momenta of BAOAB have variance T(1 − h²λ/4) at curvature λ.
    const cooled = values.reduce((sum, value) => sum + 1 - (stepSize.value ** 2 * value) / 4, 0) / 4;
    expect(Math.abs(kinetic.value - cooled)).toBeLessThan(SIGMAS * kinetic.stderr!);
    expect(curvature.value / values[3]).toBeGreaterThan(0.95);
    expect(curvature.value / values[3]).toBeLessThan(1.001);
  });

  it('overdamped: exactly the stationary law of its finite step, whose heat it reports', async () => {
    const h = hessian(problem);
    const { values, vectors } = linalg.symmetricEigen(h);
    const stepSize = 0.6 / values[3];
    // Along an eigenvector of curvature λ the chain is autoregressive with variance T/λ/(1 − ηλ/2).
    const spread = matrix(4, 4);
    for (let i = 0; i < 4; i++) spread.data[i * 5] = problem.temperature / values[i] / (1 - (stepSize * values[i]) / 2);
    const projected = linalg.gemm(problem.test.X, vectors, { alpha: 0.5 });
    const biased = linalg.gemm(linalg.gemm(projected, spread), projected, { transB: true });
    const learner = langevin({ dynamics: 'overdamped', stepSize, steps: 5000, thin: 3 });
    const { result } = await finish(learner, problem, makeContext(3));
    const distance = predictorDistance(
      result,
      exact.mean,
      Float64Array.from({ length: 5 }, (_, i) => biased.data[i * 6]),
    );
    expect(distance.mean).toBeLessThan(SIGMAS);
    expect(distance.variance).toBeLessThan(SIGMAS);
    const heat = values.reduce((sum, value) => sum + value / (1 - (stepSize * value) / 2), 0) / trace(h);
    const { configurationalTemperature: hot } = result.diagnostics;
    expect(heat).toBeGreaterThan(1.15);
    expect(Math.abs(hot.value - heat)).toBeLessThan(SIGMAS * hot.stderr!);
    expect(hot.value - 1).toBeGreaterThan(2 * hot.stderr!);
    expect(result.diagnostics.kineticTemperature).toBeUndefined();
  });

  it('overdamped, automatic: the posterior up to 5 % of the variance', async () => {
    const learner = langevin({ dynamics: 'overdamped', steps: 6000, thin: 5 });
    const { result } = await finish(learner, problem, makeContext(4));
    const distance = predictorDistance(result, exact.mean, variance);
    expect(distance.mean).toBeLessThan(SIGMAS);
    for (const [i, value] of result.predictor.variance.value.data.entries()) {
      const stderr = result.predictor.variance.stderr!.data[i];
      expect(value).toBeGreaterThan(variance[i] - SIGMAS * stderr);
      expect(value).toBeLessThan(variance[i] / 0.95 + SIGMAS * stderr);
    }
  });

  it('one weight without data is an Ornstein–Uhlenbeck process: variance σ²x²', async () => {
    const part = { X: matrix(1, 1, new Float64Array(1)), Y: matrix(1, 1), gates: [] };
    const test = { X: matrix(1, 1, Float64Array.of(2)), Y: matrix(1, 1), gates: [] };
    const prior = { ...linearProblem(0.5, 0.7), train: part, test };
    const { result } = await finish(langevin({ steps: 3000, thin: 3 }), prior, makeContext(5));
    const distance = predictorDistance(result, [0], [0.7 ** 2 * 4]);
    expect(distance.mean).toBeLessThan(SIGMAS);
    expect(distance.variance).toBeLessThan(SIGMAS);
  });
});

describe('langevin on a GGDLN', () => {
  it('agrees with block Gibbs: predictor and order parameters, both estimators', async () => {
    const problem = ggdlnProblem(0.1);
    const exact = (await finish(blockGibbs({ sweeps: 3000 }), problem, makeContext(1))).result;
    for (const estimator of ['sampled', 'conditional'] as const) {
      const context = makeContext(2);
      const { result } = await finish(langevin({ steps: 2500, thin: 5, estimator }), problem, context);
      for (const kind of ['mean', 'variance'] as const) {
        const [a, b] = [result.predictor[kind], exact.predictor[kind]];
        const stderr = a.stderr!.data.map((error, i) => Math.hypot(error, b.stderr!.data[i]));
        expect(worst(a.value.data, stderr, b.value.data), `${estimator} ${kind}`).toBeLessThan(SIGMAS);
      }
      const [u, v] = [result.orderParameters.U1, exact.orderParameters.U1];
      const stderr = u.stderr!.data.map((error, i) => Math.hypot(error, v.stderr!.data[i]));
      expect(worst(u.value.data, stderr, v.value.data)).toBeLessThan(SIGMAS);
      const { virial, configurationalTemperature: hot } = result.diagnostics;
      expect(Math.abs(virial.value)).toBeLessThan(SIGMAS * virial.stderr!);
      expect(Math.abs(hot.value - 1)).toBeLessThan(SIGMAS * hot.stderr! + 0.02);
    }
  });

  const short = { steps: 120, thin: 1, burnIn: 0.2 };

  it('gives the same bits for the same seed, others for another', async () => {
    const run = async (seed: number) => {
      const { result } = await finish(langevin(short), ggdlnProblem(0.1), makeContext(seed));
      return [...result.parameters.flatMap(({ a, W1 }) => [...a, ...W1]), ...result.predictor.mean.value.data];
    };
    expect(await run(7)).toEqual(await run(7));
    expect(await run(7)).not.toEqual(await run(8));
  });

  it('lays batches out as rows and reports progress', async () => {
    const stages: string[] = [];
    const context = makeContext(1, { onProgress: ({ stage, total }) => stages.push(`${stage} ${total}`) });
    const { result, snapshots } = await finish(langevin({ ...short, chains: 3 }), ggdlnProblem(0.1), context);
    expect(result.predictor.batches?.mean.rows).toBe(21);
    expect(result.predictor.batches?.mean.cols).toBe(4);
    expect(result.parameters).toHaveLength(3);
    expect(stages[0]).toBe('Langevin sampling, burn-in 120');
    expect(stages.at(-1)).toBe('Langevin sampling 120');
    expect(snapshots.at(-1)).toMatchObject({ step: 120, total: 120 });
    expect(snapshots.at(-1)?.scalars.trainError).toBeGreaterThan(0);
  });

  it('shapes several outputs as P_test × C', async () => {
    const { result } = await finish(langevin(short), linearProblem(0.1, 1, 3), makeContext(1));
    expect([result.predictor.variance.value.rows, result.predictor.variance.value.cols]).toEqual([5, 3]);
  });

  it('explains a divergence and names a step that works', async () => {
    for (const [dynamics, formula] of [
      ['underdamped', '2/√λ'],
      ['overdamped', '2/λ'],
    ] as const) {
      const options = { ...short, dynamics, steps: 400 };
      const failed = finish(langevin({ ...options, stepSize: 30 }), linearProblem(0.1, 1), makeContext(1));
      const error: unknown = await failed.catch((caught: unknown) => caught);
      if (!isGgdlnError(error)) throw new Error('it did not throw a GgdlnError');
      expect(error.code).toBe('GGDLN_NUMERICAL');
      expect(error.message).toContain('stepSize 30 is above the stability limit');
      expect(error.message).toContain(`(${formula}, largest curvature λ = `);
      const stepSize = Number(/Use stepSize (\S+),/.exec(error.message)?.[1]);
      const { result } = await finish(langevin({ ...options, stepSize }), linearProblem(0.1, 1), makeContext(1));
      expect(result.predictor.mean.value.data.every(Number.isFinite)).toBe(true);
    }
  });

  it('warns of a step that biases the samples', async () => {
    const problem = linearProblem(0.3, 0.8);
    const { values } = linalg.symmetricEigen(hessian(problem));
    const context = makeContext(1);
    const learner = langevin({ dynamics: 'overdamped', stepSize: 1.6 / values[3], steps: 1500, thin: 1 });
    await finish(learner, problem, context);
    const warning = context.warnings.find(({ code }) => code === 'step-size-bias');
    expect(warning?.message).toMatch(/configurational temperature is \d\.\d+ ± .* times T: the step size/);
  });

  it('leaves no tensors: at the end, when stopped, when cancelled, when it throws', async () => {
    const problem = ggdlnProblem(0.1);
    expect(
      await countLeakedTensors(() => finish(langevin({ ...short, gradient: 'autodiff' }), problem, makeContext(1))),
    ).toBe(0);
    const stopped = async () => {
      const run = langevin({ ...short, gradient: 'autodiff' }).run(problem, makeContext(1));
      await run.next();
      await run.return(undefined as never);
    };
    expect(await countLeakedTensors(stopped)).toBe(0);
    const cancelled = async () => {
      const controller = new AbortController();
      const run = langevin({ ...short, gradient: 'autodiff' }).run(
        problem,
        makeContext(1, { signal: controller.signal }),
      );
      await run.next();
      controller.abort();
      await expect(run.next()).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
    };
    expect(await countLeakedTensors(cancelled)).toBe(0);
    const broken = { ...problem, architecture: { ...problem.architecture, apply: () => ({ shape: [], dtype: '' }) } };
    const throws = () =>
      expect(finish(langevin({ ...short, gradient: 'autodiff' }), broken, makeContext(1))).rejects.toThrow(
        'not a TensorFlow.js tensor',
      );
    expect(await countLeakedTensors(throws)).toBe(0);
  });

  it.each([
    [{ steps: 0 }, 'steps is 0. Give a whole number ≥ 1'],
    [{ chains: 1 }, 'chains is 1. Give a whole number ≥ 2'],
    [{ batches: 10 }, 'batches is 10. Give a whole number ≥ 20'],
    [{ stepSize: -1 }, 'stepSize is -1. Give a positive number, or 0'],
    [{ friction: Number.NaN }, 'friction is NaN'],
    [{ burnIn: 1 }, 'burnIn is 1. Give a share from 0 to below 1'],
    [
      { steps: 50, thin: 10 },
      '50 steps leave no room for 10 batches a chain after a burn-in of 0.1, thinned by 10. Give at least 112 steps',
    ],
  ])('refuses %j', (options, message) => {
    expect(() => langevin(options)).toThrow(message);
  });

  it('refuses problems that it cannot sample', async () => {
    const refused = (change: object, options: object = {}) =>
      expect(finish(langevin({ ...short, ...options }), { ...ggdlnProblem(0.1), ...change }, makeContext(1))).rejects;
    await refused({ temperature: 0 }).toThrow(
      'temperature is 0, at which there is nothing to sample. Give T > 0, or use gradient-descent',
    );
    await refused({ temperature: -0.1 }).toThrow('temperature is -0.1. Give a finite T ≥ 0');
    await refused(linearProblem(0.1, 1), { estimator: 'conditional' }).toThrow(
      'architecture family linear has no conditional distributions. Use the estimator sampled',
    );
  });
});
