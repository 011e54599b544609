import { type KPathWeights, kPathGradient, kPathReport, routingGate } from '@ggdln/architectures/gdln';
import { createRandom } from '@ggdln/core';
import { createMlMatrixBackend, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  createKPathProgram,
  createOptimizer,
  type KPathBatch,
  type KPathNetworkOptions,
  kPathLayout,
  type OptimizerOptions,
  startKPath,
} from '../../src/kPath/index.ts';

const linalg = createMlMatrixBackend();
const [M, D, C, H, B] = [4, 6, 3, 5, 7];
const rng = createRandom(2).stream('program');
const gate = routingGate(M, '2_plus_mod');
const batch: KPathBatch<Float64Array> = {
  rows: B,
  inputs: Array.from({ length: M }, () => rng.fillGaussian(new Float64Array(B * D))),
  labels: Array.from({ length: M }, () => Int32Array.from({ length: B }, () => rng.integer(C))),
};

function setUp(network: KPathNetworkOptions) {
  const layout = kPathLayout({ domains: M, features: D, classes: C }, network);
  const theta = startKPath(layout, M, { gain: 1.5, bias: 0.1 }, rng);
  const program = createKPathProgram<Float64Array>(layout, gate, B + 3, Float64Array, linalg);
  return { layout, theta, program, gradient: new Float64Array(layout.size) };
}

