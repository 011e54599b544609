import { createRandom } from '@ggdln/core';
import { createMlMatrixBackend, type Matrix, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  type KPathWeights,
  kPathGradient,
  kPathReport,
  relabelledClasses,
  routingGate,
  trainKPath,
} from '../../src/gdln/index.ts';

const linalg = createMlMatrixBackend();
const [M, D, H, C, P] = [3, 4, 5, 3, 8];
const rng = createRandom(7).stream('k-path');
const draw = (rows: number, cols: number, scale = 0.5): Matrix =>
  matrix(rows, cols, rng.fillGaussian(new Float64Array(rows * cols), scale));
const each = (rows: number, cols: number) => Array.from({ length: M }, () => draw(rows, cols));
const weights: KPathWeights = {
  encoders: each(H, D),
  encoderBiases: each(H, 1),
  hidden: draw(H, H),
  hiddenBias: draw(H, 1),
  decoders: each(C, H),
  decoderBiases: each(C, 1),
};
const base = Array.from({ length: P }, (_, p) => (p * 2) % C);
const data = {
  gate: routingGate(M, '2_plus_mod'),
  inputs: each(P, D),
  labels: Array.from({ length: M }, (_, b) => base.map((label) => relabelledClasses(b, C)[label])),
};
const matricesOf = (all: KPathWeights) => Object.values(all).flat() as Matrix[];

describe('classification over many pairs of domains', () => {
  it('has the gradient of its loss, by differences', () => {
    const { gradients } = kPathGradient(weights, data, linalg);
    const step = 1e-5;
    matricesOf(gradients).forEach((gradient, k) => {
      const place = matricesOf(weights)[k].data;
      gradient.data.forEach((value, i) => {
        const before = place[i];
        place[i] = before + step;
        const above = kPathGradient(weights, data, linalg).loss;
        place[i] = before - step;
        const below = kPathGradient(weights, data, linalg).loss;
        place[i] = before;
        expect((above - below) / (2 * step)).toBeCloseTo(value, 8);
      });
    });
  });

  it('trains on the mean of the trained pairs alone', () => {
    const { losses, selectedLoss, unselectedLoss } = kPathReport(weights, data, linalg);
    const trained = losses.data.filter((_, pair) => data.gate.data[pair] === 1);
    expect(trained).toHaveLength(6);
    expect(selectedLoss).toBeCloseTo(trained.reduce((sum, loss) => sum + loss) / 6, 14);
    expect(kPathGradient(weights, data, linalg).loss).toBeCloseTo(selectedLoss ?? 0, 14);
    expect(unselectedLoss).not.toBeCloseTo(selectedLoss ?? 0, 3);
    const all = kPathReport(weights, { ...data, gate: routingGate(M, 'fully_connected') }, linalg);
    expect([all.unselectedLoss, all.unselectedAccuracy]).toEqual([null, null]);
  });

  it('starts at ln C without weights, and stays finite for huge logits', () => {
    const silent = {
      ...weights,
      decoders: each(C, H).map(() => matrix(C, H)),
      decoderBiases: each(C, 1).map(() => matrix(C, 1)),
    };
    for (const loss of kPathReport(silent, data, linalg).losses.data) expect(loss).toBeCloseTo(Math.log(C), 14);
    const loud = {
      ...weights,
      decoderBiases: weights.decoderBiases.map(() => matrix(C, 1, Float64Array.of(1e4, 0, 0))),
    };
    const { losses, correct } = kPathReport(loud, data, linalg);
    data.labels[1].forEach((_, p) => {
      expect(Number.isFinite(losses.data[p])).toBe(true);
    });
    expect(correct.data[1]).toBe(data.labels[1].filter((label) => label === 0).length);
  });

  it('takes momentum as steps that add up', () => {
    const rate = 0.1;
    const plain = trainKPath(weights, data, { rate, steps: [0, 1, 40] }, linalg);
    const heavy = trainKPath(weights, data, { rate, momentum: 0.9, steps: [1, 40] }, linalg);
    expect(heavy[0].weights).toEqual(plain[1].weights);
    expect(plain[2].loss).toBeLessThan(plain[0].loss);
    expect(heavy[1].loss).toBeLessThan(plain[2].loss);
  });

  it('refuses what does not fit', () => {
    const report =
      (parts: object, others: object = {}) =>
      () =>
        kPathReport({ ...weights, ...others }, { ...data, ...parts }, linalg);
    expect(report({ labels: data.labels.slice(1) })).toThrow('labels has 2 lists. Give 3');
    expect(report({ labels: [base.map(() => 3), ...data.labels.slice(1)] })).toThrow(
      'labels[0] has the class 3 on example 0. Classes are 0 … 2',
    );
    expect(report({ labels: [[0], ...data.labels.slice(1)] })).toThrow('labels[0] has 1 labels. Give 8');
    expect(report({}, { decoders: each(C, H + 1) })).toThrow('decoders[0] is 3 × 6. It should be 3 × 5');
    expect(report({ inputs: data.inputs.slice(1) })).toThrow('inputs has 2 matrices. Give 3');
    expect(report({ gate: matrix(M, M, new Float64Array(9).fill(0.5)) })).toThrow('the gate has an entry 0.5');
    expect(() => kPathGradient(weights, { ...data, gate: matrix(M, M) }, linalg)).toThrow(
      'the gate has no trained pair',
    );
    expect(() => trainKPath(weights, data, { rate: 0.1, momentum: 1, steps: [1] }, linalg)).toThrow('momentum 1');
    expect(() => trainKPath(weights, data, { rate: 1e5, steps: [3] }, linalg)).toThrow(
      /steps of rate 100000; the stability limit 2\/λ_max was [\d.]+ at the start.*Lower the rate, e\.g\. to [\d.]+/,
    );
  });
});
