import { createRandom, type Dataset } from '@ggdln/core';
import { conflictingTasks, permutedTasks, relatedTeachers, splitTasks } from '@ggdln/datasets';
import { chooseLinalg } from '@ggdln/linalg';
import { continualOrderParameters, pairForgetting, taskPair } from '@ggdln/theory/continual';
import { reluActivation } from '@ggdln/theory/kernels';
import { describe, expect, it } from 'vitest';
import { FAMILIES, familyTasks, tasksOf } from '../src/continual/common.ts';

const linalg = (await chooseLinalg()).backend;
const [P, DRAWS] = [20, 6];
const sizes = { tasks: 2, inputs: 30, trainSize: 2 * P, testSize: 2 } as const;

/** γ_feature, γ_rule and relative forgetting of two tasks under the tangent kernel, mean over draws. */
async function measured(draw: (seed: number) => Dataset | Promise<Dataset>, depth = 1) {
  const sum = { feature: 0, rule: 0, forgetting: 0 };
  for (let seed = 0; seed < DRAWS; seed++) {
    const [one, two] = tasksOf(await draw(seed), 2);
    const network = { activation: reluActivation, depth };
    const pair = await taskPair(network, { kernel: 'ntk', sigma2: 2 }, [one, two], { linalg });
    const { feature, rule } = await continualOrderParameters(pair, { linalg });
    const { forgetting } = await pairForgetting(pair, { linalg });
    sum.feature += feature / DRAWS;
    sum.rule += rule / DRAWS;
    sum.forgetting += (forgetting * P) / one.y.reduce((total, y) => total + y * y, 0) / DRAWS;
  }
  return sum;
}

const rng = (seed: number) => createRandom(`families ${seed}`);

describe('order parameters of the benchmark families', () => {
  it('student-teacher: inputs set γ_feature, teachers γ_rule, each alone', async () => {
    const at = (inputSimilarity: number, ruleSimilarity: number) =>
      measured((seed) => relatedTeachers({ ...sizes, inputSimilarity, ruleSimilarity }, rng(seed)));
    const [far, near, same] = [await at(0, 0.9), await at(0.8, 0.9), await at(1, 0.9)];
    expect(near.feature).toBeGreaterThan(1.3 * far.feature);
    expect(same.feature).toBeCloseTo(1, 8);
    const [apart, alike] = [await at(1, 0), await at(1, 1)];
    expect(apart.feature).toBeCloseTo(alike.feature, 10);
    expect(Math.abs(apart.rule)).toBeLessThan(0.3);
    expect(alike.rule).toBeCloseTo(1, 8);
    expect(alike.forgetting).toBeLessThan(1e-12);
    expect(apart.forgetting).toBeGreaterThan(0.5);
  });

  it('permuted inputs: the more, the less γ_feature', async () => {
    const at = (fraction: number) => measured((seed) => permutedTasks({ ...sizes, fraction }, rng(seed)));
    const found = [await at(0), await at(0.3), await at(0.6), await at(1)].map(({ feature }) => feature);
    expect(found[0]).toBeCloseTo(1, 8);
    for (let k = 1; k < 4; k++) expect(found[k]).toBeLessThan(found[k - 1]);
  });

  it('split classes: the nearer their centres, the more γ_feature', async () => {
    const at = (similarity: number) => measured((seed) => splitTasks({ ...sizes, similarity }, rng(seed)));
    const found = [await at(0), await at(0.6), await at(1)].map(({ feature }) => feature);
    expect(found[1]).toBeGreaterThan(found[0]);
    expect(found[2]).toBeGreaterThan(1.2 * found[1]);
  });

  it('flipped labels: γ_rule falls below 0 as f passes a half, and forgetting rises', async () => {
    const at = (flipped: number) =>
      measured((seed) => conflictingTasks({ ...sizes, flipped, inputNoise: 0.05 }, rng(seed)));
    const found = [await at(0), await at(0.25), await at(0.75), await at(1)];
    for (let k = 1; k < 4; k++) {
      expect(found[k].rule).toBeLessThan(found[k - 1].rule);
      expect(found[k].forgetting).toBeGreaterThan(found[k - 1].forgetting);
    }
    expect(found[1].rule).toBeGreaterThan(0);
    expect(found[2].rule).toBeLessThan(0);
    // Labels turn over, inputs don't know.
    expect(found[3].feature).toBeCloseTo(found[0].feature, 10);
  });

  it.each(FAMILIES)('%s: deeper networks have less γ_feature, and forget less', async (family) => {
    const found: { feature: number; forgetting: number }[] = [];
    for (const depth of [1, 2, 4, 8]) {
      const sum = { feature: 0, forgetting: 0 };
      for (let seed = 0; seed < 2; seed++) {
        const [one, two] = await familyTasks(family, { tasks: 2, examples: P, inputs: 30 }, seed);
        const network = { activation: reluActivation, depth };
        const pair = await taskPair(network, { kernel: 'ntk', sigma2: 2 }, [one, two], { linalg });
        sum.feature += (await continualOrderParameters(pair, { linalg })).feature;
        sum.forgetting += (await pairForgetting(pair, { linalg })).forgetting;
      }
      found.push(sum);
    }
    for (let k = 1; k < found.length; k++) {
      expect(found[k].feature).toBeLessThan(found[k - 1].feature);
      expect(found[k].forgetting).toBeLessThan(found[k - 1].forgetting);
    }
  });
});
