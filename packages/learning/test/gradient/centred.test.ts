import { createGalu } from '@ggdln/architectures';
import type { Problem } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import type { GradientDescentOptions } from '../../src/gradient/descentPlan.ts';
import { gradientDescent } from '../../src/gradient/gradientDescent.ts';
import { finish, ggdlnProblem, makeContext } from './problems.ts';

/** A few plain steps in float64. */
const few: GradientDescentOptions = { learningRate: 0.05, momentum: 0, steps: 30, tolerance: 0, precision: 'float64' };

async function meanOf(options: GradientDescentOptions, problem: Problem): Promise<Float64Array> {
  const { result } = await finish(gradientDescent({ ...few, ...options }), problem, makeContext(6));
  return result.predictor.mean.value.data;
}

const gap = (a: Float64Array, b: Float64Array) => Math.hypot(...a.map((value, i) => value - b[i]));

describe('centred gradient descent', () => {
  it.each([
    { compress: true, scale: 1 },
    { compress: false, scale: 40 },
  ])('says exactly 0 before the first step: %o', async (options) => {
    const problem = ggdlnProblem(0.1);
    // A gradient no larger than at the start is small enough.
    const learner = gradientDescent({ ...few, ...options, centred: true, tolerance: 1 });
    const { result } = await finish(learner, problem, makeContext(6));
    expect(result.diagnostics.steps.value).toBe(0);
    expect(Array.from(result.predictor.mean.value.data)).toEqual([0, 0, 0, 0]);
    const { data } = problem.train.Y;
    expect(result.diagnostics.trainError.value).toBeCloseTo(data.reduce((sum, y) => sum + y * y, 0) / data.length, 10);
  });

  it.each([1, 7])('is plain descent from 0 where the network is linear in its weights: scale %s', async (scale) => {
    const { train, test, gateNames } = ggdlnProblem(0);
    const problem = { train, test, gateNames, temperature: 0, architecture: createGalu({ sigma: 1 }) };
    const plain = await meanOf({ initScale: 1e-12 }, problem);
    const centred = await meanOf({ centred: true, scale, initScale: 3 }, problem);
    expect(gap(centred, plain)).toBeLessThan(1e-10);
    expect(gap(await meanOf({ initScale: 3 }, problem), plain)).toBeGreaterThan(0.1);
  });

  it('becomes the linearised network as the scale grows: what is left falls as 1/scale', async () => {
    const problem = ggdlnProblem(0);
    const limit = await meanOf({ centred: true, scale: 1e6 }, problem);
    const [far, near] = [
      gap(await meanOf({ centred: true, scale: 100 }, problem), limit),
      gap(await meanOf({ centred: true, scale: 1000 }, problem), limit),
    ];
    expect(far / near).toBeGreaterThan(9);
    expect(far / near).toBeLessThan(11);
    expect(Math.hypot(...limit)).toBeGreaterThan(0.1);
  });

  it('averages over starts, each less its own beginning', async () => {
    const problem = ggdlnProblem(0);
    const learner = gradientDescent({ ...few, centred: true, starts: 3, tolerance: 1 });
    const { result } = await finish(learner, problem, makeContext(6));
    expect(Math.max(...result.predictor.variance.value.data)).toBe(0);
    const learned = gradientDescent({ ...few, centred: true, starts: 3 });
    const { result: later } = await finish(learned, problem, makeContext(6));
    expect(Math.min(...later.predictor.variance.value.data)).toBeGreaterThan(0);
  });

  it.each([
    [{ centred: true, scale: 0 }, 'scale is 0'],
    [{ centred: true, scale: Number.NaN }, 'scale is NaN'],
    [{ scale: 2 }, 'scale is 2. Give 1, or centred: true'],
  ])('refuses %o', (options, message) => {
    expect(() => gradientDescent(options)).toThrow(message);
  });
});
