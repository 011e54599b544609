import { createGgdln, createMlp } from '@ggdln/architectures';
import type { Learner } from '@ggdln/core';
import { sampleProblem } from '@ggdln/plugin-testkit';
import { describe, expect, it } from 'vitest';
import { gradientDescent } from '../../src/gradient/gradientDescent.ts';
import { langevin } from '../../src/gradient/langevin.ts';
import { planGradientMemory } from '../../src/gradient/memory.ts';
import { hmc } from '../../src/index.ts';
import { finish, makeContext } from './problems.ts';

const sizes = { examples: 6, testExamples: 4, inputs: 30 };
const ggdln = sampleProblem(createGgdln({ depth: 1, width: 50, sigma: 1 }), { ...sizes, gates: [3] });
const relu = sampleProblem(createMlp({ depth: 2, width: 20, sigma: 1, activation: 'relu' }), {
  ...sizes,
  gates: [1, 1],
});

const bytesOf = ({ objects }: ReturnType<typeof planGradientMemory>, name: string) =>
  objects.find((object) => object.name.startsWith(name))?.bytes;

describe('memory of learning by gradients', () => {
  it('is planned for the directions that it runs in, and for all that are given', () => {
    const plan = planGradientMemory(ggdln, { held: 10, compress: true });
    expect(plan.peak).toBe(plan.objects.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(bytesOf(plan, 'weights and what')).toBe(8 * 10 * (50 * 3 + 50 * 10));
    expect(bytesOf(plan, 'weights in all')).toBe(8 * 4 * (50 * 3 + 50 * 30));
    expect(bytesOf(plan, 'activities')).toBe(8 * 3 * 6 * 3);
    const whole = planGradientMemory(relu, { held: 10, compress: false });
    expect(bytesOf(whole, 'weights and what')).toBe(8 * 10 * (20 + 20 * 20 + 20 * 30));
    expect(bytesOf(whole, 'weights in all')).toBeUndefined();
    expect(bytesOf(whole, 'activities')).toBe(8 * 3 * 6 * 40);
  });

  it.each<readonly [string, Learner, number, boolean]>([
    ['gradientDescent', gradientDescent({ steps: 5 }), 10, true],
    ['gradientDescent', gradientDescent({ steps: 5, precision: 'float64', compress: false }), 12, false],
    ['langevin', langevin({ steps: 120, thin: 1, chains: 3 }), 14, true],
    ['langevin', langevin({ steps: 120, thin: 1, chains: 2, precision: 'float64' }), 15, true],
    ['hmc', hmc({ trajectories: 30, maxSteps: 3 }), 10, false],
  ])('is refused before anything is drawn, with the plan: %s', async (name, learner, held, compress) => {
    const { peak } = planGradientMemory(ggdln, { held, compress });
    await expect(finish(learner, ggdln, makeContext(1, { memoryLimit: peak }))).resolves.toBeDefined();
    const refused = finish(learner, ggdln, makeContext(1, { memoryLimit: peak - 1 }));
    await expect(refused).rejects.toMatchObject({ code: 'GGDLN_INPUT', where: `@ggdln/learning ${name}` });
    await expect(refused).rejects.toThrow(
      /hidden widths 50 on 30 inputs and 6 examples need 0\.\d+ MB of memory, .* may be used: weights and what moves them .* MB; .*Use narrower layers/,
    );
  });
});
