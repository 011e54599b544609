import type { Warning } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { type Activation, linearActivation } from '../../src/kernels/index.ts';
import { ndkDiffusivePhase, ndkMean, ndkVariance, planNdk, scaledErfActivation } from '../../src/ndk/index.ts';
import type { NdkProblem } from '../../src/ndk/problem.ts';
import { gradedEdges, placeBehind, solveVolterra } from '../../src/ndk/volterra.ts';
import { linalg, problemOf } from './problems.ts';

describe('planNdk', () => {
  const times = [0.5, 3, 20];

  it.each([linearActivation, scaledErfActivation()])('counts the kernels that ndkMean computes: $name', async (own) => {
    let [calls, solving] = [0, false];
    const counted: Activation = {
      ...own,
      homogeneous: false,
      moment: (a, c, b) => own.moment(a, c, b),
      derivativeMoment: (a, c, b) => own.derivativeMoment(a, c, b),
      moments(a, c, b, out) {
        if (solving) calls++;
        out[0] = own.moment(a, c, b);
        out[1] = own.derivativeMoment(a, c, b);
      },
    };
    const problem = problemOf({ activation: counted, depth: 1 });
    const plan = await planNdk(problem, times, { linalg, meshes: 2 });
    solving = true;
    await ndkMean(problem, times, { linalg, tolerance: 0.5 });
    // Meshes are laid out from a kernel at each end, which the plan leaves out.
    expect(calls - plan.kernelEvaluations).toBe(2 * 2 * 16);
    expect(plan.panels).toHaveLength(2);
    expect(plan.panels[1]).toBeGreaterThan(plan.panels[0]);
  });

  it.each([
    // A kernel at both ends of each mesh lays it out; free variances of two tests at three times, once.
    ['variance', (problem: NdkProblem, how: object) => ndkVariance(problem, times, how), 3 * 2 * 2 * 16 + 6],
    // The tangent kernel of the impulse.
    ['diffusive', (problem: NdkProblem, how: object) => ndkDiffusivePhase(problem, times, how), 16],
  ] as const)('counts the kernels of the solve: %s', async (solve, run, besides) => {
    const own = scaledErfActivation();
    let [calls, solving] = [0, false];
    const counted: Activation = {
      ...own,
      rowMoments(k11, k12, k22, _roots22, count, phi, slope) {
        if (solving) calls += count;
        for (let j = 0; j < count; j++) {
          phi[j] = own.moment(k11, k12[j], k22[j]);
          slope[j] = own.derivativeMoment(k11, k12[j], k22[j]);
        }
      },
    };
    const problem = problemOf({ activation: counted, depth: 1 });
    const plan = await planNdk(problem, times, { linalg, meshes: 2, solve });
    solving = true;
    await run(problem, { linalg, tolerance: 0.5 });
    expect(calls - plan.kernelEvaluations).toBe(besides);
    expect(plan.seconds).toBeGreaterThan(0);
  });

  it.each([
    ['ndkVariance', 'variance', ndkVariance],
    ['ndkDiffusivePhase', 'diffusive', ndkDiffusivePhase],
  ] as const)('%s is refused by its plan, told of, cancelled and followed', async (name, solve, run) => {
    const { peak } = await planNdk(problemOf(), times, { linalg, solve });
    const watched = new Set<string>();
    const onProgress = ({ stage }: { readonly stage: string }) => watched.add(stage);
    await expect(
      run(problemOf(), times, { linalg, memoryLimit: peak, tolerance: 0.1, onProgress }),
    ).resolves.toBeDefined();
    expect(watched).toContain(solve === 'variance' ? 'variance' : 'integral equation');
    await expect(run(problemOf(), times, { linalg, memoryLimit: peak / 2 })).rejects.toThrow(
      new RegExp(`${name}.*4 examples and 2 test inputs need 0\\.\\d+ MB of memory.*About 2 examples fit`, 's'),
    );
    await expect(run(problemOf(), times, { linalg, memoryLimit: -1 })).rejects.toThrow(/memoryLimit is -1\. Give/);
    const warnings: Warning[] = [];
    const long = problemOf({ depth: 20_000, sigma: Math.SQRT2, sigma0: Math.SQRT2 });
    const how = { linalg, signal: AbortSignal.abort(), onWarning: (warning: Warning) => warnings.push(warning) };
    await expect(run(long, [30], how)).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
    expect(warnings.map(({ code }) => code)).toEqual(['ndk-long-solve']);
  });

  it('grows with tests where variances are asked for, and knows its solves', async () => {
    const at = (tests: number) => planNdk(problemOf({}, tests), times, { linalg, solve: 'variance' });
    const [few, many] = [await at(2), await at(40)];
    expect(many.peak).toBeGreaterThan(3 * few.peak);
    const solve = 'drift' as 'mean';
    await expect(planNdk(problemOf(), times, { linalg, solve })).rejects.toThrow(
      /unknown solve "drift"\. Known: diffusive, mean, variance/,
    );
  });

  it('adds its objects up, and grows with examples, times and meshes', async () => {
    const plan = await planNdk(problemOf(), times, { linalg });
    expect(plan.peak).toBe(plan.objects.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(plan.seconds).toBeGreaterThan(0);
    const more = await planNdk(problemOf(), [...times, 60], { linalg, meshes: 4 });
    expect(more.kernelEvaluations).toBeGreaterThan(2 * plan.kernelEvaluations);
    expect((await planNdk(problemOf(), [0], { linalg })).kernelEvaluations).toBe(0);
  });

  it('refuses what does not fit with the plan, and announces what takes long', async () => {
    const { peak } = await planNdk(problemOf(), times, { linalg });
    await expect(ndkMean(problemOf(), times, { linalg, memoryLimit: peak })).resolves.toBeDefined();
    await expect(ndkMean(problemOf(), times, { linalg, memoryLimit: peak / 2 })).rejects.toThrow(
      /4 examples and 2 test inputs need 0\.\d+ MB of memory, 0\.\d+ MB may be used: equations of a panel 0\.\d+ MB; .*About 2 examples fit; use fewer, or raise memoryLimit/,
    );
    await expect(ndkMean(problemOf(), times, { linalg, memoryLimit: 0 })).rejects.toThrow(/memoryLimit is 0\. Give/);
    await expect(planNdk(problemOf(), times, { meshes: 9 })).rejects.toThrow(/meshes is 9\. Give a whole number/);
    const warnings: Warning[] = [];
    const work = ndkMean(problemOf({ depth: 20_000, sigma: Math.SQRT2, sigma0: Math.SQRT2 }), [30], {
      linalg,
      signal: AbortSignal.abort(),
      onWarning: (warning) => warnings.push(warning),
    });
    await expect(work).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/of 4 examples will take about \d+ min \(.*·10⁹ numbers of kernels, 0\.\d+ MB\)/),
    ]);
  });
});

