import { createDln, createGgdln } from '@ggdln/architectures';
import { type Architecture, createRandom, type Progress, resolveOptions, type Warning } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { blockGibbs, createGibbsSampler, learningPlugin, planGibbsMemory } from '../src/index.ts';
import { linalg, normal, randomProblem, sample } from './problems.ts';

const problem = randomProblem({ widths: [4], gates: [3] });

describe('blockGibbs', () => {
  it('returns moments, error bars, batches and order parameters of the right shapes', async () => {
    const { result, snapshots } = await sample(problem, { sweeps: 200, chains: 3, batches: 20 });
    const { predictor, orderParameters, parameters } = result;
    expect(predictor.mean.value).toMatchObject({ rows: 3, cols: 1 });
    expect(predictor.batches?.mean).toMatchObject({ rows: 21, cols: 3 });
    expect(orderParameters.U1.stderr).toMatchObject({ rows: 3, cols: 3 });
    expect(parameters.map(({ a, W1 }) => [a.length, W1.length])).toEqual([
      [12, 12],
      [12, 12],
      [12, 12],
    ]);
    expect(snapshots).toHaveLength(100);
    expect(snapshots.at(-1)).toMatchObject({ step: 200, total: 200 });
    for (const { scalars } of snapshots) expect(Object.values(scalars).every(Number.isFinite)).toBe(true);
    // Moments are those of the batches.
    const column = (a: { data: Float64Array }, j: number) => a.data.filter((_, k) => k % 3 === j);
    const mean = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
    for (let j = 0; j < 3; j++) {
      const first = mean(column(predictor.batches!.mean, j));
      expect(predictor.mean.value.data[j]).toBeCloseTo(first, 13);
      const second = mean(column(predictor.batches!.square, j));
      expect(predictor.variance.value.data[j]).toBeCloseTo(second - first ** 2, 13);
    }
  });

  it('has the same moments by both estimators, the conditional one with smaller errors', async () => {
    const [low, high] = await Promise.all([
      sample(problem, { sweeps: 4000, batches: 40 }),
      sample(problem, { sweeps: 4000, batches: 40, estimator: 'sampled' }, { rng: createRandom(12) }),
    ]);
    for (const name of ['mean', 'variance'] as const) {
      const [a, b] = [low.result.predictor[name], high.result.predictor[name]];
      for (let t = 0; t < 3; t++) {
        const error = Math.hypot(a.stderr!.data[t], b.stderr!.data[t]);
        expect(Math.abs(a.value.data[t] - b.value.data[t])).toBeLessThan(4 * error);
        expect(a.stderr!.data[t]).toBeLessThan(b.stderr!.data[t]);
      }
    }
  });

  it('predicts the width-independent mean of a deep linear network at T = 0 without noise', async () => {
    // One gate, P ≤ N0: kᵀK⁻¹y with K ∝ XXᵀ in every sweep (theory page ggdln, identity 7.4).
    const ones = (rows: number) => matrix(rows, 1, new Float64Array(rows).fill(1));
    const part = (name: string, rows: number) => ({ X: normal(rows, 6, `X ${name}`), Y: normal(rows, 1, `Y ${name}`) });
    const [train, test] = [part('train', 4), part('test', 3)];
    const gated = {
      train: { ...train, gates: [ones(4), ones(4)] },
      test: { ...test, gates: [ones(3), ones(3)] },
      gateNames: [['always on'], ['always on']],
      architecture: createDln({ depth: 2, width: 8, sigma: 0.8 }),
      temperature: 0,
    };
    const { result } = await sample(gated, { sweeps: 100 });
    const beta = linalg.choleskySolve(linalg.cholesky(linalg.syrk(train.X)), train.Y);
    const k = linalg.gemm(test.X, train.X, { transB: true });
    const exact = linalg.gemm(k, beta).data;
    for (let t = 0; t < 3; t++) expect(result.predictor.mean.value.data[t]).toBeCloseTo(exact[t], 9);
    // At T = 0 every sampled network fits the training set.
    for (const weights of result.parameters) {
      const f = gated.architecture.predict(weights, gated.train, linalg).data;
      for (let i = 0; i < 4; i++) expect(f[i]).toBeCloseTo(train.Y.data[i], 8);
    }
  });

  it('gives the same bits for the same seed and others for another', async () => {
    const options = { sweeps: 60 };
    const [a, b, c] = await Promise.all([
      sample(problem, options),
      sample(problem, options),
      sample(problem, options, { rng: createRandom(12) }),
    ]);
    expect(b.result).toEqual(a.result);
    expect(c.result.predictor.mean.value.data).not.toEqual(a.result.predictor.mean.value.data);
  });

  it('reports progress', async () => {
    const seen: Progress[] = [];
    await sample(problem, { sweeps: 50 }, { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ stage: 'exact sampling', done: 50, total: 50, unit: 'sweeps' });
  });

  it('stops when cancelled', async () => {
    const controller = new AbortController();
    const run = blockGibbs({ sweeps: 1000 }).run(problem, {
      rng: createRandom(1),
      linalg,
      signal: controller.signal,
    });
    await run.next();
    controller.abort();
    await expect(run.next()).rejects.toThrow('cancelled by the caller');
  });

  it('warns of batches that are too short', async () => {
    const warnings: Warning[] = [];
    await sample(problem, { sweeps: 30, burnIn: 0 }, { onWarning: (warning) => warnings.push(warning) });
    const short = warnings.find(({ code }) => code === 'batches-too-short');
    expect(short?.message).toMatch(/A batch is [\d.]+ autocorrelation times long.*Give \d+ times as many sweeps/);
  });

  it('warns of chains that disagree', async () => {
    // A narrow network at a low temperature moves slowly between a small readout and a small first layer.
    const slow = randomProblem({ widths: [1], gates: [1], N0: 1, P: 8, temperature: 1e-4 });
    const warnings: Warning[] = [];
    await sample(slow, { sweeps: 40 }, { onWarning: (warning) => warnings.push(warning) });
    expect(warnings.map(({ code }) => code)).toContain('chains-disagree');
    expect(warnings.find(({ code }) => code === 'chains-disagree')?.message).toMatch(/R̂ = \d/);
  });
});

