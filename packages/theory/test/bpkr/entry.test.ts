import { createRandom, createRegistry, type Problem, type RunContext, type Warning } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { testTheory } from '@ggdln/plugin-testkit';
import { describe, expect, it } from 'vitest';
import { exactBpkr, solveBpkr, solveReluHeuristic } from '../../src/bpkr/index.ts';
import { theoryPlugin } from '../../src/index.ts';
import { erfActivation, nngpPredictor } from '../../src/kernels/index.ts';
import { distance } from '../helpers.ts';
import { linalg, problemOf } from './problems.ts';

const registry = createRegistry([theoryPlugin]);
const entry = (name: string) => registry.get('theory', name);
const context: RunContext = { rng: createRandom(1), linalg };

/** @param activation `linear` makes a `dln`, anything else an `mlp`. */
function learning(options: Parameters<typeof problemOf>[0], activation = 'linear'): Problem {
  const { X, y, test, widths, sigma, temperature } = problemOf(options);
  const on = (rows: number) => widths.map(() => matrix(rows, 1, new Float64Array(rows).fill(1)));
  const family = activation === 'linear' ? { family: 'dln' } : { family: 'mlp', activation };
  return {
    train: { X, Y: y, gates: on(X.rows) },
    test: { X: test.X, Y: matrix(4, y.cols), gates: on(4) },
    gateNames: widths.map(() => ['always on']),
    architecture: { ...family, widths, sigma, shapes: () => ({}), predict: () => expect.unreachable() },
    temperature,
  };
}
const solve = (name: string, problem: Problem) => entry(name).create({}).solve(problem, context);

testTheory('bpkr', entry('bpkr'), { problem: learning({ outputs: 2, temperature: 0.1 }) });
testTheory('bpkr at T = 0', entry('bpkr'), { problem: learning({ P: 20, N0: 9 }) });
testTheory('bpkr-exact', entry('bpkr-exact'), { problem: learning({ temperature: 0.1 }) });
testTheory('bpkr-relu', entry('bpkr-relu'), { problem: learning({ temperature: 0.1 }, 'relu') });
testTheory('nngp', entry('nngp'), { problem: learning({ temperature: 0.1, outputs: 2 }, 'erf') });
testTheory('nngp at T = 0', entry('nngp'), { problem: learning({ P: 20, N0: 9 }) });
testTheory('ntk', entry('ntk'), { problem: learning({ temperature: 0.1, outputs: 2 }, 'relu') });

