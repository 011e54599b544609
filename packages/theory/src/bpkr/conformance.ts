import {
  type ConformanceCase,
  inputError,
  type Json,
  type JsonObject,
  type Matrix,
  type RunContext,
} from '@ggdln/core';
import { columnVector, maxAbs, toRows, trace, transpose } from '@ggdln/linalg';
import { kernelMatrix } from '../kernels/kernelMatrix.ts';
import { reluActivation } from '../kernels/relu.ts';
import { readStored } from '../readStored.ts';
import { deepLimit } from './deepLimit.ts';
import { exactLayerGrams, exactPreparedBpkr } from './exact/exactBpkr.ts';
import { layerGrams } from './layerGrams.ts';
import { type BpkrErrors, predictorErrors } from './predictor.ts';
import { prepareBpkr } from './prepare.ts';
import { findSaddles } from './saddles.ts';
import { zeroTemperatureRoot } from './scalarSaddle.ts';
import { solvePreparedBpkr, solveReluHeuristic } from './solve.ts';
import { type Spectrum, targetOverlap } from './spectrum.ts';
import type { BpkrPredictor, BpkrProblem, BpkrSetting, BpkrSolution } from './types.ts';

const where = '@ggdln/theory conformance';

/** One output at T = 0, from α, r_0 and σ, at several depths. */
const scalar: ConformanceCase = async ({ params, inputs }) => {
  const read = readStored('params', params);
  const [alpha, r0, sigma] = [read.number('alpha'), read.number('r0'), read.number('sigma')];
  if (!(alpha >= 0 && r0 >= 0 && sigma > 0)) {
    throw inputError(where, `alpha, r0, sigma are ${alpha}, ${r0}, ${sigma}`, 'Give α ≥ 0, r0 ≥ 0, σ > 0');
  }
  const depths = readStored('inputs', inputs).numbers('L');
  const wrong = depths.find((L) => !(Number.isInteger(L) && L >= 1));
  if (wrong !== undefined) throw inputError(where, `inputs.L has ${wrong}`, 'A depth is a whole number ≥ 1');
  const solutions = depths.map((L) => {
    const widths = new Array<number>(L).fill(1);
    const { logS, g } = zeroTemperatureRoot({ rank: alpha, overlap: alpha * r0 }, { widths, sigma });
    return { L, u: sigma ** 2 * (1 - g), s: finiteOrNull(Math.exp(logS)) };
  });
  const limit = deepLimit(alpha, r0, sigma);
  return { solutions, sInfinity: limit.s ?? null, uInfinity: limit.u };
};

/** One output with the eigenvalues of K_0 and the targets in its eigenbasis given; all roots. */
const spectral: ConformanceCase = async ({ params, inputs }, { linalg, signal }) => {
  const setting = settingOf(params);
  const stored = readStored('inputs', inputs);
  const spectrum = spectrumOf(stored.numbers('lambda_'), stored.numbers('c'));
  const { saddles } = await findSaddles(spectrum, setting, linalg, signal);
  const [{ logG, dataTerm }] = saddles;
  return {
    s: Math.exp(logG[0]),
    u: bottomUp(setting.widths.map((width) => setting.sigma ** 2 * (1 - dataTerm[0] / width))),
    rootsByAction: saddles.map((saddle) => Math.exp(saddle.logG[0])),
    actions: saddles.map((saddle) => saddle.action),
  };
};

/** Eigenvalues of 0 have targets that no weights can fit. */
function spectrumOf(lambda: readonly number[], targets: readonly number[]): Spectrum {
  if (lambda.length === 0 || lambda.length !== targets.length || lambda.some((value) => !(value >= 0))) {
    const received = `inputs.lambda_ is [${lambda}] and inputs.c [${targets}]`;
    throw inputError(where, received, 'Give an eigenvalue ≥ 0 for each c');
  }
  const largest = Math.max(...lambda);
  const positive = [...lambda.keys()].filter((i) => lambda[i] > 1e-11 * largest);
  const zero = [...lambda.keys()].filter((i) => !positive.includes(i));
  return {
    eigenvalues: Float64Array.from(positive, (i) => lambda[i]),
    c: columnVector(positive.map((i) => targets[i])),
    examples: targets.length,
    unfittable: zero.reduce((sum, i) => sum + targets[i] ** 2, 0),
  };
}

/** The saddle point of a learning problem, one output or several. */
const saddle: ConformanceCase = async ({ params, inputs }, context) => {
  const { problem, Ytest } = problemOf(params, inputs);
  const options = optionsOf(context);
  const prepared = await prepareBpkr(problem, options);
  const solution = await solvePreparedBpkr(prepared, problem, options);
  const common = {
    rank: solution.rank,
    mean: toRows(solution.predictor.mean),
    cov: covariances(solution.predictor.covariance, prepared.spectrum.c.cols),
    ...errorsOn(solution.predictor, Ytest),
    trainError: solution.trainError,
  };
  const overlap = targetOverlap(prepared.spectrum);
  const R0 = toRows(overlap).map((row) => row.map((value) => value / problem.X.rows / problem.sigma ** 2));
  if (overlap.rows > 1) return { ...common, R0, ...matrixResults(solution, context) };
  return {
    ...common,
    r0: R0[0][0],
    s: solution.G[solution.G.length - 1].data[0],
    u: bottomUp(solution.U.map(trace)),
    g: solution.dataTerm.data[0],
    action: solution.saddles[0].action,
    ...gramResults(layerGrams(prepared, problem, solution), problem.y as Matrix),
  };
};