describe('a k-path program', () => {
  it('has the loss, gradient and scores of the float64 reference network', () => {
    const { layout, theta, program, gradient } = setUp({ width: H });
    const part = (at: number, rows: number, cols: number, values = theta) =>
      matrix(rows, cols, values.slice(at, at + rows * cols));
    const weightsOf = (values: Float64Array): KPathWeights => {
      const each = (at: (domain: number) => number, rows: number, cols: number, skip = 0) =>
        Array.from({ length: M }, (_, k) => part(at(k) + skip, rows, cols, values));
      return {
        encoders: each(layout.encoderAt, H, D),
        encoderBiases: each(layout.encoderAt, H, 1, H * D),
        hidden: part(layout.hiddenAt, H, H, values),
        hiddenBias: part(layout.hiddenAt + H * H, H, 1, values),
        decoders: each(layout.decoderAt, C, H),
        decoderBiases: each(layout.decoderAt, C, 1, C * H),
      };
    };
    const data = { gate, inputs: batch.inputs.map((x) => matrix(B, D, x)), labels: batch.labels };
    const loss = program.evaluate(theta, batch, gradient);
    const reference = kPathGradient(weightsOf(theta), data, linalg);
    expect(loss).toBeCloseTo(reference.loss, 13);
    const matrices = (weights: KPathWeights) => Object.values(weights).flat() as { data: Float64Array }[];
    const wanted = matrices(reference.gradients);
    matrices(weightsOf(gradient)).forEach(({ data: values }, k) => {
      values.forEach((value, i) => {
        expect(Math.abs(value - wanted[k].data[i])).toBeLessThan(1e-14);
      });
    });
    const scores = program.score(theta, batch);
    const report = kPathReport(weightsOf(theta), data, linalg);
    expect(Array.from(scores.correct.data)).toEqual(Array.from(report.correct.data));
    report.losses.data.forEach((value, pair) => {
      expect(scores.losses.data[pair] / B).toBeCloseTo(value, 13);
    });
  });

  it.each<[string, KPathNetworkOptions]>([
    ['several layers', { width: H, layers: { encoder: 2, hidden: 3, decoder: 2 } }],
    ['ReLU between layers', { width: H, layers: { encoder: 2, hidden: 2, decoder: 2 }, activation: 'relu' }],
    [
      'ReLU in encoders alone',
      { width: H, layers: { encoder: 2, hidden: 2 }, activation: 'relu', hiddenActivation: 'linear' },
    ],
    ['a block repeated with weights of its own', { width: H, recurrence: { blocks: 3, activation: 'relu' } }],
    [
      'a block repeated with the same weights',
      { width: H, recurrence: { blocks: 3, reuse: true, activation: 'relu' } },
    ],
  ])('has the gradient of its loss, by differences: %s', (_, network) => {
    const { theta, program, gradient } = setUp(network);
    program.evaluate(theta, batch, gradient);
    const scratch = new Float64Array(theta.length);
    const h = 1e-6;
    for (let i = 0; i < theta.length; i++) {
      const before = theta[i];
      theta[i] = before + h;
      const above = program.evaluate(theta, batch, scratch);
      theta[i] = before - h;
      const below = program.evaluate(theta, batch, scratch);
      theta[i] = before;
      expect(Math.abs((above - below) / (2 * h) - gradient[i])).toBeLessThan(2e-8);
    }
  });

  it.each<[string, OptimizerOptions]>([
    ['SGD with momentum', { use: 'sgd', rate: 0.1, momentum: 0.9 }],
    ['Nesterov', { use: 'sgd', rate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 }],
    ['Adam', { use: 'adam', rate: 0.01, amsgrad: true }],
  ])('may be stepped part by part, with the bits of one step after the gradient: %s', (_, options) => {
    const { layout, theta, program, gradient } = setUp({ width: H, layers: { encoder: 2, hidden: 2 } });
    const [whole, parts] = [theta.slice(), theta.slice()];
    const [one, other] = [0, 1].map(() => createOptimizer<Float64Array>(options, () => new Float64Array(layout.size)));
    for (let step = 0; step < 3; step++) {
      const loss = program.evaluate(whole, batch, gradient);
      one.step(whole, gradient, step);
      expect(program.descend(parts, batch, (part, at) => other.step(parts, part, step, at))).toBe(loss);
      expect(parts).toEqual(whole);
    }
    expect(other.moments).toEqual(one.moments);
  });

  it('has one set of weights for reused blocks, and one for each block otherwise', () => {
    const sizes = { domains: M, features: D, classes: C };
    const size = (recurrence: KPathNetworkOptions['recurrence']) =>
      kPathLayout(sizes, { width: H, ...(recurrence ? { recurrence } : {}) }).size;
    expect(size(undefined)).toBe(M * H * (D + 1) + H * (H + 1) + M * C * (H + 1));
    expect(size({ blocks: 3, reuse: true })).toBe(size(undefined));
    expect(size({ blocks: 3 })).toBe(size(undefined) + 2 * H * (H + 1));
    expect(() => kPathLayout(sizes, { width: 0 })).toThrow('width is 0');
  });

  it('starts within the Xavier bound of each encoder and decoder by itself', () => {
    const layout = kPathLayout({ domains: M, features: D, classes: C }, { width: H });
    const theta = startKPath(layout, M, { gain: 2, bias: 0.3 }, rng);
    const decoder = theta.subarray(layout.decoderAt(1), layout.decoderAt(1) + C * H);
    const bound = 2 * Math.sqrt(6 / (H + C));
    expect(Math.max(...decoder.map(Math.abs))).toBeLessThan(bound);
    expect(Math.max(...decoder.map(Math.abs))).toBeGreaterThan(0.7 * bound);
    expect(theta[layout.decoderAt(1) + C * H]).toBe(0.3);
    const normal = startKPath(
      kPathLayout({ domains: 1, features: 100, classes: 2 }, { width: 200 }),
      1,
      { law: 'xavier-normal', gain: 1 },
      rng,
    );
    const power = normal.subarray(0, 20_000).reduce((sum, value) => sum + value * value, 0) / 20_000;
    expect(power / (2 / 300)).toBeGreaterThan(0.95);
    expect(power / (2 / 300)).toBeLessThan(1.05);
    const plain = startKPath(layout, M, { law: 'fan-in', gain: 100 }, rng);
    expect(Math.max(...plain.subarray(layout.decoderAt(0)).map(Math.abs))).toBeLessThan(1 / Math.sqrt(H));
    expect(() => startKPath(layout, M, { gain: Number.NaN }, rng)).toThrow('gain is NaN');
  });

  it('computes in float32 what it computes in float64', () => {
    const { layout, theta, program, gradient } = setUp({ width: H, layers: { hidden: 2 } });
    const single = createKPathProgram<Float32Array>(layout, gate, B, Float32Array, linalg);
    const small = { ...batch, inputs: batch.inputs.map((x) => Float32Array.from(x)) };
    const rounded = new Float32Array(layout.size);
    const loss = program.evaluate(theta, batch, gradient);
    expect(single.evaluate(Float32Array.from(theta), small, rounded)).toBeCloseTo(loss, 5);
    gradient.forEach((value, i) => {
      expect(rounded[i]).toBeCloseTo(value, 5);
    });
  });
});