describe('the entries of networks without gates', () => {
  it('solve what the plain functions solve', async () => {
    const plain = problemOf({ temperature: 0.1 });
    for (const [name, activation, expected] of [
      ['bpkr', 'linear', await solveBpkr(plain, { linalg })],
      ['bpkr-relu', 'relu', await solveReluHeuristic(plain, { linalg })],
      ['bpkr-exact', 'linear', await exactBpkr(plain, { linalg })],
    ] as const) {
      const result = await solve(name, learning({ temperature: 0.1 }, activation));
      expect(result.predictor).toEqual(expected.predictor);
      expect(result.diagnostics.trainError).toBe(expected.trainError);
    }
    const network = { activation: erfActivation, sigmas: [1.1, 1.1, 1.1] };
    const nngp = await solve('nngp', learning({ temperature: 0.1 }, 'erf'));
    const { mean, variance } = await nngpPredictor(network, plain, 0.1, { linalg });
    expect(nngp.predictor).toEqual({ mean, variance });
  });

  it('an mlp with linear units is a deep linear network', async () => {
    const linear = learning({ temperature: 0.1 });
    const mlp = { ...linear, architecture: { ...linear.architecture, family: 'mlp', activation: 'linear' } };
    for (const name of ['bpkr', 'bpkr-exact', 'nngp', 'ntk']) {
      expect((await solve(name, mlp)).predictor).toEqual((await solve(name, linear)).predictor);
    }
  });

  it('infinite width is that of gated networks with one gate', async () => {
    const problem = learning({ temperature: 0.1, outputs: 2 });
    const [gated, plain] = [await solve('infinite-width', problem), await solve('nngp', problem)];
    expect(distance(plain.predictor.mean.data, gated.predictor.mean.data)).toBeLessThan(1e-9);
    expect(distance(plain.predictor.variance.data, gated.predictor.variance.data)).toBeLessThan(1e-9);
  });

  it('name order parameters as the gated theory and the networks do', async () => {
    const problem = learning({ outputs: 2, widths: [20, 30, 25], temperature: 0.1 });
    const options = { tolerance: 1e-10, maxIterations: 999, acceleration: true, restarts: 0 };
    const gated = await entry('ggdln').create(options).solve(problem, context);
    const saddle = await solve('bpkr', problem);
    expect(Object.keys(saddle.orderParameters).sort()).toEqual(['U1', 'U2', 'U3']);
    for (const name of ['U1', 'U2', 'U3']) {
      expect(distance(saddle.orderParameters[name].data, gated.orderParameters[name].data)).toBeLessThan(1e-7);
    }
    const single = learning({ widths: [20, 30], temperature: 0.1 });
    const [approximate, exact] = [await solve('bpkr', single), await solve('bpkr-exact', single)];
    for (const name of ['U1', 'U2']) {
      expect(exact.orderParameters[name].data[0] / approximate.orderParameters[name].data[0]).toBeCloseTo(1, 0);
    }
  });

  it('refuse other networks with a reason and a remedy', async () => {
    const traits = { family: 'dln', depth: 2, outputs: 1, temperature: 0 };
    const relu = { ...traits, family: 'mlp', activation: 'relu' };
    for (const name of ['bpkr', 'bpkr-exact', 'nngp', 'ntk']) expect(entry(name).supports(traits)).toBeUndefined();
    for (const name of ['bpkr-relu', 'nngp', 'ntk']) expect(entry(name).supports(relu)).toBeUndefined();
    expect(entry('bpkr').supports(relu)).toEqual({
      reason: 'this theory solves networks with the activation linear, not relu',
      remedy: 'Use the heuristic bpkr-relu or the infinite-width theory nngp',
    });
    expect(entry('bpkr-relu').supports(traits)?.reason).toContain('with the activation relu, not linear');
    expect(entry('bpkr-relu').supports({ ...relu, activation: 'erf' })?.remedy).toContain('theory nngp');
    expect(entry('bpkr').supports({ ...traits, family: 'ggdln' })).toEqual({
      reason: 'this theory solves networks without gates (dln, mlp), not ggdln',
      remedy: 'Use the architecture dln or mlp with the gating always-on, or the theory ggdln for gated networks',
    });
    expect(entry('bpkr-exact').supports({ ...traits, outputs: 3 })).toEqual({
      reason: 'the exact law is that of one output, not of 3',
      remedy: 'Use the theory bpkr, which takes several outputs, or sample with block-gibbs',
    });
    const gated = learning({});
    const { train } = gated;
    await expect(solve('bpkr', { ...gated, train: { ...train, gates: [matrix(12, 3)] } })).rejects.toThrow(
      /a layer has 3 gates, but this theory knows no gates\. Use the gating always-on, or the theory ggdln/,
    );
    await expect(solve('nngp', { ...gated, train: { ...train, gates: [matrix(12, 1)] } })).rejects.toThrow(
      /the gate of input 0 is 0, but/,
    );
    await expect(solve('bpkr-exact', learning({}, 'relu'))).rejects.toThrow(/activation linear, not relu/);
  });

  it('pass warnings on', async () => {
    const warnings: Warning[] = [];
    const watched = { ...context, onWarning: (warning: Warning) => warnings.push(warning) };
    await entry('bpkr-relu').create({}).solve(learning({}, 'relu'), watched);
    expect(warnings.map(({ code }) => code)).toEqual(['relu-heuristic']);
  });
});
