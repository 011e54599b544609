import {
  type Architecture,
  defineArchitecture,
  defineDataset,
  defineGating,
  defineLearner,
  defineTheory,
  GgdlnError,
  inputError,
  integer,
  type LearnerResult,
  type LinalgBackend,
  type Matrix,
  NotConvergedError,
  number,
  numbers,
  type Plugin,
  type Problem,
  type RunContext,
} from '@ggdln/core';

/** Test doubles: a whole experiment whose truth is known in closed form. No plugin package is imported. */

/** A backend that nothing here calls. */
export const noLinalg = { name: 'none', description: 'no linear algebra' } as LinalgBackend;

function matrixOf(rows: number, cols: number, entry: (i: number, j: number) => number): Matrix {
  const data = Float64Array.from({ length: rows * cols }, (_, k) => entry(Math.floor(k / cols), k % cols));
  return { rows, cols, data };
}

const line = defineDataset({
  title: 'Line',
  summary: 'Targets ±1 by the sign of the first input.',
  options: {
    trainSize: integer({ title: 'Training examples', symbol: 'P', min: 0, default: 8, help: 'P.' }),
    testSize: integer({ title: 'Test examples', min: 0, default: 6, help: 'Test examples.' }),
    outputs: integer({ title: 'Outputs', symbol: 'C', min: 1, default: 1, help: 'C.' }),
    poison: number({ title: 'Poison', default: 0, help: 'Puts NaN into X from this value on.' }),
  },
  create: ({ trainSize, testSize, outputs, poison }, { rng, onWarning }) => {
    if (trainSize === 1) onWarning?.({ code: 'small', message: 'One training example only.' });
    const examples = (rows: number) => {
      const X = matrixOf(rows, 2, () => rng.gaussian());
      if (poison > 0) X.data[1] = Number.NaN;
      return { X, Y: matrixOf(rows, outputs, (i) => (X.data[2 * i] > 0 ? 1 : -1)) };
    };
    return { train: examples(trainSize), test: examples(testSize), provenance: { family: 'line', trainSize } };
  },
});

const steps = defineGating({
  title: 'Steps',
  summary: 'Gate m opens where the first input is above a threshold.',
  options: {
    gates: integer({ title: 'Gates', symbol: 'M', min: 0, default: 2, help: 'Number of gates.' }),
    threshold: number({ title: 'Threshold', default: -9, help: 'All gates are off below.' }),
  },
  create: ({ gates, threshold }) => ({
    fit: () => ({ threshold }),
    gates: (_state, X) => ({
      values: matrixOf(X.rows, gates, (i) => (X.data[i * X.cols] > threshold ? 1 : 0)),
      names: Array.from({ length: gates }, (_, m) => `step ${m + 1}`),
    }),
  }),
});

const net = defineArchitecture({
  title: 'Net',
  summary: 'A network with nothing inside.',
  options: {
    width: integer({ title: 'Width', symbol: 'N', min: 1, default: 10, help: 'N.' }),
    depth: integer({ title: 'Depth', symbol: 'L', min: 1, default: 1, help: 'L.' }),
    slopes: numbers({ title: 'Slopes', default: [1, 2], help: 'A list.' }),
  },
  create: ({ width, depth }): Architecture => ({
    family: 'net',
    widths: Array.from({ length: depth }, () => width),
    sigma: 1,
    shapes: () => ({}),
    predict: () => matrixOf(1, 1, () => 0),
  }),
});

/** Theory of the doubles: mean of f is 0.5 y, its variance 0.25. */
const truth: { readonly mean: (y: number) => number; readonly variance: number } = {
  mean: (y) => 0.5 * y,
  variance: 0.25,
};

