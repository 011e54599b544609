import { createDln, createMlp } from '@ggdln/architectures';
import { createRandom, type JsonObject, type Learner, type LearnerResult, type Problem } from '@ggdln/core';
import { createWasmBackend, identity, type Matrix, matrix, matrixFromRows } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import fixtures from '../../../../fixtures/bpkr.json' with { type: 'json' };
import {
  blockGibbs,
  createHmcSampler,
  hmc,
  hmcStateFromJson,
  hmcStateToJson,
  learningPlugin,
} from '../../src/index.ts';
import { normal, randomProblem } from '../problems.ts';

const linalg = await createWasmBackend();

async function sample(learner: Learner, problem: Problem): Promise<LearnerResult> {
  const run = learner.run(problem, { rng: createRandom(5), linalg });
  for (;;) {
    const step = await run.next();
    if (step.done) return step.value;
  }
}

/** A problem on real inputs with one gate that is on. */
function ungated(
  architecture: Problem['architecture'],
  X: Matrix,
  Y: Matrix,
  test: Matrix,
  temperature: number,
): Problem {
  const on = (rows: number) => architecture.widths.map(() => matrix(rows, 1, new Float64Array(rows).fill(1)));
  return {
    train: { X, Y, gates: on(X.rows) },
    test: { X: test, Y: matrix(test.rows, Y.cols), gates: on(test.rows) },
    gateNames: architecture.widths.map(() => ['on']),
    architecture,
    temperature,
  };
}

/** Largest |difference| in standard errors of both. */
function largestZ(a: LearnerResult['predictor']['mean'], b: { value: Matrix; stderr?: Matrix }): number {
  const z = Array.from(a.value.data, (value, i) => {
    const error = Math.hypot(a.stderr?.data[i] ?? 0, b.stderr?.data[i] ?? 0);
    return Math.abs(value - b.value.data[i]) / error;
  });
  return Math.max(...z);
}

function requireHealthy({ diagnostics }: LearnerResult): void {
  const { acceptance, boltzmann, virial, rhat } = diagnostics;
  expect(acceptance.value).toBeGreaterThan(0.65);
  expect(acceptance.value).toBeLessThan(0.95);
  expect(boltzmann.value).toBeGreaterThan(0.9);
  expect(boltzmann.value).toBeLessThan(1.1);
  expect(Math.abs(virial.value)).toBeLessThan(4 * (virial.stderr ?? 0));
  expect(rhat.value).toBeLessThan(1.02);
}

describe('hmc', () => {
  it.each([
    { widths: [4], gates: [3] },
    { widths: [3, 5], gates: [2, 3], sigma: 0.9, outputs: 2, P: 4 },
  ])('agrees with block Gibbs on a gated network within 4.5 standard errors, widths $widths', async (size) => {
    const problem = randomProblem(size);
    const found = await sample(hmc({ trajectories: 3000, batches: 40 }), problem);
    const exact = await sample(blockGibbs({ sweeps: 6000, batches: 40 }), problem);
    expect(largestZ(found.predictor.mean, exact.predictor.mean)).toBeLessThan(4.5);
    expect(largestZ(found.predictor.variance, exact.predictor.variance)).toBeLessThan(4.5);
    for (const [name, value] of Object.entries(found.orderParameters)) {
      expect(largestZ(value, exact.orderParameters[name]), name).toBeLessThan(4.5);
    }
    requireHealthy(found);
  });

  const exactCases = fixtures.cases.filter(
    ({ compute, params }) => compute === 'bpkr.block-gibbs' && params.C === 1 && params.T > 0,
  );
  it('agrees with the exact posterior of a deep linear network within 4.5 standard errors', async () => {
    const { params, inputs, expected } = exactCases[0] as unknown as {
      params: { N: number[]; sigma: number; T: number };
      inputs: { X: number[][]; Y: number[][]; Xtest: number[][] };
      expected: { exact: { mean: number[][]; var: number[][] } };
    };
    const widths = [params.N].flat().reverse();
    const network = createDln({ depth: widths.length, widths, sigma: params.sigma });
    const [X, Y, test] = [inputs.X, inputs.Y, inputs.Xtest].map(matrixFromRows);
    const found = await sample(hmc({ trajectories: 4000, batches: 40 }), ungated(network, X, Y, test, params.T));
    const exact = (values: number[][]) => ({ value: matrix(test.rows, 1, Float64Array.from(values.flat())) });
    expect(largestZ(found.predictor.mean, exact(expected.exact.mean))).toBeLessThan(4.5);
    expect(largestZ(found.predictor.variance, exact(expected.exact.var))).toBeLessThan(4.5);
    requireHealthy(found);
  });

  it('approaches the Gaussian process of infinite width on a wide ReLU network', async () => {
    const [P, tests, N0, T, sigma] = [5, 3, 3, 0.2, 1.2];
    const [X, Y, test] = [normal(P, N0, 'X'), normal(P, 1, 'Y'), normal(tests, N0, 'test')];
    const network = createMlp({ depth: 1, width: 600, sigma, activation: 'relu' });
    const found = await sample(hmc({ trajectories: 1500, batches: 40 }), ungated(network, X, Y, test, T));
    const all = [...rowsOf(X), ...rowsOf(test)];
    const kernel = (i: number, j: number) => sigma ** 4 * arcCosine(all[i], all[j]);
    const K = identity(P, T);
    for (let i = 0; i < P; i++) for (let j = 0; j < P; j++) K.data[i * P + j] += kernel(i, j);
    const factor = linalg.cholesky(K);
    for (let t = 0; t < tests; t++) {
      const k = Float64Array.from({ length: P }, (_, i) => kernel(i, P + t));
      const weights = linalg.choleskySolve(factor, matrix(P, 1, k)).data;
      const mean = weights.reduce((sum, w, i) => sum + w * Y.data[i], 0);
      const variance = kernel(P + t, P + t) - weights.reduce((sum, w, i) => sum + w * k[i], 0);
      // 4.5 standard errors of sampling, and P/N = 1/120 of corrections of finite width.
      const { mean: m, variance: v } = found.predictor;
      expect(Math.abs(m.value.data[t] - mean)).toBeLessThan(4.5 * (m.stderr?.data[t] ?? 0) + P / 600);
      expect(Math.abs(v.value.data[t] - variance)).toBeLessThan(4.5 * (v.stderr?.data[t] ?? 0) + (P / 600) * variance);
      expect(m.stderr?.data[t]).toBeLessThan(0.05);
    }
    requireHealthy(found);
  });

  it('has no bias where steps are long: a low acceptance changes only the error bars', async () => {
    const problem = randomProblem({ widths: [3], gates: [2], P: 4 });
    const coarse = await sample(hmc({ trajectories: 5000, acceptance: 0.4, batches: 40 }), problem);
    const exact = await sample(blockGibbs({ sweeps: 6000, batches: 40 }), problem);
    expect(coarse.diagnostics.acceptance.value).toBeLessThan(0.6);
    expect(largestZ(coarse.predictor.variance, exact.predictor.variance)).toBeLessThan(4.5);
  });
});

