import { createMlp, drawPrior } from '@ggdln/architectures';
import { createRandom } from '@ggdln/core';
import { createWasmBackend, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { EnsemblePass, emptyWeights } from '../../src/ensembles/passes.ts';
import {
  computeEnsemblePart,
  type EnsembleProblem,
  ensembleParts,
  joinEnsemble,
  langevinEnsemble,
  pairStatistics,
} from '../../src/index.ts';

const linalg = await createWasmBackend();
const root = createRandom('ensembles');
const gaussian = (name: string, rows: number, cols: number) =>
  matrix(rows, cols, root.stream(name).fillGaussian(new Float64Array(rows * cols)));
const X = gaussian('X', 3, 4);
const y = root.stream('y').fillGaussian(new Float64Array(3));
const network = { activation: 'relu', depth: 1, width: 20, sigma: 1.2, sigma0: 0.8, temperature: 0.2 } as const;
const problem: EnsembleProblem = { network, X, y, test: { X: gaussian('test', 2, 4) } };
const options = {
  pairs: 5,
  stepSize: 0.05,
  readAt: [0, 3, 8],
  rng: root.stream('run'),
  linalg,
  precision: Float64Array,
};

describe.each(['linear', 'relu', 'erf'] as const)('%s', (activation) => {
  it.each([1, 2, 3])('passes of several networks at once are those of each: L = %i', (depth) => {
    const width = 6;
    const own = { ...network, activation, depth, width };
    const mlp = createMlp({ activation, depth, width, sigma: 1 });
    const gates = new Array(depth).fill(matrix(3, 1, new Float64Array(3).fill(1)));
    const program = mlp.gradient({ inputs: { X, gates }, targets: matrix(3, 1, y) }, Float64Array, linalg);
    const [weights, gradient] = [emptyWeights(own, 4, 2, Float64Array), emptyWeights(own, 4, 2, Float64Array)];
    const parameters = [0, 1].map((s) =>
      drawPrior(mlp, { inputs: 4, gates: new Array(depth).fill(1), outputs: 1 }, root.stream(s)),
    );
    parameters.forEach((one, s) => {
      weights.a.set(one.a, s * width);
      weights.layers.forEach((W, l) => {
        W.set(one[`W${l + 1}`], s * one[`W${l + 1}`].length);
      });
    });
    const pass = new EnsemblePass(own, X, 2, Float64Array, linalg);
    const residuals = pass.forward(weights).map((f, k) => f - y[k % 3]);
    pass.backward(weights, residuals, gradient);
    parameters.forEach((one, s) => {
      const theta = Float64Array.from(Object.keys(one).flatMap((name) => [...one[name]]));
      const into = new Float64Array(theta.length);
      program.evaluate(theta, into);
      const flat = [gradient.a, ...gradient.layers.toReversed()].flatMap((part) => [
        ...part.subarray((s * part.length) / 2, ((s + 1) * part.length) / 2),
      ]);
      flat.forEach((slope, k) => {
        expect(slope).toBeCloseTo(into[k], 12);
      });
      expect(Math.hypot(...flat)).toBeGreaterThan(0.01);
    });
  });
});

describe('langevinEnsemble', () => {
  it('starts in antithetic pairs, whose free network is the first of them', async () => {
    const { outputs, free, times } = await langevinEnsemble(problem, options);
    expect([...times]).toEqual([0, 3 * 0.05, 8 * 0.05]);
    for (let pair = 0; pair < 5; pair++) {
      for (let k = 0; k < 5; k++) {
        const plus = outputs.data[2 * pair * 15 + k];
        expect(outputs.data[(2 * pair + 1) * 15 + k]).toBeCloseTo(-plus, 14);
        expect(free.data[pair * 15 + k]).toBeCloseTo(plus, 14);
        expect(Math.abs(free.data[pair * 15 + 10 + k] - outputs.data[2 * pair * 15 + 10 + k])).toBeGreaterThan(1e-4);
      }
    }
  });

  it('gives a pair the same numbers wherever and beside whomever it runs', async () => {
    const whole = await langevinEnsemble(problem, { ...options, batch: 3 });
    const part = await langevinEnsemble(problem, { ...options, pairs: 2, first: 3, batch: 1 });
    part.outputs.data.forEach((value, k) => {
      expect(value).toBeCloseTo(whole.outputs.data[6 * 15 + k], 12);
    });
  });

  it.each([Float32Array, Float64Array])(
    'in parts that crossed as text gives the numbers of the whole, bit for bit',
    async (precision) => {
      const how = { ...options, frozenAt: 3, precision, batch: 2 };
      const { linalg: backend, ...cut } = how;
      const parts = ensembleParts(problem, cut);
      expect(parts.map(({ name }) => name)).toEqual(
        [1, 3, 5].map((p) => `Langevin ensemble, pairs ${p} to ${Math.min(p + 1, 5)}`),
      );
      const runs = [];
      // In any order.
      for (const { data } of parts.toReversed()) {
        runs.unshift(await computeEnsemblePart(JSON.parse(JSON.stringify(data)), { linalg: backend }));
      }
      const joined = joinEnsemble(runs);
      const whole = await langevinEnsemble(problem, how);
      expect(joined).toEqual(whole);
      expect(joined.relearned?.rows).toBe(10);
      // How it is cut doesn't ask how many there are to compute it; an eighth of the pairs where nothing is said.
      const { batch: _, ...free } = cut;
      expect(ensembleParts(problem, { ...free, pairs: 24 })).toHaveLength(8);
    },
  );

  it('without data keeps the prior: variance σ⁴|x|²/N0 of a linear network started at equilibrium', async () => {
    const still = { ...network, activation: 'linear', sigma0: 1.2, width: 100 } as const;
    const run = await langevinEnsemble(
      { ...problem, network: still },
      { ...options, pairs: 600, readAt: [0, 40], stepSize: 0.5, precision: Float32Array },
    );
    for (let i = 0; i < 3; i++) {
      const norm = X.data.subarray(i * 4, i * 4 + 4).reduce((sum, x) => sum + x * x, 0) / 4;
      for (const read of [0, 1]) {
        let square = 0;
        for (let pair = 0; pair < 600; pair++) square += run.free.data[pair * 10 + read * 5 + i] ** 2 / 600;
        // 4.5 standard errors.
        expect(Math.abs(square / (1.2 ** 4 * norm) - 1)).toBeLessThan(4.5 * Math.sqrt(2 / 600) * 1.05);
      }
    }
  });

  it('reads frozen and re-learned readouts, which at first are today’s', async () => {
    const run = await langevinEnsemble(problem, { ...options, frozenAt: 3 });
    const { outputs, frozen, similarity, relearned } = run;
    expect(frozen?.data.slice(5, 10)).toEqual(outputs.data.slice(5, 10));
    expect([...(frozen?.data.slice(0, 5) ?? [])]).toEqual([0, 0, 0, 0, 0]);
    for (let i = 0; i < 5; i++) {
      expect(similarity?.data[5 + i]).toBeCloseTo(1, 12);
      expect(similarity?.data[10 + i]).toBeLessThan(0.9999);
      expect(Math.abs((frozen?.data[10 + i] ?? 0) - outputs.data[10 + i])).toBeGreaterThan(1e-6);
    }
    // Ridge regression on 20 features at T = 0.2 fits closer than a network that has learnt for 0.4.
    const miss = (values: Float64Array) => Math.hypot(...y.map((target, mu) => values[10 + mu] - target));
    expect(miss(relearned?.data ?? new Float64Array(15))).toBeLessThan(miss(outputs.data));
  });

  it('says when a step is too large', async () => {
    const cold = { ...problem, network: { ...network, activation: 'linear', temperature: 0 } as const };
    const work = langevinEnsemble(cold, { ...options, stepSize: 20, readAt: [200] });
    await expect(work).rejects.toThrow(/outputs left the finite numbers at step size 20\. Give a smaller stepSize/);
  });

  it('stops when cancelled', async () => {
    const work = langevinEnsemble(problem, { ...options, signal: AbortSignal.abort() });
    await expect(work).rejects.toMatchObject({ code: 'GGDLN_CANCELLED' });
  });

  it.each([
    [{ pairs: 0 }, /pairs is 0\. Give a whole number ≥ 1/],
    [{ first: -1 }, /first is -1\. Give a whole number ≥ 0/],
    [{ stepSize: 0 }, /stepSize is 0\. Give a finite number > 0/],
    [{ readAt: [3, 3] }, /readAt\[1\] is 3\. Give numbers of steps, ascending/],
    [{ readAt: [] }, /readAt is empty\. Give at least one/],
    [{ frozenAt: 4 }, /frozenAt is 4, not in readAt/],
  ])('refuses %o', async (changes, message) => {
    await expect(langevinEnsemble(problem, { ...options, ...changes })).rejects.toThrow(message);
  });

  it.each([
    [{ activation: 'tanh' as never }, /activation.*"tanh"/],
    [{ width: 1.5 }, /width is 1\.5\. Give a whole number ≥ 1/],
    [{ sigma0: 0 }, /sigma0 is 0\. Give a finite number > 0/],
    [{ temperature: -1 }, /temperature is -1\. Give a finite number ≥ 0/],
  ])('refuses the network %o', async (changes, message) => {
    const wrong = { ...problem, network: { ...network, ...changes } };
    await expect(langevinEnsemble(wrong, options)).rejects.toThrow(message);
  });
});

describe('pairStatistics', () => {
  it('takes pairs for the independent draws', () => {
    const { mean, stderr, variance } = pairStatistics(matrix(4, 1, Float64Array.of(1, 3, 2, 6)), 1);
    expect(mean.data[0]).toBe(3);
    expect(stderr.data[0]).toBe(1);
    expect(variance.data[0]).toBe((4 + 0 + 1 + 9) / 4 + 1);
  });

  it('needs two pairs', () => {
    expect(() => pairStatistics(matrix(2, 2), 1)).toThrow(/outputs are 2 × 2 for 1 points\. Give at least two pairs/);
  });
});
