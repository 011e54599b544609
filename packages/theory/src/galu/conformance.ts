import type { ConformanceCase, Json, JsonObject } from '@ggdln/core';
import { matrix, toRows } from '@ggdln/linalg';
import { readStored } from '../readStored.ts';
import { type DeepGaluLayer, deepGalu, deepGaluGradients } from './deep.ts';
import { galuDynamics } from './dynamics.ts';
import { galuLandscape } from './landscape.ts';
import { type GaluFit, galuFeatureRank, galuMinimumNorm, galuRidge } from './leastSquares.ts';
import { galuLimitKernels } from './limitKernels.ts';
import { galuLogistic } from './logistic.ts';
import { galuMemorizationPrefix } from './memorization.ts';
import { type GaluNetwork, type GaluProblem, galuGates, galuMap, galuWithBias } from './network.ts';
import { galuPosterior } from './posterior.ts';
import { galuGradients } from './trainableGates.ts';

type Stored = { readonly params: JsonObject; readonly inputs: JsonObject };

const forward: ConformanceCase = async (stored, { linalg }) => {
  const { X, network, inputs } = read(stored);
  const W = inputs.matrix('W');
  const map = galuMap(X, network, linalg);
  const biased = galuWithBias(X, { ...network, gateBias: Float64Array.from(inputs.numbers('gateBias')) });
  const biases = inputs.numbers('linBias');
  const withBiases = asWeights([toRows(W).map((row, j) => [...row, biases[j]])]);
  const { U, scale } = network;
  return {
    gates: toRows(map.gates),
    output: plain(map.forward(asWeights([toRows(W)])).data),
    features: toRows(map.features()),
    gatesBiased: toRows(galuGates(biased.X, biased.network.U)),
    outputBiased: plain(galuMap(biased.X, biased.network, linalg).forward(withBiases).data),
    outputMulti: toRows(
      galuMap(X, scale === undefined ? { U } : { U, scale }, linalg).forward(
        asWeights(inputs.matrices('Wmulti').map(toRows)),
      ),
    ),
    outputWhenWequalsU_isReLU: plain(map.forward(asWeights([toRows(U)])).data),
  };
};

const kernels: ConformanceCase = async (stored, { linalg }) => {
  const { X, network } = read(stored);
  const limit = galuLimitKernels(X);
  return {
    Kfinite: toRows(galuMap(X, network, linalg).kernel()),
    Kinf: toRows(limit.galu),
    KinfEigenvaluesAscending: plain(linalg.symmetricEigen(limit.galu).values),
    gateKernelInf: toRows(limit.gates),
    reluFeatureCov: toRows(limit.reluFeatures),
    reluNTKfull: toRows(limit.reluTangent),
  };
};

const leastSquares: ConformanceCase = async (stored, { linalg }) => {
  const { problem, inputs, params } = readProblem(stored);
  const test = inputs.matrix('Xtest');
  const minimum = galuMinimumNorm(problem, linalg);
  const ridge = galuRidge(problem, params.number('lambda_'), linalg);
  return {
    rank: minimum.rank,
    singularValuesNonzero: plain(minimum.singularValues),
    wMinNorm: byNeuron(minimum, problem),
    normSqMinNorm: minimum.normSquared,
    trainMSE: minimum.trainMse,
    testPredMinNorm: plain(minimum.predict(test).data),
    wRidge: byNeuron(ridge, problem),
    trainMSERidge: ridge.trainMse,
    testPredRidge: plain(ridge.predict(test).data),
  };
};

const gradientDescent: ConformanceCase = async (stored, { linalg }) => {
  const { problem, inputs, params } = readProblem(stored);
  const dynamics = galuDynamics(problem, linalg, { initial: asWeights([toRows(inputs.matrix('W0'))]) });
  const eta = params.number('eta');
  const states = params.numbers('steps').map((steps) => dynamics.afterSteps(eta, steps));
  const last = states[states.length - 1].weights();
  return {
    loss: states.map(({ loss }) => loss),
    trainPred: states.map(({ outputs }) => plain(outputs.data)),
    testPred: states.map((state) => plain(state.predict(inputs.matrix('Xtest')).data)),
    Wfinal: byNeuron({ weights: last }, problem),
    kernelEigenvaluesAscending: plain(dynamics.eigenvalues),
    flowTrainPred: params.numbers('flowTimes').map((t) => plain(dynamics.atTime(t).outputs.data)),
  };
};

const rank: ConformanceCase = async (stored, { linalg }) => {
  const { X, network } = read(stored);
  const { gates, deadInputs } = galuMap(X, network, linalg);
  const neurons = network.U.rows;
  return {
    rank: galuFeatureRank(gates, X, linalg),
    rankGates: galuFeatureRank(gates, matrix(X.rows, 1, new Float64Array(X.rows).fill(1)), linalg),
    zeroPatternPoints: deadInputs.length,
    naiveBound: Math.min(neurons * X.cols, X.rows),
  };
};

const memorizationPrefix: ConformanceCase = async (stored, { linalg }) => {
  const { problem, params } = readProblem(stored, { scale: 1 });
  const kMax = Math.min(params.number('kMax'), problem.network.U.rows);
  const all = Array.from({ length: kMax }, (_, k) => k + 1);
  const results = galuMemorizationPrefix(problem, linalg, all);
  return {
    rank: results.map((result) => result.rank),
    trainMSE: results.map(({ trainMse }) => trainMse),
    leastSquaresSignErrors: results.map(({ signErrors }) => signErrors),
    linearlySeparable: results.map(({ separable }) => separable),
  };
};