describe('blockGibbs refuses', () => {
  it.each([
    [{ chains: 1 }, 'chains is 1. Give a whole number ≥ 2'],
    [{ sweeps: 0 }, 'sweeps is 0'],
    [{ batches: 10 }, 'batches is 10. Give a whole number ≥ 20'],
    [{ burnIn: 1 }, 'burnIn is 1. Give a share from 0 to below 1'],
    [{ sweeps: 10 }, '10 sweeps leave no room for 10 batches a chain after a burn-in of 0.1. Give at least 12 sweeps'],
  ])('options %o', (options, message) => {
    expect(() => blockGibbs(options)).toThrow(message);
  });

  it('accepts as many sweeps as its message asks for', () => {
    expect(() => blockGibbs({ sweeps: 12 })).not.toThrow();
  });

  const first = (changed: object) =>
    blockGibbs({ sweeps: 40 })
      .run({ ...problem, ...changed }, { rng: createRandom(1), linalg })
      .next();

  it('a network without conditionals', async () => {
    const { conditionals: _, ...rest } = createGgdln({ depth: 1, width: 3, sigma: 1 });
    const architecture: Architecture = { ...rest, family: 'relu' };
    await expect(first({ architecture })).rejects.toThrow('a network of family "relu" has no Gaussian conditionals');
  });

  it('targets, temperatures and inputs that do not fit', async () => {
    const { train, test } = problem;
    await expect(first({ train: { ...train, Y: matrix(5, 1) } })).rejects.toThrow('the targets Y is 5 × 1');
    await expect(first({ test: { ...test, Y: matrix(5, 1) } })).rejects.toThrow('the test targets Y is 5 × 1');
    await expect(first({ temperature: -0.1 })).rejects.toThrow('the temperature is -0.1');
    const empty = { X: matrix(0, 3), Y: matrix(0, 1), gates: [matrix(0, 3)] };
    await expect(first({ train: empty })).rejects.toThrow('there are no training inputs (P = 0)');
    await expect(first({ test: empty })).rejects.toThrow('there are no test inputs');
    const y = train.Y.data.map((value, i) => (i === 2 ? Number.NaN : value));
    const { architecture, temperature } = problem;
    expect(() => createGibbsSampler({ architecture, train, y, temperature }, linalg)).toThrow('NaN at row 2');
  });

  it('more examples than memory holds, before anything is computed', async () => {
    const large = randomProblem({ widths: [4], gates: [3], P: 10, outputs: 2 });
    const { objects, peak } = planGibbsMemory(large, { linalg: linalg.name });
    expect(objects.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(peak);
    const bytesOf = (name: string) => objects.find((object) => object.name.startsWith(name))?.bytes;
    // Two chains: Grams of the inputs, the gates and the block, one of the targets that waits to be collected, and K0.
    expect(bytesOf('Gram matrices of inputs')).toBe(2 * 8 * 3 * 10 ** 2);
    expect(bytesOf('Gram matrices of all outputs')).toBe(4 * 8 * 20 ** 2);
    expect(bytesOf('copies')).toBe(3 * 8 * 20 ** 2);
    const limited = (memoryLimit: number) => sample(large, { sweeps: 40 }, { memoryLimit });
    await expect(limited(peak)).resolves.toBeDefined();
    await expect(limited(peak - 1)).rejects.toThrow(
      /2 chains of 10 examples and 2 outputs need 0\.\d+ MB of memory, .* may be used: Gram matrices of all outputs.*At most 9 examples fit.*openblas/,
    );
    await expect(limited(100)).rejects.toThrow('Not even one example fits');
    // A chain that runs alone needs the memory of one.
    const alone = planGibbsMemory(large, { linalg: linalg.name, chains: 1 }).peak;
    expect(alone).toBeLessThan(0.75 * peak);
    const runAlone = (memoryLimit: number) =>
      blockGibbs({ sweeps: 40 }).chains!.run(0, large, { rng: createRandom(1), linalg, memoryLimit });
    await expect(runAlone(alone)).resolves.toBeDefined();
    await expect(runAlone(alone - 1)).rejects.toThrow('1 chain of 10');
    const sampled = planGibbsMemory(large, { linalg: 'openblas', estimator: 'sampled' }).objects.map(
      ({ name }) => name,
    );
    expect(sampled.join()).not.toMatch(/predictor|copies/);
  });

  it('T = 0 with more training inputs than the network can fit, and says what to do', async () => {
    const crowded = randomProblem({ widths: [4], gates: [2], N0: 2, P: 9 });
    const run = blockGibbs({ sweeps: 40 }).run({ ...crowded, temperature: 0 }, { rng: createRandom(1), linalg });
    await expect(run.next()).rejects.toThrow(/is singular at T = 0\. Use a higher temperature/);
  });
});

it('block Gibbs says in how few input dimensions it ran', async () => {
  const { result } = await sample(randomProblem({ widths: [4], gates: [3], P: 5, N0: 14 }), { sweeps: 40 });
  expect(result.diagnostics.inputDimensions).toEqual({ value: 6 });
  expect((await sample(problem, { sweeps: 40 })).result.diagnostics.inputDimensions).toBeUndefined();
});

describe('the entry block-gibbs', () => {
  const entry = learningPlugin.learner!['block-gibbs'];

  it('has options that make a learner', () => {
    const options = resolveOptions(entry.options, { sweeps: '40', estimator: 'sampled' }, 'learner block-gibbs');
    expect(options).toEqual({ sweeps: 40, chains: 2, burnIn: 0.1, estimator: 'sampled', batches: 20 });
    expect(entry.create(options)).toHaveProperty('run');
    expect(entry.role).toBe('exact-sampling');
  });

  it('supports any depth, temperature and number of outputs, but no units that are not linear', () => {
    const traits = { family: 'ggdln', depth: 3, outputs: 1, temperature: 0 };
    expect(entry.supports(traits)).toBeUndefined();
    expect(entry.supports({ ...traits, outputs: 10 })).toBeUndefined();
    expect(entry.supports({ ...traits, family: 'mlp', activation: 'relu' })?.reason).toContain('mlp (relu)');
  });
});
