import { drawPrior } from '@ggdln/architectures';
import { createRandom, type GatedInputs, type Parameters, type RandomStream } from '@ggdln/core';
import { columnVector, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import { batchMeans, createGibbsSampler, type GibbsState, gibbsStateFromJson, gibbsStateToJson } from '../src/index.ts';
import { type GatedProblem, linalg, type ProblemSize, randomProblem, sample } from './problems.ts';

const NETWORKS: readonly ProblemSize[] = [
  { widths: [4], gates: [3] },
  { widths: [3, 5], gates: [2, 3], sigma: 0.9 },
  { widths: [4, 3, 2], gates: [2, 3, 2], sigma: 1.1 },
  { widths: [4], gates: [3], outputs: 2 },
  { widths: [3, 5], gates: [2, 3], sigma: 0.9, outputs: 3, P: 4 },
  // More input dimensions than inputs: sampled in fewer coordinates.
  { widths: [4], gates: [3], P: 4, N0: 9 },
  { widths: [3, 5], gates: [2, 3], sigma: 0.9, outputs: 2, P: 3, N0: 8 },
];

const samplerOf = ({ architecture, train, temperature }: GatedProblem, y = train.Y.data) =>
  createGibbsSampler({ architecture, train, y, temperature }, linalg);

describe.each(NETWORKS)('block Gibbs, widths $widths, outputs $outputs, input dimensions $N0', (size) => {
  it('keeps the virial identity within 4 standard errors', async () => {
    const { result } = await sample(randomProblem(size), { sweeps: 6000, batches: 40 });
    const { virial, rhat, batchAutocorrelationTimes } = result.diagnostics;
    expect(Math.abs(virial.value)).toBeLessThan(4 * (virial.stderr ?? 0));
    // The test can fail: one readout weight more or less would shift the identity by 1.
    expect(virial.stderr).toBeLessThan(0.25);
    expect(rhat.value).toBeLessThan(1.02);
    expect(batchAutocorrelationTimes.value).toBeGreaterThan(5);
  });

  it('leaves the joint law of weights and targets as it is (Geweke 2004)', () => {
    // Alternating y | θ and θ | y must keep the prior of θ and the prior predictive of y.
    const problem = randomProblem({ P: 4, ...size, temperature: 0.7 });
    const { train, architecture, temperature } = problem;
    const rng = createRandom('joint');
    const outputs = train.Y.cols;
    const dimensions = { inputs: train.X.cols, gates: train.gates.map((g) => g.cols), outputs };
    const drawTargets = (parameters: Parameters, stream: RandomStream) =>
      architecture.predict(parameters, train, linalg).data.map((f) => f + Math.sqrt(temperature) * stream.gaussian());
    const steps = 8000;
    // Products of four Gaussian layers have heavy tails: functions of y are bounded, so that error bars mean something.
    const power = priorPower(problem);
    const statistics = (parameters: Parameters, y: Float64Array): Record<string, number> => {
      const f = architecture.predict(parameters, train, linalg).data;
      const norms = Object.entries(parameters).map(([name, w]) => [
        name,
        square(w) / w.length / architecture.sigma ** 2,
      ]);
      const scale = power + square(y) + square(f);
      return { ...Object.fromEntries(norms), 'y²': square(y) / scale, 'f²': square(f) / scale, yf: dot(y, f) / scale };
    };
    const collect = (next: () => { parameters: Parameters; y: Float64Array }) => {
      const rows = Array.from({ length: steps }, () => {
        const { parameters, y } = next();
        return statistics(parameters, y);
      });
      return (name: string) => batchMeans([rows.map((row) => row[name])], 40);
    };
    const fresh = rng.stream('fresh');
    const direct = collect(() => {
      const parameters = drawPrior(architecture, dimensions, fresh);
      return { parameters, y: drawTargets(parameters, fresh) };
    });
    let state: GibbsState = samplerOf(problem).init(rng.stream('chain'));
    const weights = () => samplerOf(problem).weights(state);
    const alternating = collect(() => {
      const y = drawTargets(weights(), rng);
      state = samplerOf(problem, y).sweep(state).state;
      return { parameters: weights(), y };
    });
    for (const name of [...Object.keys(state.parameters), 'y²', 'f²', 'yf']) {
      const [found, expected] = [alternating(name), direct(name)];
      const error = Math.hypot(found.stderr, expected.stderr);
      expect(Math.abs(found.mean - expected.mean), `${name}: ${found.mean}, ${expected.mean} ± ${error}`).toBeLessThan(
        4 * error,
      );
      expect(error / expected.mean, name).toBeLessThan(0.1);
    }
  });

  it('continues from a state that went through JSON to the same bits', () => {
    const sampler = samplerOf(randomProblem(size));
    let state = sampler.init(createRandom(3));
    for (let k = 0; k < 3; k++) state = sampler.sweep(state).state;
    const stored = JSON.parse(JSON.stringify(gibbsStateToJson(state)));
    const resumed = samplerOf(randomProblem(size));
    let other = gibbsStateFromJson(stored);
    for (let k = 0; k < 3; k++) {
      const here = sampler.sweep(state);
      const there = resumed.sweep(other);
      expect(there).toEqual(here);
      [state, other] = [here.state, there.state];
    }
    expect(state.sweeps).toBe(6);
  });

  it('is a pure function of the state', () => {
    const sampler = samplerOf(randomProblem(size));
    const start = sampler.init(createRandom(3));
    const kept = structuredClone(start);
    const once = sampler.sweep(start);
    expect(start).toEqual(kept);
    expect(sampler.sweep(start)).toEqual(once);
    expect(sampler.sweep(once.state).state.parameters).not.toEqual(once.state.parameters);
  });
});

/** Σ_μ ⟨f_μ²⟩ + PT under the prior: σ^{2(L+1)} K_0 ∘ Π(ΦΦᵀ/M) on the diagonal. */
function priorPower({ train, architecture, temperature }: GatedProblem): number {
  let sum = 0;
  for (let row = 0; row < train.X.rows; row++) {
    let power = architecture.sigma ** (2 * (architecture.widths.length + 1));
    for (const a of [train.X, ...train.gates])
      power *= square(a.data.subarray(row * a.cols, (row + 1) * a.cols)) / a.cols;
    sum += power + temperature;
  }
  return sum * train.Y.cols;
}

function square(values: Float64Array): number {
  return dot(values, values);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + x * b[i], 0);
}

