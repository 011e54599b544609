import { createDln, createGalu, createGgdln, createMlp, drawPrior } from '@ggdln/architectures';
import { type Architecture, createRandom, type Problem } from '@ggdln/core';
import { sampleProblem } from '@ggdln/plugin-testkit';
import { ensureTensorBackend } from '@ggdln/tensor';
import { beforeAll, describe, expect, it } from 'vitest';
import { createLossNetwork } from '../../src/gradient/createLossNetwork.ts';
import { gradientDescent } from '../../src/gradient/gradientDescent.ts';
import { langevin } from '../../src/gradient/langevin.ts';
import type { LossNetwork } from '../../src/gradient/lossNetwork.ts';
import { finish, linearProblem, makeContext } from './problems.ts';

beforeAll(async () => {
  await ensureTensorBackend();
});

const CASES: readonly (readonly [string, Architecture, readonly number[]])[] = [
  ['ggdln', createGgdln({ depth: 1, width: 5, sigma: 1 }), [3]],
  ['ggdln of two layers', createGgdln({ depth: 2, widths: [4, 3], sigma: 1 }), [3, 2]],
  ['ggdln of three layers', createGgdln({ depth: 3, widths: [3, 4, 5], sigma: 1 }), [2, 3, 2]],
  ['dln', createDln({ depth: 2, widths: [4, 3], sigma: 1 }), [1, 1]],
  ['galu', createGalu({ sigma: 1 }), [5]],
  ...(['relu', 'erf', 'linear'] as const).flatMap((activation) =>
    [1, 2].map(
      (depth) =>
        [
          `mlp ${activation} ${depth}`,
          createMlp({ depth, width: 5, sigma: 1, activation }),
          new Array<number>(depth).fill(1),
        ] as const,
    ),
  ),
];

function network(problem: Problem, gradient: 'analytic' | 'autodiff', precision: 'float32' | 'float64' = 'float32') {
  return createLossNetwork(problem, { gradient, precision, compress: false }, makeContext(1), 'test');
}

function closeTo(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  const scale = Math.max(...Array.from(expected, Math.abs));
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < found.length; i++) expect(Math.abs(found[i] - expected[i])).toBeLessThan(tolerance * scale);
}

describe.each(CASES)('analytic and automatic gradients, %s', (_, architecture, gates) => {
  it.each([1, 3])('agree to rounding: loss, gradient, curvature products, outputs; %i outputs', async (outputs) => {
    const problem = sampleProblem(architecture, { gates, outputs });
    const all: LossNetwork[] = await Promise.all([
      network(problem, 'autodiff'),
      network(problem, 'analytic'),
      network(problem, 'analytic', 'float64'),
    ]);
    const parameters = drawPrior(architecture, all[0].dimensions, createRandom(3));
    const found = await Promise.all(
      all.map(async (one) => {
        const theta = one.flatten(parameters);
        const gradient = new one.precision(one.size);
        const energy = await one.evaluate(theta, gradient);
        const v = createRandom(4).fillGaussian(new Float64Array(one.size));
        return { energy, gradient, product: await one.curvatureProduct(theta, v), f: await one.testOutputs(theta) };
      }),
    );
    const exact = found[2];
    for (const { energy, gradient, product, f } of found.slice(0, 2)) {
      expect(energy / exact.energy).toBeCloseTo(1, 5);
      closeTo(gradient, exact.gradient, 1e-5);
      closeTo(product, exact.product, 1e-5);
      closeTo(f, exact.f, 1e-5);
    }
    for (const one of all) {
      expect(one.unflatten(one.flatten(parameters)).a?.length).toBe(parameters.a?.length);
      one.dispose();
    }
  });

  it('lead gradient descent to the same place, in either precision', async () => {
    const problem = sampleProblem(architecture, { gates });
    const ends = await Promise.all(
      (
        [
          { gradient: 'autodiff', precision: 'float32' },
          { gradient: 'analytic', precision: 'float32' },
          { gradient: 'auto', precision: 'float64' },
        ] as const
      ).map(async (options) => {
        const fixed = { steps: 20, learningRate: 0.02, tolerance: 0 };
        return (await finish(gradientDescent({ ...fixed, ...options }), problem, makeContext(1))).result;
      }),
    );
    for (const { predictor } of ends.slice(0, 2)) {
      closeTo(predictor.mean.value.data, ends[2].predictor.mean.value.data, 1e-4);
    }
  });
});

describe('gradient options', () => {
  it('take the analytic gradient where there is one and say where there is none', async () => {
    const problem = linearProblem(0.1, 1);
    await expect(network(problem, 'analytic')).rejects.toThrow(
      'architecture family linear has no analytic gradient. Use gradient auto or autodiff',
    );
    await expect(network(problem, 'autodiff', 'float64')).rejects.toThrow(
      'precision is float64, but tensors are float32 (architecture family linear, gradient autodiff)',
    );
    const { result } = await finish(gradientDescent({ steps: 5 }), problem, makeContext(1));
    expect(result.diagnostics.steps.value).toBe(5);
  });

  it('let langevin sample in float64, other bits than in float32', async () => {
    const problem = sampleProblem(createGgdln({ depth: 1, width: 4, sigma: 1 }));
    const short = { steps: 120, thin: 1 };
    const run = async (precision: 'float32' | 'float64') => {
      const { result } = await finish(langevin({ ...short, precision }), problem, makeContext(2));
      return result.parameters[0].W1;
    };
    const double = await run('float64');
    expect(double.some((w) => Math.fround(w) !== w)).toBe(true);
    expect([...(await run('float64'))]).toEqual([...double]);
    expect((await run('float32')).every((w) => Math.fround(w) === w)).toBe(true);
  });
});
