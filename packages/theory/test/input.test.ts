import { createRandom, GgdlnError, type Warning } from '@ggdln/core';
import { createMlMatrixBackend, identity, type Matrix, matrix } from '@ggdln/linalg';
import { describe, expect, it } from 'vitest';
import {
  type GgdlnOptions,
  type GgdlnProblem,
  ggdlnActionAt,
  infiniteWidthPredictor,
  oneGateLimit,
  solveGgdln,
} from '../src/index.ts';
import { randomProblem, scaled } from './helpers.ts';

const linalg = createMlMatrixBackend();
const good = randomProblem({ gates: [3, 2] });
const withNaN = (a: Matrix, at: number, value = Number.NaN) => {
  const out = scaled(a, 1);
  out.data[at] = value;
  return out;
};

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => expect.unreachable('this should have failed'),
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(GgdlnError);
  return error.message;
}

describe('bad problems are refused with what is wrong and what would be right', () => {
  const cases: [string, Partial<GgdlnProblem>, RegExp][] = [
    [
      'X of rows that are not numbers',
      { X: withNaN(good.X, 9) },
      /X \(P × N0\) has NaN at row 1, column 1\. Every entry must be/,
    ],
    ['X with an infinity', { X: withNaN(good.X, 0, Infinity) }, /X \(P × N0\) has Infinity at row 0/],
    [
      'X as nested lists',
      { X: [[1]] as unknown as Matrix },
      /X \(P × N0\) is not a matrix\. Give \{ rows, cols, data \}/,
    ],
    ['X without columns', { X: matrix(20, 0) }, /X is 20 × 0: no inputs/],
    ['y of another length', { y: new Float64Array(7) }, /y \(P × C\) is 7 × 1\. It should be 20 × 1/],
    ['y without columns', { y: matrix(20, 0) }, /y is 20 × 0: no outputs/],
    ['y with NaN', { y: withNaN(good.y as Matrix, 4) }, /y \(P × C\) has NaN at row 4, column 0/],
    ['no layers of gates', { gates: [] }, /gates is empty\. Give one P × M matrix a hidden layer/],
    [
      'gates of other inputs',
      { gates: [good.gates[0], matrix(3, 2)] },
      /gates\[1\] \(P × M, layer 1 of 2\) is 3 × 2\. It should be 20 × 2/,
    ],
    [
      'a layer without gates',
      { gates: [matrix(20, 0), good.gates[1]] },
      /gates\[0\] .*layer 2 of 2\) is 20 × 0: no gates.*M ≥ 1/,
    ],
    [
      'gates with NaN',
      { gates: [withNaN(good.gates[0], 3), good.gates[1]] },
      /gates\[0\] .* has NaN at row 1, column 0/,
    ],
    [
      'too many composite gates',
      { gates: [matrix(20, 70), matrix(20, 70)] },
      /\(70 × 70, times outputs\) make 4900 composite gates.*At most 4096/,
    ],
    [
      'test inputs of another dimension',
      { test: { X: matrix(5, 3), gates: good.gates } },
      /test\.X \(P_test × N0\) is 5 × 3\. It should be 5 × 8/,
    ],
    [
      'test gates of one layer',
      { test: { X: good.test!.X, gates: [good.test!.gates[0]] } },
      /test\.gates has 1 layers, gates has 2/,
    ],
    [
      'test gates of another number',
      { test: { X: good.test!.X, gates: [good.test!.gates[0], matrix(5, 4)] } },
      /test\.gates\[1\] .* is 5 × 4\. It should be 5 × 2/,
    ],
    ['one width for two layers', { widths: [30] }, /1 widths \[30\] for gates of 2 hidden layers.*top first/],
    ['a fractional width', { widths: [30, 2.5] }, /widths\[1\] is 2\.5\. A width is a whole number of units ≥ 1/],
    ['a width of 0', { widths: [0, 5] }, /widths\[0\] is 0/],
    ['σ = 0', { sigma: 0 }, /sigma is 0\..*finite number > 0/],
    ['σ < 0', { sigma: -1 }, /sigma is -1/],
    ['T < 0', { temperature: -0.1 }, /temperature is -0\.1\. Give a finite number ≥ 0/],
    ['T that is no number', { temperature: Number.NaN }, /temperature is NaN/],
  ];
  it.each(cases)('%s', async (_, change, message) => {
    expect(await messageOf(solveGgdln({ ...good, ...change }, { linalg }))).toMatch(message);
  });

  const optionCases: [string, GgdlnOptions, RegExp][] = [
    ['a tolerance of 0', { tolerance: 0 }, /tolerance is 0\. Give a number between 0 and 1/],
    ['no iterations', { maxIterations: 0 }, /maxIterations is 0\. Give a whole number ≥ 1/],
    ['a negative number of restarts', { restarts: -1 }, /restarts is -1/],
    [
      'restarts without randomness',
      { restarts: 2 },
      /restarts is 2 but there is no rng\. Give rng: createRandom\(seed\)/,
    ],
    ['one initial matrix for two layers', { initial: [identity(3)] }, /initial has 1 matrices for 2 hidden layers/],
    [
      'initial U of another size',
      { initial: [identity(3), identity(5)] },
      /initial\[1\] \(U1\) is 5 × 5\. It should be 6 × 6/,
    ],
    [
      'initial U that is not symmetric',
      { initial: [withNaN(identity(3), 1, 0.5), identity(6)] },
      /initial\[0\] \(U2\) is not symmetric/,
    ],
    [
      'initial U that is not positive definite',
      { initial: [identity(3), identity(6, -1)] },
      /initial\[1\] \(U1\) is not positive definite/,
    ],
  ];
  it.each(optionCases)('%s', async (_, options, message) => {
    expect(await messageOf(solveGgdln(good, { linalg, ...options }))).toMatch(message);
  });

  it('the other functions check too', async () => {
    expect(await messageOf(ggdlnActionAt(good, [identity(3)], { linalg }))).toMatch(/U has 1 matrices for 2 hidden/);
    expect(await messageOf(infiniteWidthPredictor({ ...good, sigma: -2 }, { linalg }))).toMatch(/sigma is -2/);
    const one = { X: good.X, y: good.y, width: 5, sigma: 1 };
    expect(await messageOf(oneGateLimit(one, { linalg }))).toMatch(
      /K0 of 20 inputs of dimension 8 is singular\..*P ≤ N0/,
    );
    expect(await messageOf(oneGateLimit({ ...one, width: 1.5 }, { linalg }))).toMatch(/width is 1\.5/);
    expect(await messageOf(oneGateLimit({ ...one, sigma: 0 }, { linalg }))).toMatch(/sigma is 0/);
    expect(await messageOf(oneGateLimit({ ...one, y: matrix(3, 1) }, { linalg }))).toMatch(/y \(P × C\) is 3 × 1/);
  });

  it('a kernel that overflows is a numerical error, not a NaN', async () => {
    const huge = solveGgdln({ ...good, X: scaled(good.X, 1e160) }, { linalg });
    expect(await messageOf(huge)).toMatch(/overflow|factorised/);
  });
});

