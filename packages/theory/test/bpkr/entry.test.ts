import { createRandom, createRegistry, type Problem, type RunContext, type Warning } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { testTheory } from '@ggdln/plugin-testkit';
import { describe, expect, it } from 'vitest';
import { exactBpkr, solveBpkr, solveReluHeuristic } from '../../src/bpkr/index.ts';
import { theoryPlugin } from '../../src/index.ts';
import { distance } from '../helpers.ts';
import { linalg, problemOf } from './problems.ts';

const entry = createRegistry([theoryPlugin]).get('theory', 'bpkr');
const context: RunContext = { rng: createRandom(1), linalg };

function learning(options: Parameters<typeof problemOf>[0], family = 'dln'): Problem {
  const { X, y, test, widths, sigma, temperature } = problemOf(options);
  const on = (rows: number) => widths.map(() => matrix(rows, 1, new Float64Array(rows).fill(1)));
  return {
    train: { X, Y: y, gates: on(X.rows) },
    test: { X: test.X, Y: matrix(4, y.cols), gates: on(4) },
    gateNames: widths.map(() => ['always on']),
    architecture: { family, widths, sigma, shapes: () => ({}), predict: () => expect.unreachable() },
    temperature,
  };
}

testTheory('bpkr', entry, { problem: learning({ outputs: 2, temperature: 0.1 }) });
testTheory('bpkr at T = 0', entry, { problem: learning({ P: 20, N0: 9 }) });
testTheory('bpkr, exact', entry, { problem: learning({ temperature: 0.1 }), options: { method: 'exact' } });
testTheory('bpkr for ReLU', entry, { problem: learning({ temperature: 0.1 }, 'relu') });

describe('the entry bpkr', () => {
  it('solves what the plain functions solve', async () => {
    const options = { temperature: 0.1 };
    const plain = problemOf(options);
    for (const [method, family, expected] of [
      ['saddle', 'dln', await solveBpkr(plain, { linalg })],
      ['saddle', 'relu', await solveReluHeuristic(plain, { linalg })],
      ['exact', 'dln', await exactBpkr(plain, { linalg })],
    ] as const) {
      const result = await entry.create({ method }).solve(learning(options, family), context);
      expect(result.predictor).toEqual(expected.predictor);
      expect(result.diagnostics.trainError).toBe(expected.trainError);
    }
  });

  it('names order parameters as the gated theory and the networks do', async () => {
    const problem = learning({ outputs: 2, widths: [20, 30, 25], temperature: 0.1 });
    const gated = theoryPlugin.theory!.ggdln.create({
      tolerance: 1e-10,
      maxIterations: 999,
      acceleration: true,
      restarts: 0,
    });
    const [a, b] = [
      await gated.solve(problem, context),
      await entry.create({ method: 'saddle' }).solve(problem, context),
    ];
    expect(Object.keys(b.orderParameters).sort()).toEqual(['U1', 'U2', 'U3']);
    for (const name of ['U1', 'U2', 'U3']) {
      expect(distance(b.orderParameters[name].data, a.orderParameters[name].data)).toBeLessThan(1e-7);
    }
    const single = learning({ widths: [20, 30], temperature: 0.1 });
    const [saddle, exact] = await Promise.all(
      (['saddle', 'exact'] as const).map((method) => entry.create({ method }).solve(single, context)),
    );
    for (const name of ['U1', 'U2']) {
      expect(exact.orderParameters[name].data[0] / saddle.orderParameters[name].data[0]).toBeCloseTo(1, 0);
    }
  });

  it('refuses gated networks with a reason and a remedy', async () => {
    const traits = { family: 'ggdln', depth: 2, outputs: 1, temperature: 0 };
    expect(entry.supports(traits)).toEqual({
      reason: 'this theory solves deep linear networks without gates (dln) and, as a heuristic, ReLU ones, not ggdln',
      remedy: 'Use the architecture dln with the gating always-on, or the theory ggdln for gated networks',
    });
    for (const family of ['dln', 'relu']) expect(entry.supports({ ...traits, family })).toBeUndefined();
    const solve = (problem: Problem, method = 'saddle') => entry.create({ method }).solve(problem, context);
    const gated = learning({});
    const { train } = gated;
    await expect(solve({ ...gated, train: { ...train, gates: [matrix(12, 3)] } })).rejects.toThrow(
      /a layer has 3 gates, but this theory knows no gates\. Use the gating always-on, or the theory ggdln/,
    );
    await expect(solve({ ...gated, train: { ...train, gates: [matrix(12, 1)] } })).rejects.toThrow(
      /the gate of input 0 is 0, but/,
    );
    await expect(solve(learning({}, 'relu'), 'exact')).rejects.toThrow(
      /exact posterior .* not of relu\. Use method: saddle/,
    );
  });

  it('passes warnings on', async () => {
    const warnings: Warning[] = [];
    const watched = { ...context, onWarning: (warning: Warning) => warnings.push(warning) };
    await entry.create({ method: 'saddle' }).solve(learning({}, 'relu'), watched);
    expect(warnings.map(({ code }) => code)).toEqual(['relu-heuristic']);
  });
});
