// The smallest parts of each kind that keep their contracts, for the suites to pass and for tests to break.
import {
  type Architecture,
  type ConditionallyGaussian,
  createPacer,
  type Dataset,
  type GatedInputs,
  GgdlnError,
  type Incompatibility,
  inputError,
  type Learner,
  type LearnerResult,
  type LinalgBackend,
  type Matrix,
  type Parameters,
  type ProblemTraits,
  type RunContext,
  type TheorySolver,
  throwIfCancelled,
} from '@ggdln/core';
import { columnVector, identity, matrix } from '@ggdln/linalg';

/** Each block by its dense 𝒜, which real networks never build. */
export const conditionals: ConditionallyGaussian = {
  blocks: ['W', 'a'],
  block(name, parameters, train, linalg) {
    const A = designMatrix(name, parameters, train, linalg);
    const times = (b: Float64Array, transA: boolean) => linalg.gemm(A, columnVector(b), { transA }).data;
    return {
      size: A.cols,
      gram: () => linalg.syrk(A),
      forward: (weights) => times(weights, false),
      adjoint: (residual) => times(residual, true),
    };
  },
  conditionalPredictor(parameters, { train, y, test, temperature }, linalg) {
    const scale = network.sigma ** 2;
    const [A, B] = [train, test].map((inputs) => designMatrix('W', parameters, inputs, linalg));
    const noise = identity(A.rows, temperature);
    const L = linalg.cholesky(linalg.gemm(A, A, { transB: true, alpha: scale, beta: 1, out: noise }));
    const k = linalg.gemm(A, B, { transB: true, alpha: scale });
    const gain = linalg.choleskySolve(L, k);
    const explained = linalg.gemm(k, gain, { transA: true });
    const prior = linalg.syrk(B, { alpha: scale });
    return {
      mean: linalg.gemm(gain, columnVector(y), { transA: true }).data,
      variance: Float64Array.from(
        { length: B.rows },
        (_, t) => prior.data[t * (B.rows + 1)] - explained.data[t * (B.rows + 1)],
      ),
    };
  },
};

/** Two hidden units, readout a (2 × M), weights W (2 × N0): f = Σ_im a_im g_m(x) W_i·x, in plain loops. */
export const network: Architecture = {
  family: 'two-units',
  widths: [2],
  sigma: 0.7,
  shapes: ({ inputs, gates: [M] }) => ({ a: [2, M], W: [2, inputs] }),
  predict({ a, W }: Parameters, { X, gates }: GatedInputs): Matrix {
    const [phi] = gates;
    if (phi?.rows !== X.rows || a.length !== 2 * phi.cols || W.length !== 2 * X.cols) {
      throw inputError('two-units', 'the shapes of inputs, gates and parameters do not fit');
    }
    const out = new Float64Array(X.rows);
    for (let mu = 0; mu < X.rows; mu++) {
      for (let i = 0; i < 2; i++) {
        let hidden = 0;
        let readout = 0;
        for (let j = 0; j < X.cols; j++) hidden += W[i * X.cols + j] * X.data[mu * X.cols + j];
        for (let m = 0; m < phi.cols; m++) readout += a[i * phi.cols + m] * phi.data[mu * phi.cols + m];
        out[mu] += hidden * readout;
      }
    }
    return columnVector(out);
  },
  orderParameters: ({ a }, { gates: [M] }, linalg) => ({ U1: linalg.syrk(matrix(2, M, a), { trans: true }) }),
  conditionals,
};

/** 𝒜 of a block, column by column from the prediction itself. */
function designMatrix(name: string, parameters: Parameters, inputs: GatedInputs, linalg: LinalgBackend): Matrix {
  const size = parameters[name].length;
  const A = matrix(inputs.X.rows, size);
  for (let weight = 0; weight < size; weight++) {
    const unit = new Float64Array(size);
    unit[weight] = 1;
    const column = network.predict({ ...parameters, [name]: unit }, inputs, linalg).data;
    column.forEach((value, row) => {
      A.data[row * size + weight] = value;
    });
  }
  return A;
}

