import { createRandom, createRegistry, type Problem, type RunContext } from '@ggdln/core';
import { createMlMatrixBackend, type Matrix } from '@ggdln/linalg';
import { testTheory } from '@ggdln/plugin-testkit';
import { describe, expect, it } from 'vitest';
import { infiniteWidthPredictor, solveGgdln, theoryPlugin } from '../src/index.ts';
import { randomProblem } from './helpers.ts';

const linalg = createMlMatrixBackend();
const context: RunContext = { rng: createRandom(1), linalg };
const plain = randomProblem({ gates: [3, 2], outputs: 2 });

function problemOf(family: string): Problem {
  const { X, y, gates, test, widths, sigma, temperature } = plain;
  return {
    train: { X, Y: y as Matrix, gates },
    test: { X: test!.X, Y: { rows: 5, cols: 2, data: new Float64Array(10) }, gates: test!.gates },
    gateNames: gates.map(() => []),
    architecture: { family, widths, sigma, shapes: () => ({}), predict: () => expect.unreachable() },
    temperature,
  };
}

for (const name of ['ggdln', 'infinite-width']) {
  const entry = theoryPlugin.theory![name];
  testTheory(name, entry, { problem: problemOf('ggdln') });
  testTheory(`${name} at T = 0 on a singular kernel`, entry, { problem: { ...problemOf('dln'), temperature: 0 } });
}

describe('the plugin', () => {
  const registry = createRegistry([theoryPlugin]);
  const traits = { family: 'ggdln', depth: 2, outputs: 2, temperature: 0 };

  it('solves what the plain function solves, under the names of the architecture', async () => {
    const entry = registry.get('theory', 'ggdln');
    expect(entry.role).toBe('theory');
    const result = await entry
      .create({ tolerance: 1e-9, maxIterations: 100, acceleration: true, restarts: 0 })
      .solve(problemOf('ggdln'), context);
    const solution = await solveGgdln(plain, { linalg });
    expect(result.orderParameters).toEqual({ U2: solution.U[0], U1: solution.U[1] });
    expect(result.predictor).toEqual(solution.predictor);
    expect(result.diagnostics).toMatchObject({
      iterations: solution.iterations,
      deadInputs: 0,
      capacity: 8 * 12,
      rank: 40,
    });
    for (const value of Object.values(result.diagnostics)) expect(value).toBeTypeOf('number');
  });

  it('has the infinite-width limit', async () => {
    const entry = registry.get('theory', 'infinite-width');
    expect(entry.role).toBe('infinite-width');
    const result = await entry.create({}).solve(problemOf('dln'), context);
    const { predictor, U } = await infiniteWidthPredictor(plain, { linalg });
    expect(result.predictor).toEqual(predictor);
    expect(Object.keys(result.orderParameters).sort()).toEqual(['U1', 'U2']);
    expect(result.orderParameters.U1).toEqual(U[1]);
  });

  it.each(['ggdln', 'infinite-width'])('%s says which networks it solves', async (name) => {
    const entry = registry.get('theory', name);
    expect(entry.supports(traits)).toBeUndefined();
    expect(entry.supports({ ...traits, family: 'dln', depth: 1, temperature: 1 })).toBeUndefined();
    expect(entry.supports({ ...traits, family: 'relu' })?.reason).toMatch(
      /linear given fixed gates \(ggdln, dln\), not relu/,
    );
    await expect(
      entry
        .create({ tolerance: 1e-9, maxIterations: 9, acceleration: true, restarts: 0 })
        .solve(problemOf('relu'), context),
    ).rejects.toMatchObject({
      code: 'GGDLN_INCOMPATIBLE',
    });
  });
});

describe('conformance cases', () => {
  const compute = theoryPlugin.conformance!['ggdln.saddle'];

  it('name what is absent or ill-formed', async () => {
    await expect(compute({ params: {}, inputs: { X: [[1]] } }, context)).rejects.toThrow(
      /inputs\.y is absent\. Known are X/,
    );
    await expect(compute({ params: {}, inputs: { X: [[1, 'a']] } }, context)).rejects.toThrow(
      /inputs\.X\[0\]\[1\] is string a\. It should be a number/,
    );
    await expect(compute({ params: {}, inputs: { X: 3 } }, context)).rejects.toThrow(
      /inputs\.X is number 3\. It should be a list/,
    );
  });
});