describe('chains', () => {
  const problem = randomProblem({ widths: [3], gates: [2], outputs: 2 });
  it.each([
    ['hmc', hmc({ trajectories: 60, chains: 3 })],
    ['blockGibbs', blockGibbs({ sweeps: 60, chains: 3 })],
  ] as const)(
    'of %s give the same bits apart, in any order and through cloning, as together',
    async (_name, learner) => {
      const together = await sample(learner, problem);
      const context = { rng: createRandom(5), linalg };
      const { chains } = learner;
      expect(chains?.count).toBe(3);
      const ends: unknown[] = [];
      for (const index of [2, 0, 1]) ends[index] = structuredClone(await chains?.run(index, problem, context));
      expect(chains?.join(ends, problem, context)).toEqual(together);
    },
  );
});

describe('createHmcSampler', () => {
  const problem = randomProblem({ widths: [3], gates: [2] });
  const settings = { length: Math.PI / 2, target: 0.8, maxSteps: 1000 };

  it('goes on from a state that went through JSON to the same bits, while warming up and after', () => {
    const sampler = createHmcSampler(problem, settings, linalg);
    let state = sampler.init(createRandom(3));
    for (let k = 0; k < 5; k++) state = sampler.move(state, true).state;
    let other = hmcStateFromJson(JSON.parse(JSON.stringify(hmcStateToJson(state))) as JsonObject);
    const resumed = createHmcSampler(problem, settings, linalg);
    for (let k = 0; k < 10; k++) {
      const [here, there] = [sampler.move(state, k < 5), resumed.move(other, k < 5)];
      expect(there).toEqual(here);
      [state, other] = [here.state, there.state];
    }
    expect(() => hmcStateFromJson({ trajectories: 3 })).toThrow('this is no stored chain');
  });

  it('conserves energy to second order in the step', () => {
    const sampler = createHmcSampler(problem, { ...settings, length: 0.5 }, linalg);
    let state = sampler.init(createRandom(7));
    for (let k = 0; k < 200; k++) state = sampler.move(state, true).state;
    const errorAt = (step: number) => {
      const adaptation = { ...state.adaptation, logMean: Math.log(step) };
      return Math.abs(sampler.move({ ...state, adaptation }, false).energyError);
    };
    // The same momenta and length: a step five times as small, an error 25 times as small.
    const ratio = errorAt(0.02) / errorAt(0.004);
    expect(ratio).toBeGreaterThan(15);
    expect(ratio).toBeLessThan(40);
  });

  it('says what is wrong', () => {
    const make = (changes: object) => () => createHmcSampler({ ...problem, ...changes }, settings, linalg);
    const { gradient: _, ...rest } = problem.architecture;
    expect(make({ architecture: rest })).toThrow(/family "ggdln" has no analytic gradient.*langevin/);
    expect(make({ temperature: 0 })).toThrow('the temperature is 0. Give a finite number > 0');
    expect(() => hmc({ trajectories: 5 })).toThrow(/5 trajectories leave no room/);
    expect(() => hmc({ acceptance: 1 })).toThrow('acceptance is 1');
    expect(() => hmc({ length: 0 })).toThrow('length is 0');
    expect(() => hmc({ maxSteps: 0 })).toThrow('maxSteps is 0');
    expect(() => hmc({ warmUp: 1 })).toThrow('warmUp is 1');
    const traits = { family: 'mlp', depth: 1, outputs: 3, temperature: 0.1 };
    expect(learningPlugin.learner?.hmc.supports(traits)).toBeUndefined();
    expect(learningPlugin.learner?.hmc.supports({ ...traits, temperature: 0 })?.reason).toContain('above 0');
  });
});

function rowsOf({ rows, cols, data }: Matrix): Float64Array[] {
  return Array.from({ length: rows }, (_, i) => data.subarray(i * cols, (i + 1) * cols));
}

/** ⟨max(0, w·x/√N0) max(0, w·x′/√N0)⟩ for w of unit variance (Cho & Saul 2009). */
function arcCosine(x: Float64Array, other: Float64Array): number {
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0) / a.length;
  const scale = Math.sqrt(dot(x, x) * dot(other, other));
  const cosine = Math.min(1, Math.max(-1, dot(x, other) / scale));
  const angle = Math.acos(cosine);
  return (scale / (2 * Math.PI)) * (Math.sin(angle) + (Math.PI - angle) * cosine);
}