const trainableGates: ConformanceCase = async (stored, { linalg }) => {
  const { problem, inputs, params } = readProblem(stored);
  const { U, scale, alpha = ones(U.rows) } = problem.network;
  const options = { beta: params.number('beta'), ...(scale === undefined ? {} : { scale }) };
  const weights = { U, W: inputs.matrix('W'), alpha };
  const soft = galuGradients(problem, weights, { gate: 'sigmoid', ...options }, linalg);
  const straight = galuGradients(problem, weights, { gate: 'straight-through', ...options }, linalg);
  return {
    softOutput: plain(soft.output),
    softLoss: soft.loss,
    softGradW: toRows(soft.W),
    softGradU: toRows(soft.U),
    softGradAlpha: plain(soft.alpha),
    steOutput: plain(straight.output),
    steGradW: toRows(straight.W),
    steGradU: toRows(straight.U),
    steGradAlpha: plain(straight.alpha),
  };
};

/** Any number of layers: U1, W1 are the lowest one's. */
const deep: ConformanceCase = async ({ inputs: stored }, { linalg }) => {
  const inputs = readStored('inputs', stored);
  const layers: DeepGaluLayer[] = [];
  for (let l = 1; l === 1 || Object.hasOwn(stored, `U${l}`); l++) {
    layers.unshift({ U: inputs.matrix(`U${l}`), W: inputs.matrix(`W${l}`) });
  }
  const network = { layers, a: Float64Array.from(inputs.numbers('a')) };
  const X = inputs.matrix('X');
  const pass = deepGalu(X, network, linalg);
  const gradients = deepGaluGradients({ X, y: Float64Array.from(inputs.numbers('y')) }, network, linalg);
  const numbered = (prefix: string, values: readonly { rows: number; cols: number; data: Float64Array }[]) =>
    Object.fromEntries(values.map((value, t) => [`${prefix}${values.length - t}`, toRows(value)]));
  return {
    output: plain(pass.output),
    ...numbered('hidden', pass.hidden),
    gradA: plain(gradients.a),
    ...numbered('gradW', gradients.W),
    effectiveLinearMap: toRows(pass.linearMap),
  };
};

const posterior: ConformanceCase = async (stored, { linalg }) => {
  const { problem, inputs, params } = readProblem(stored);
  const result = galuPosterior(
    problem,
    { sigma: Math.sqrt(params.number('sigma2')), temperature: params.number('T'), test: inputs.matrix('Xtest') },
    linalg,
  );
  return { mean: plain(result.mean), covariance: toRows(result.covariance), logEvidence: result.logEvidence };
};

const strictSaddle: ConformanceCase = async (stored, { linalg }) => {
  const { problem, inputs } = readProblem(stored);
  const point = galuLandscape(problem, inputs.matrix('W'), linalg);
  return {
    loss: point.loss,
    gradientNorm: Math.hypot(...point.gradient),
    hessianMinEigenvalue: point.smallestEigenvalue,
    hessian: toRows(point.hessian),
    globalMinLoss: point.globalMinimum,
  };
};

const logistic: ConformanceCase = async (stored, { linalg }) => {
  const { problem, params } = readProblem(stored);
  const fit = galuLogistic(problem, params.number('lambda_'), linalg);
  return { w: byNeuron(fit, problem), loss: fit.loss };
};

/** The GaLU cases of a fixture file, by their `compute` field. */
export const galuConformance: Readonly<Record<string, ConformanceCase>> = {
  'galu.forward': forward,
  'galu.kernels': kernels,
  'galu.least-squares': leastSquares,
  'galu.gd': gradientDescent,
  'galu.rank': rank,
  'galu.memorization-prefix': memorizationPrefix,
  'galu.trainable-gates': trainableGates,
  'galu.deep': deep,
  'galu.posterior': posterior,
  'galu.strict-saddle': strictSaddle,
  'galu.logistic': logistic,
};

/** Inputs and network; α is 1 and the scale the function's default (or `defaults.scale`) where none is stored. */
function read({ params, inputs }: Stored, defaults: { readonly scale?: number } = {}) {
  const [settings, arrays] = [readStored('params', params), readStored('inputs', inputs)];
  const scale = Object.hasOwn(params, 'scale') ? settings.number('scale') : defaults.scale;
  const network: GaluNetwork = {
    U: arrays.matrix('U'),
    ...(scale === undefined ? {} : { scale }),
    ...(Object.hasOwn(inputs, 'alpha') ? { alpha: Float64Array.from(arrays.numbers('alpha')) } : {}),
  };
  return { X: arrays.matrix('X'), network, inputs: arrays, params: settings };
}

function readProblem(stored: Stored, defaults: { readonly scale?: number } = {}) {
  const { X, network, inputs, params } = read(stored, defaults);
  const y = Float64Array.from(inputs.numbers('y'));
  return { problem: { X, y, network }, inputs, params };
}

/** One k × d matrix an output as C × kd. */
function asWeights(outputs: readonly (readonly (readonly number[])[])[]) {
  const rows = outputs.map((W) => W.flat());
  return matrix(rows.length, rows[0].length, Float64Array.from(rows.flat()));
}

/** Weights of one output as k × d. */
function byNeuron({ weights }: Pick<GaluFit, 'weights'>, { X, network }: GaluProblem): Json {
  return toRows(matrix(network.U.rows, X.cols, weights.data));
}

function ones(n: number): Float64Array {
  return new Float64Array(n).fill(1);
}

function plain(values: Float64Array): number[] {
  return Array.from(values);
}