export const supports = ({ family, outputs }: ProblemTraits): Incompatibility | undefined =>
  family === network.family && outputs === 1
    ? undefined
    : { reason: `It knows two-units with one output, not ${family} with ${outputs}.`, remedy: 'Use two-units.' };

/** Averages networks drawn from the prior. */
export const learner: Learner = {
  async *run({ train, test, architecture }, context) {
    const total = 6;
    const pace = createPacer();
    const gates = train.gates.map(({ cols }) => cols);
    const shapes = Object.entries(architecture.shapes({ inputs: train.X.cols, gates, outputs: 1 }));
    const draw = (): Parameters =>
      Object.fromEntries(
        shapes.map(([name, [rows, cols]]) => [name, context.rng.fillGaussian(new Float64Array(rows * cols))]),
      );
    const draws: Parameters[] = [];
    for (let step = 1; step <= total; step++) {
      throwIfCancelled(context.signal, 'test learner');
      await pace();
      draws.push(draw());
      yield { step, total, scalars: { drawn: step } };
    }
    return summarise(
      draws.map((parameters) => architecture.predict(parameters, test, context.linalg).data),
      draws,
    );
  },
};

function summarise(predictions: readonly Float64Array[], draws: readonly Parameters[]): LearnerResult {
  const P = predictions[0].length;
  const average = (f: (values: Float64Array, t: number) => number) =>
    Float64Array.from(
      { length: P },
      (_, t) => predictions.reduce((sum, values) => sum + f(values, t), 0) / predictions.length,
    );
  const mean = average((values, t) => values[t]);
  const square = average((values, t) => values[t] ** 2);
  const variance = square.map((value, t) => value - mean[t] ** 2);
  return {
    predictor: {
      mean: { value: matrix(P, 1, mean), stderr: matrix(P, 1, variance.map(Math.sqrt)) },
      variance: { value: matrix(P, 1, variance) },
      batches: { mean: matrix(1, P, mean), square: matrix(1, P, square) },
    },
    orderParameters: { U1: { value: identity(2) } },
    diagnostics: { draws: { value: draws.length, stderr: 0 } },
    parameters: draws.slice(-1),
  };
}

/** The infinitely wide network without data: mean 0, variance |x|²·gates. */
export const theory: TheorySolver = {
  async solve(problem, { signal }) {
    throwIfCancelled(signal, 'test theory');
    const { architecture, train, test, temperature } = problem;
    const traits = { family: architecture.family, depth: 1, outputs: train.Y.cols, temperature };
    const refused = supports(traits);
    if (refused) {
      throw new GgdlnError({
        code: 'GGDLN_INCOMPATIBLE',
        where: 'test',
        problem: refused.reason,
        remedy: refused.remedy,
      });
    }
    const squares = Float64Array.from({ length: test.X.rows }, (_, t) =>
      test.X.data.subarray(t * test.X.cols, (t + 1) * test.X.cols).reduce((sum, x) => sum + x * x, 0),
    );
    return {
      predictor: { mean: matrix(test.X.rows, 1), variance: matrix(test.X.rows, 1, squares) },
      orderParameters: { U1: identity(2) },
      diagnostics: { iterations: 0 },
    };
  },
};

/** A linear teacher. */
export function teacher({ rng }: Pick<RunContext, 'rng'>): Dataset {
  const part = (rows: number) => ({
    X: matrix(rows, 3, rng.fillGaussian(new Float64Array(rows * 3))),
    Y: matrix(rows, 1, rng.fillGaussian(new Float64Array(rows))),
    tasks: Int32Array.from({ length: rows }, (_, i) => i % 2),
  });
  return { train: part(8), test: part(4), provenance: { family: 'teacher' } };
}