describe('warnings carry the numbers', () => {
  async function warningsOf(problem: GgdlnProblem, options: GgdlnOptions = {}): Promise<Map<string, string>> {
    const heard: Warning[] = [];
    const { warnings } = await solveGgdln(problem, { linalg, ...options, onWarning: (warning) => heard.push(warning) });
    expect(heard).toEqual(warnings);
    return new Map(heard.map(({ code, message }) => [code, message]));
  }

  it('none where nothing is wrong', async () => {
    expect(await warningsOf(good)).toEqual(new Map());
  });

  it('a layer that is narrower than its gates', async () => {
    const warnings = await warningsOf({ ...good, widths: [30, 4] });
    expect(warnings.get('width-below-gates')).toMatch(/N = 4 is below M = 6 in layer 1: .*U1 \(6 × 6\).*M\/N = 1\.5/);
  });

  it('inputs without gates, with their places', async () => {
    const gates = scaled(good.gates[1], 1);
    gates.data.fill(0, 0, 24);
    const warnings = await warningsOf({ ...good, gates: [good.gates[0], gates] });
    expect(warnings.get('inputs-without-gates')).toMatch(
      /12 of 20 training inputs .*\(rows 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …\): the output is 0 there; an always-on gate/,
    );
  });

  it('more targets than the network can interpolate at T = 0, and not at T > 0', async () => {
    const many = randomProblem({ P: 30, N0: 4, temperature: 0 });
    expect((await warningsOf(many)).get('above-capacity')).toMatch(
      /30 targets at T = 0, but the network can interpolate 12 \(N0 = 4 inputs, 3 independent gates\)/,
    );
    expect(await warningsOf({ ...many, temperature: 0.01 })).toEqual(new Map());
  });

  it('a nearly singular kernel', async () => {
    const base = randomProblem({ P: 2, N0: 2, gates: [1], temperature: 1e-13 });
    const near = matrix(2, 2, Float64Array.of(1, 0, 1, 1e-6));
    const message = (await warningsOf({ ...base, X: near, y: Float64Array.of(1, 1) })).get('near-singular-kernel');
    expect(message).toMatch(/condition number of K \+ TI is about \d\.\de\+12: expect 3 correct digits; raise T/);
  });

  it('a residual that rounding keeps above the tolerance', async () => {
    const warnings = await warningsOf(randomProblem({ P: 20, N0: 7, gates: [3], temperature: 0 }), {
      tolerance: 1e-18,
    });
    expect(warnings.get('rounding-floor')).toMatch(/the residual stays at \d\.\de-1\d, above the tolerance 1e-18/);
  });

  it('a restart that fails is left out', async () => {
    const options = { restarts: 1, rng: createRandom(1), maxIterations: 20 };
    const solved = await solveGgdln(good, { linalg });
    const warnings = await warningsOf(good, { ...options, initial: solved.U, maxIterations: 3 });
    expect(warnings.get('restart-failed')).toMatch(/restart 1 of 1 is left out: no saddle point within 3 iterations/);
  });
});