describe('exact posteriors of tiny networks', () => {
  it('agrees with integration over the two weights of f = a w g x', async () => {
    const problem = randomProblem({ widths: [1], gates: [1], N0: 1, P: 3, sigma: 1.2, temperature: 0.5, tests: 2 });
    const { train, test, architecture, temperature } = problem;
    const input = ({ X, gates }: GatedInputs) => X.data.map((x, i) => x * gates[0].data[i]);
    const [z, y] = [input(train), train.Y.data];
    let [total, product, productSquare, readout] = [0, 0, 0, 0];
    const [reach, steps] = [9, 600];
    for (let i = 0; i < steps; i++) {
      for (let j = 0; j < steps; j++) {
        const a = -reach + ((i + 0.5) * 2 * reach) / steps;
        const w = -reach + ((j + 0.5) * 2 * reach) / steps;
        const energy = z.reduce((sum, zi, k) => sum + (a * w * zi - y[k]) ** 2, 0) / (2 * temperature);
        const density = Math.exp(-energy - (a * a + w * w) / (2 * architecture.sigma ** 2));
        total += density;
        product += density * a * w;
        productSquare += density * (a * w) ** 2;
        readout += density * a * a;
      }
    }
    const [mean, second, U] = [product / total, productSquare / total, readout / total];
    for (const estimator of ['conditional', 'sampled'] as const) {
      const { result } = await sample(problem, { sweeps: 30_000, estimator });
      const { mean: f, variance } = result.predictor;
      for (const [t, x] of input(test).entries()) {
        expectWithin(f.value.data[t], mean * x, f.stderr?.data[t]);
        expectWithin(variance.value.data[t], (second - mean * mean) * x * x, variance.stderr?.data[t]);
      }
      expectWithin(result.orderParameters.U1.value.data[0], U, result.orderParameters.U1.stderr?.data[0]);
    }
  });

  it('agrees with importance sampling over the upper layers at L = 2', async () => {
    const size = { widths: [2, 3], gates: [2, 2], P: 3, N0: 2, temperature: 0.5, tests: 2 };
    const problem = randomProblem(size);
    const reference = importanceSampling(problem, 40_000);
    const { result } = await sample(problem, { sweeps: 12_000, batches: 40 });
    const found = [
      ...result.predictor.mean.value.data,
      ...result.predictor.variance.value.data,
      ...result.orderParameters.U2.value.data,
      ...result.orderParameters.U1.value.data,
    ];
    const errors = [
      ...(result.predictor.mean.stderr?.data ?? []),
      ...(result.predictor.variance.stderr?.data ?? []),
      ...(result.orderParameters.U2.stderr?.data ?? []),
      ...(result.orderParameters.U1.stderr?.data ?? []),
    ];
    expect(found).toHaveLength(2 + 2 + 4 + 16);
    for (const [k, value] of found.entries()) {
      expectWithin(value, reference.values[k], Math.hypot(errors[k], reference.errors[k]));
    }
  });
});

