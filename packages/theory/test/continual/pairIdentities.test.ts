import { createRandom } from '@ggdln/core';
import { add, inner, type Matrix, matrix, transpose } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  anterogradeInterference,
  continualOrderParameters,
  meanPairForgetting,
  pairForgetting,
  type TaskPair,
} from '../../src/continual/index.ts';
import { backends, distance, gaussianMatrix } from '../helpers.ts';
import { pairOf } from './pairs.ts';

const linalg = (await backends()).at(-1)!;
const [P, F] = [6, 15];
const rng = createRandom('pair identities');
const [one, two] = [0, 1].map((k) => gaussianMatrix(rng.stream(k), P, F));
const [y1, y2] = [2, 3].map((k) => rng.stream(k).fillGaussian(new Float64Array(P)));
const pair = pairOf(one, two, y1, y2);
const swapped = pairOf(two, one, y2, y1);

/** Rule of minimum norm V (F × 1), projector Π on the rows of Φ, and C = ΦᵀΦ. */
function inFeatures(Phi: Matrix, y: Float64Array) {
  const { q } = linalg.qr(transpose(Phi));
  const V = linalg.leastSquares(Phi, matrix(y.length, 1, y));
  return { V, Pi: linalg.gemm(q, q, { transB: true }), C: linalg.gemm(Phi, Phi, { transA: true }) };
}
const [f1, f2] = [inFeatures(one, y1), inFeatures(two, y2)];
const between = (a: Matrix, M: Matrix, b: Matrix) => inner(a, linalg.gemm(M, b));
const square = (a: Matrix) => inner(a, a);

describe('two tasks in explicit features', () => {
  const gap = add(f2.V, f1.V, 1, -1);

  it('forgetting is what task 2’s projector passes of the difference of the rules', async () => {
    const { forgetting, whitened } = await pairForgetting(pair, { linalg });
    const passed = linalg.gemm(f2.Pi, gap);
    expect(forgetting).toBeCloseTo(square(linalg.gemm(one, passed)) / P, 9);
    expect(whitened).toBeCloseTo(square(linalg.gemm(f1.Pi, passed)) / P, 9);
  });

  it('label-weighted order parameters are forms of the rules', async () => {
    const { relevantFeature, relevantRule } = await continualOrderParameters(pair, { linalg });
    const form = add(linalg.gemm(linalg.gemm(f2.Pi, f1.C), f2.Pi), linalg.gemm(linalg.gemm(f1.Pi, f2.C), f1.Pi));
    expect(relevantFeature).toBeCloseTo(between(f2.V, form, f2.V) / P, 9);
    expect(relevantRule).toBeCloseTo(between(f2.V, form, f1.V) / P, 9);
  });

  it('forgetting of both orders together is that of γ_rf − γ_r: what exchangeable tasks have in the mean', async () => {
    const sum = async (of: (given: TaskPair) => Promise<number>) => (await of(pair)) + (await of(swapped));
    const forgotten = await sum(async (given) => (await pairForgetting(given, { linalg })).forgetting);
    const predicted = await sum(async (given) => {
      const { relevantFeature, relevantRule } = await continualOrderParameters(given, { linalg });
      return relevantFeature - relevantRule;
    });
    expect(predicted / forgotten).toBeCloseTo(1, 10);
    const alone = await continualOrderParameters(pair, { linalg });
    const { forgetting } = await pairForgetting(pair, { linalg });
    expect(Math.abs((alone.relevantFeature - alone.relevantRule) / forgetting - 1)).toBeGreaterThan(0.01);
  });

  it('on the same inputs all features are shared, and whitened forgetting is the distance of the rules', async () => {
    const shared = pairOf(one, one, y1, y2);
    const found = await continualOrderParameters(shared, { linalg });
    expect(found.feature).toBeCloseTo(1, 10);
    expect(found.feature2).toBeCloseTo(1, 10);
    const apart = add(inFeatures(one, y2).V, f1.V, 1, -1);
    expect((await pairForgetting(shared, { linalg })).whitened).toBeCloseTo(square(apart) / P, 9);
  });

  it('interference is zero on the inputs of task 2, and on those of task 1 what it does not know', async () => {
    const on = (Kx1: Matrix, Kx2: Matrix) => anterogradeInterference(pair, { Kx1, Kx2 }, { linalg });
    const { alone, interference } = await on(transpose(pair.K12), pair.K22);
    expect(Math.max(...interference.map(Math.abs))).toBeLessThan(1e-10);
    expect(distance(alone, y2)).toBeLessThan(1e-10);
    expect(Math.max(...(await on(pair.K11, pair.K12)).interference.map(Math.abs))).toBeGreaterThan(0.1);
  });
});

it('names a task whose features are fewer than its examples', async () => {
  const few = gaussianMatrix(rng.stream('few'), P, P - 1);
  await expect(continualOrderParameters(pairOf(one, one, y1, y2), { linalg })).resolves.toBeDefined();
  const asFew = gaussianMatrix(rng.stream('as few'), P, P - 1);
  await expect(pairForgetting(pairOf(asFew, few, y1, y2), { linalg })).rejects.toThrow(
    /the kernel of task 1 \(6 inputs\) is singular to working precision.*more than N0 of them.*Leave some out/,
  );
});

/**
 * The mean of a quadratic form of two vectors of independent standard normals whose components have correlation r: what
 * unit vectors give, exactly.
 */
async function meanOver(
  count: number,
  r: number,
  form: (first: Float64Array, second: Float64Array) => Promise<number>,
): Promise<number> {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const unit = Float64Array.from({ length: count }, (_, k) => (k === i ? 1 : 0));
    const none = new Float64Array(count);
    sum += (1 - r) * ((await form(unit, none)) + (await form(none, unit))) + r * (await form(unit, unit));
  }
  return sum;
}

describe.each([-0.5, 0, 0.6, 1])('rules of correlation %f', (r) => {
  const taught = (theta: Float64Array, Phi: Matrix) => linalg.gemm(Phi, matrix(F, 1, theta)).data;
  const forgotten = (first: Float64Array, second: Float64Array) =>
    pairForgetting({ ...pair, y1: first, y2: second }, { linalg });

  it('teachers: mean of V1·V2/P is rγ_feature, of whitened forgetting γ_feature + (1 − 2r)γ2', async () => {
    const { feature, feature2 } = await continualOrderParameters(pair, { linalg });
    const overlap = await meanOver(F, r, async (a, b) => {
      const rule = (theta: Float64Array, Phi: Matrix) => linalg.leastSquares(Phi, matrix(P, 1, taught(theta, Phi)));
      return inner(rule(a, one), rule(b, two)) / P;
    });
    expect(overlap).toBeCloseTo(r * feature, 9);
    const whitened = await meanOver(F, r, async (a, b) => (await forgotten(taught(a, one), taught(b, two))).whitened);
    expect(whitened).toBeCloseTo(feature + (1 - 2 * r) * feature2, 9);
    expect((await meanPairForgetting(pair, r, { linalg })).whitened).toBeCloseTo(whitened, 9);
  });

  it('squared error: teachers in feature space and white labels have their formulas', async () => {
    const { kernelLabels, whiteLabels } = await meanPairForgetting(pair, r, { linalg });
    const drawn = await meanOver(F, r, async (a, b) => (await forgotten(taught(a, one), taught(b, two))).forgetting);
    expect(kernelLabels).toBeCloseTo(drawn, 9);
    expect(whiteLabels).toBeCloseTo(await meanOver(P, r, async (a, b) => (await forgotten(a, b)).forgetting), 9);
  });
});