/** Averages over the exact posterior at finite width. */
const exactFiniteWidth: ConformanceCase = async ({ params, inputs }, context) => {
  const { problem, Ytest } = problemOf(params, inputs);
  const options = optionsOf(context);
  const prepared = await prepareBpkr(problem, options);
  const exact = await exactPreparedBpkr(prepared, problem, options);
  const { gramTrace, gramFirstRow } = gramResults(
    await exactLayerGrams(prepared, problem, options),
    problem.y as Matrix,
  );
  return {
    Es: exact.G[exact.G.length - 1],
    EinvS: exact.inverseScale,
    Eu: bottomUp(exact.U),
    layerNormExcess: exact.layerNormExcess,
    mean: Array.from(exact.predictor.mean.data),
    var: Array.from(exact.predictor.variance.data),
    ...only(errorsOn(exact.predictor, Ytest), ['testError']),
    gramTrace,
    gramFirstRow,
  };
};

/** The same equations with the arc-cosine kernel. */
const reluHeuristic: ConformanceCase = async ({ params, inputs }, context) => {
  const { problem, Ytest } = problemOf(params, inputs);
  const options = optionsOf(context);
  const solution = await solveReluHeuristic(problem, options);
  const depth = problem.widths.length;
  const sigmas = [problem.sigma, ...new Array<number>(depth).fill(1)];
  const kernel = await kernelMatrix({ activation: reluActivation, sigmas }, 'nngp', problem.X, undefined, options);
  const y = problem.y as Matrix;
  const solved = context.linalg.leastSquares(kernel, y);
  return {
    r: context.linalg.gemm(y, solved, { transA: true }).data[0] / y.rows,
    s: solution.G[depth - 1].data[0],
    u: bottomUp(solution.U.map(trace)),
    kernelFirstRow: toRows(kernel)[0],
    mean: Array.from(solution.predictor.mean.data),
    var: Array.from(solution.predictor.variance.data),
    ...only(errorsOn(solution.predictor, Ytest), ['bias', 'testError']),
  };
};

/** The cases of deep linear networks, by their `compute` field. */
export const bpkrConformance: Readonly<Record<string, ConformanceCase>> = {
  'bpkr.scalar': scalar,
  'bpkr.spectral': spectral,
  'bpkr.saddle': saddle,
  'bpkr.exact-finite-width': exactFiniteWidth,
  'bpkr.relu-heuristic': reluHeuristic,
};

function matrixResults(solution: BpkrSolution, { linalg }: RunContext): { [key: string]: Json } {
  const G = solution.G[solution.G.length - 1];
  const all = [G, solution.dataTerm, ...solution.U];
  const commutators = all.flatMap((a) => all.map((b) => commutator(linalg.gemm(a, b))));
  return {
    G: toRows(G),
    U: bottomUp(solution.U).map(toRows),
    gMatrix: toRows(solution.dataTerm),
    commutatorMax: Math.max(...commutators),
    eigG: Array.from(linalg.symmetricEigen(G).values),
  };
}

/** ‖AB − BA‖_max from AB, for symmetric A and B. */
function commutator(product: Matrix): number {
  const turned = transpose(product);
  return maxAbs({ ...product, data: product.data.map((value, i) => value - turned.data[i]) });
}

function gramResults(grams: readonly Matrix[], y: Matrix) {
  const square = y.data.reduce((sum, value) => sum + value * value, 0);
  const along = (gram: Matrix) =>
    gram.data.reduce((sum, value, at) => sum + value * y.data[Math.floor(at / gram.cols)] * y.data[at % gram.cols], 0);
  return {
    gramTrace: bottomUp(grams.map(trace)),
    gramAlongY: bottomUp(grams.map((gram) => (square === 0 ? null : along(gram) / square))),
    gramFirstRow: bottomUp(grams.map((gram) => toRows(gram)[0])),
  };
}

function covariances(rows: Matrix, outputs: number): number[][][] {
  return toRows(rows).map((row) =>
    Array.from({ length: outputs }, (_, c) => row.slice(c * outputs, (c + 1) * outputs)),
  );
}

/** Test inputs may be absent, or their targets; results on them then are, too. */
function problemOf(params: JsonObject, inputs: JsonObject): { problem: BpkrProblem; Ytest?: Matrix } {
  const stored = readStored('inputs', inputs);
  const data = { X: stored.matrix('X'), y: stored.columns('Y') };
  const test = stored.has('Xtest') ? { test: { X: stored.matrix('Xtest') } } : {};
  const problem = { ...data, ...test, ...settingOf(params) };
  return stored.has('Xtest') && stored.has('Ytest') ? { problem, Ytest: stored.columns('Ytest') } : { problem };
}

/** Fixtures list widths from the bottom up; one number is the width of all `L` layers. */
function settingOf(params: JsonObject): BpkrSetting {
  const read = readStored('params', params);
  const depth = read.has('L') ? read.number('L') : 1;
  return { widths: bottomUp(read.numbers('N', depth)), sigma: read.number('sigma'), temperature: read.number('T') };
}

function errorsOn(predictor: BpkrPredictor, Ytest: Matrix | undefined): Partial<BpkrErrors> {
  return Ytest ? predictorErrors(predictor, Ytest) : {};
}

function only<Item extends object>(item: Item, names: readonly (keyof Item)[]): Partial<Item> {
  return Object.fromEntries(
    Object.entries(item).filter(([name]) => names.includes(name as keyof Item)),
  ) as Partial<Item>;
}

function optionsOf({ linalg, signal }: RunContext) {
  return { linalg, ...(signal ? { signal } : {}) };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function bottomUp<Item>(list: readonly Item[]): Item[] {
  return [...list].reverse();
}