/** The order at which the error falls from one mesh to a twice as fine one, for u(z) + ∫K u = 1, K = k(z − z′). */
async function orderOf(kernel: (lag: number) => number, exact: number, order: number, panels: number): Promise<number> {
  const error = async (count: number) => {
    const equation = {
      size: 1,
      columns: 1,
      own: 1,
      kernel: (z: number, other: number, out: Float64Array) => out.fill(kernel(z - other)),
      source: (_z: number, out: Float64Array) => out.fill(1),
      place: placeBehind(10),
    } as const;
    const mesh = { edges: gradedEdges(2, 2 / count, 1, 2 / count), order, points: 14 };
    return Math.abs((await solveVolterra(equation, mesh, linalg)).at(2)[0] - exact);
  };
  return Math.log2((await error(panels)) / (await error(2 * panels)));
}

describe('order of convergence', () => {
  // K = 1 + lag: u″ + u′ + u = 0 from u = 1, u′ = −1.
  const w = Math.sqrt(3) / 2;
  const smooth = Math.exp(-1) * (Math.cos(2 * w) - (0.5 / w) * Math.sin(2 * w));

  it.each([
    [2, 8],
    [3, 4],
  ])('%i Radau points a panel: 2n − 1 at the edges of panels for smooth kernels', async (order, panels) => {
    const found = await orderOf((lag) => 1 + lag, smooth, order, panels);
    expect(found).toBeGreaterThan(2 * order - 1.3);
    expect(found).toBeLessThan(2 * order + 0.6);
  });
});