const closedForm = defineTheory({
  title: 'Closed form',
  summary: 'The truth at infinite width.',
  role: 'theory',
  options: {
    failBelow: integer({ title: 'Fail below', min: 0, default: 0, help: 'Does not converge at widths below.' }),
    shift: number({ title: 'Shift', default: 0, help: 'Added to the mean.' }),
  },
  supports: ({ depth, outputs, temperature }) => {
    if (depth > 2) return { reason: `has no solution at depth ${depth}`, remedy: 'use depth 1 or 2' };
    if (outputs > 1) return { reason: `solves one output, not ${outputs}`, remedy: 'use one output' };
    return temperature > 5 ? { reason: 'is cold only', remedy: 'lower T' } : undefined;
  },
  create: ({ failBelow, shift }) => ({
    solve: async ({ test, architecture }) => {
      const width = architecture.widths[0];
      if (width < failBelow) {
        throw new NotConvergedError({ where: 'closed-form', problem: `no convergence at N = ${width}` }, {});
      }
      const mean = matrixOf(test.Y.rows, test.Y.cols, (i) => truth.mean(test.Y.data[i]) + shift);
      const variance = matrixOf(test.Y.rows, test.Y.cols, () => truth.variance);
      return {
        predictor: { mean, variance },
        orderParameters: { U1: matrixOf(1, 1, () => 1) },
        diagnostics: { residual: 1e-12, undefinedNumber: Number.NaN },
      };
    },
  }),
});

async function* drawSamples(
  problem: Problem,
  options: { batches: number; sweeps: number; nan: number },
  { rng, onWarning }: RunContext,
): AsyncGenerator<{ step: number; total: number; scalars: Record<string, number> }, LearnerResult, void> {
  const { Y } = problem.test;
  const width = problem.architecture.widths[0];
  const points = Y.data.length;
  const mean = matrixOf(options.batches, points, () => 0);
  const square = matrixOf(options.batches, points, () => 0);
  for (let b = 0; b < options.batches; b++) {
    for (let s = 0; s < options.sweeps; s++) {
      for (let j = 0; j < points; j++) {
        // The variance exceeds the theory's by 1/N.
        const f = truth.mean(Y.data[j]) + Math.sqrt(truth.variance + 1 / width) * rng.gaussian();
        mean.data[b * points + j] += f / options.sweeps;
        square.data[b * points + j] += (f * f) / options.sweeps;
      }
    }
    yield { step: b + 1, total: options.batches, scalars: {} };
  }
  if (width < 3) onWarning?.({ code: 'narrow', message: `N = ${width} is narrow.` });
  const overall = (rows: Matrix, j: number) =>
    rows.data.reduce((sum, value, k) => (k % points === j ? sum + value : sum), 0) / rows.rows;
  const average = matrixOf(Y.rows, Y.cols, (i) => (options.nan > 0 ? Number.NaN : overall(mean, i)));
  const variance = matrixOf(Y.rows, Y.cols, (i) => overall(square, i) - overall(mean, i) ** 2);
  return {
    predictor: { mean: { value: average, stderr: variance }, variance: { value: variance }, batches: { mean, square } },
    orderParameters: { U1: { value: matrixOf(1, 1, () => 1), stderr: matrixOf(1, 1, () => 0.1) } },
    diagnostics: { rhat: { value: 1 }, virial: { value: 0, stderr: 0.1 } },
    parameters: [],
  };
}

const sampler = defineLearner({
  title: 'Sampler',
  summary: 'Draws from the truth at finite width.',
  role: 'exact-sampling',
  options: {
    batches: integer({ title: 'Batches', min: 1, default: 20, help: 'Batches.' }),
    sweeps: integer({ title: 'Sweeps', min: 1, default: 50, help: 'Sweeps a batch.' }),
    nan: integer({ title: 'NaN', default: 0, help: 'Returns NaN.' }),
  },
  supports: () => undefined,
  create: (options) => ({ run: (problem, context) => drawSamples(problem, options, context) }),
});

export const doubles: Plugin = {
  name: 'doubles',
  contract: '1.0.0',
  dataset: { line },
  gating: { steps },
  architecture: { net },
  learner: { sampler },
  theory: { 'closed-form': closedForm },
  conformance: {
    'double.add': async ({ params }) => ({ sum: Number(params.a) + Number(params.b), list: [1, 2, 3] }),
    'double.nan': async () => ({ sum: Number.NaN }),
    'double.refuse': async () => {
      throw inputError('double.refuse', 'X is 2 × 3', 'X should be 3 × 3');
    },
    'double.cancel': async () => {
      throw new GgdlnError({ code: 'GGDLN_CANCELLED', where: 'double', problem: 'cancelled' });
    },
    'double.draw': async (_data, { rng }) => ({ draw: rng.gaussian() }),
  },
};
