import { createRandom } from '@ggdln/core';
import { type Matrix, matrix, transpose } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  anterogradeInterference,
  continualLimit,
  continualOrderParameters,
  forgettingMatrix,
  pairForgetting,
  taskPair,
} from '../../src/continual/index.ts';
import { reluActivation } from '../../src/kernels/index.ts';
import { backends, gaussianMatrix, scaled } from '../helpers.ts';
import { pairOf } from './pairs.ts';

const linalg = (await backends()).at(-1)!;
const [P, F] = [6, 15];
const rng = createRandom('order parameters');
const features = [0, 1].map((k) => gaussianMatrix(rng.stream(k), P, F));
const labels = [2, 3].map((k) => rng.stream(k).fillGaussian(new Float64Array(P)));
const pair = pairOf(features[0], features[1], labels[0], labels[1]);

/** Projector on the row space of features. */
function projector(features: Matrix): Matrix {
  const { q } = linalg.qr(transpose(features));
  return linalg.gemm(q, q, { transB: true });
}

describe('order parameters', () => {
  it('are overlaps of feature spaces and of rules', async () => {
    const found = await continualOrderParameters(pair, { linalg });
    const product = linalg.gemm(projector(features[0]), projector(features[1]));
    const square = linalg.gemm(product, product);
    const trace = (a: Matrix) => Array.from({ length: F }, (_, i) => a.data[i * (F + 1)]).reduce((x, y) => x + y, 0);
    expect(found.feature).toBeCloseTo(trace(product) / P, 10);
    expect(found.feature2).toBeCloseTo(trace(square) / P, 10);
    const rules = [0, 1].map((k) => linalg.leastSquares(features[k], matrix(P, 1, labels[k])).data);
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
    const cosine = dot(rules[0], rules[1]) / Math.sqrt(dot(rules[0], rules[0]) * dot(rules[1], rules[1]));
    expect(found.rule).toBeCloseTo(cosine, 10);
    expect(found.feature ** 2).toBeLessThanOrEqual(found.feature2);
    expect(found.feature2).toBeLessThanOrEqual(found.feature);
  });

  it('do not change with the scale of the kernel, or when examples are recombined', async () => {
    const found = await continualOrderParameters(pair, { linalg });
    const mix = gaussianMatrix(rng.stream('mix'), P, P);
    const mixed = (a: Matrix) => linalg.gemm(mix, a);
    const recombined = pairOf(mixed(features[0]), features[1], mixed(matrix(P, 1, labels[0])).data, labels[1]);
    const same = await continualOrderParameters(recombined, { linalg });
    const louder = { ...pair, K11: scaled(pair.K11, 3), K12: scaled(pair.K12, 3), K22: scaled(pair.K22, 3) };
    const loud = await continualOrderParameters(louder, { linalg });
    for (const name of ['feature', 'feature2', 'rule'] as const) {
      expect(same[name]).toBeCloseTo(found[name], 8);
      expect(loud[name]).toBeCloseTo(found[name], 10);
    }
  });

  it('are symmetric, but for the label-weighted ones', async () => {
    const back = { K11: pair.K22, K12: transpose(pair.K12), K22: pair.K11, y1: pair.y2, y2: pair.y1 };
    const [one, two] = [
      await continualOrderParameters(pair, { linalg }),
      await continualOrderParameters(back, { linalg }),
    ];
    expect(two.feature).toBeCloseTo(one.feature, 12);
    expect(two.feature2).toBeCloseTo(one.feature2, 12);
    expect(two.rule).toBeCloseTo(one.rule, 12);
    expect(Math.abs(two.relevantFeature - one.relevantFeature)).toBeGreaterThan(1e-3);
  });

  it('are 1 for a repeated task and 0 for tasks without common features', async () => {
    const same = await continualOrderParameters({ ...pair, K12: pair.K11, K22: pair.K11, y2: pair.y1 }, { linalg });
    expect([same.feature, same.feature2, same.rule].map((value) => Math.round(value * 1e10) / 1e10)).toEqual([1, 1, 1]);
    const apart = await continualOrderParameters({ ...pair, K12: matrix(P, P) }, { linalg });
    expect(Object.values(apart)).toEqual([0, 0, 0, 0, 0]);
    expect((await pairForgetting({ ...pair, K12: matrix(P, P) }, { linalg })).forgetting).toBe(0);
  });

  it('forgetting and interference are those of the sequence in the limit', async () => {
    const inputs = [0, 1].map((k) => gaussianMatrix(rng.stream(`x${k}`), P, 8));
    const tasks = inputs.map((X, k) => ({ X, y: labels[k] }));
    const network = { activation: reluActivation, depth: 2 };
    const test = gaussianMatrix(rng.stream('test'), 3, 8);
    const points = [...inputs, test];
    const { mean } = await continualLimit({ network, tasks, points }, { sigma2: 1.3, mode: 'gradient' }, { linalg });
    const kernel = { kernel: 'ntk', sigma2: 1.3 } as const;
    const real = await taskPair(network, kernel, [tasks[0], tasks[1]], { linalg });
    const { forgetting } = await pairForgetting(real, { linalg });
    expect(forgettingMatrix({ mean: mean.slice(0, 2) }, labels).data[2]).toBeCloseTo(forgetting, 10);
    const across = async (k: number) =>
      (await taskPair(network, kernel, [{ X: test, y: new Float64Array(3) }, tasks[k]], { linalg })).K12;
    const parts = await anterogradeInterference(real, { Kx1: await across(0), Kx2: await across(1) }, { linalg });
    for (let i = 0; i < 3; i++) expect(parts.alone[i] + parts.interference[i]).toBeCloseTo(mean[2].data[3 + i], 10);
  });
});