function expectWithin(value: number, exact: number, stderr = 0): void {
  expect(Math.abs(value - exact), `${value} ± ${stderr} against ${exact}`).toBeLessThan(4.5 * stderr);
  expect(stderr).toBeLessThan(0.1 * Math.abs(exact) + 0.05);
}

/**
 * Posterior means of [f, var f, U2, U1] by weighting draws of a and W2 from the prior with N(y; 0, K + TI), W1 integrated
 * out by hand; standard errors from 20 independent batches.
 */
function importanceSampling(problem: GatedProblem, draws: number): { values: number[]; errors: number[] } {
  const { train, test, architecture, temperature } = problem;
  const [P, T] = [train.X.rows, test.X.rows];
  const rng = createRandom('importance');
  const dimensions = { inputs: train.X.cols, gates: train.gates.map((g) => g.cols), outputs: 1 };
  const batches = Array.from({ length: 20 }, () => {
    let total = 0;
    const sums = new Float64Array(2 * T + 20);
    for (let k = 0; k < draws / 20; k++) {
      const weights = drawPrior(architecture, dimensions, rng);
      const slopes = [train, test].map((inputs) => upperSlopes(weights, inputs));
      const kernel = (i: number, j: number) => {
        const [a, b] = [i < P ? 0 : 1, j < P ? 0 : 1].map((side) => [train, test][side]);
        const [ra, rb] = [i < P ? i : i - P, j < P ? j : j - P];
        const x = dot(rowOf(a.X, ra), rowOf(b.X, rb)) / a.X.cols;
        return architecture.sigma ** 2 * x * dot(slopes[i < P ? 0 : 1][ra], slopes[j < P ? 0 : 1][rb]);
      };
      const K = matrix(
        P,
        P,
        Float64Array.from({ length: P * P }, (_, at) => kernel(Math.floor(at / P), at % P)),
      );
      for (let i = 0; i < P; i++) K.data[i * P + i] += temperature;
      const L = linalg.cholesky(K);
      const beta = linalg.choleskySolve(L, train.Y).data;
      let logWeight = -0.5 * dot(beta, train.Y.data);
      for (let i = 0; i < P; i++) logWeight -= Math.log(L.data[i * P + i]);
      const weight = Math.exp(logWeight);
      total += weight;
      const { U2, U1 } = architecture.orderParameters(weights, dimensions, linalg);
      for (let t = 0; t < T; t++) {
        const k = Float64Array.from({ length: P }, (_, i) => kernel(i, P + t));
        const mean = dot(k, beta);
        sums[t] += weight * mean;
        sums[T + t] +=
          weight * (mean ** 2 + kernel(P + t, P + t) - dot(k, linalg.choleskySolve(L, columnVector(k)).data));
      }
      for (const [at, u] of [...U2.data, ...U1.data].entries()) sums[2 * T + at] += weight * u;
    }
    const estimate = Array.from(sums, (sum) => sum / total);
    for (let t = 0; t < T; t++) estimate[T + t] -= estimate[t] ** 2;
    return estimate;
  });
  const summaries = batches[0].map((_, at) => batchMeans([batches.map((batch) => batch[at])], 20));
  return { values: summaries.map(({ mean }) => mean), errors: summaries.map(({ stderr }) => stderr) };
}

/** ∂f/∂h^(1) of the case L = 2 by its sums: δ_j = Σ_{m i n} a_im g²_m W2_inj g¹_n / √(N2 M2 N1 M1), a row an input. */
function upperSlopes({ a, W2 }: Parameters, { X, gates }: GatedInputs): Float64Array[] {
  const [N2, N1, M2, M1] = [2, 3, 2, 2];
  return Array.from({ length: X.rows }, (_, row) => {
    const slopes = new Float64Array(N1);
    for (let i = 0; i < N2; i++) {
      for (let m = 0; m < M2; m++) {
        for (let n = 0; n < M1; n++) {
          const path = a[i * M2 + m] * gates[0].data[row * M2 + m] * gates[1].data[row * M1 + n];
          for (let j = 0; j < N1; j++) slopes[j] += (path * W2[(i * M1 + n) * N1 + j]) / Math.sqrt(N2 * M2 * N1 * M1);
        }
      }
    }
    return slopes;
  });
}

function rowOf(a: { cols: number; data: Float64Array }, row: number): Float64Array {
  return a.data.subarray(row * a.cols, (row + 1) * a.cols);
}
