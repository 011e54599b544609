import { type ConformanceCase, type JsonObject, unknownNameError } from '@ggdln/core';
import { toRows } from '@ggdln/linalg';
import type { Activation } from '../kernels/activation.ts';
import { linearActivation } from '../kernels/linear.ts';
import { reluActivation } from '../kernels/relu.ts';
import { readStored } from '../readStored.ts';
import { ndkDiffusivePhase } from './diffusive.ts';
import { ndkFrozenReadout, ndkFrozenReadoutEquilibrium } from './drift.ts';
import { ndkEulerScheme } from './euler.ts';
import { gatedNdk } from './gated.ts';
import { ndkKernel } from './kernels.ts';
import { type NdkOutputs, ndkEquilibrium, ndkGradientPhase } from './limits.ts';
import { ndkMean } from './mean.ts';
import { type NdkNetwork, weightCovariance } from './network.ts';
import type { NdkProblem } from './problem.ts';
import { scaledErfActivation } from './scaledErf.ts';
import { ndkVariance } from './variance.ts';

type Stored = { readonly params: JsonObject; readonly inputs: JsonObject };

const moments: ConformanceCase = async ({ params, inputs }) => {
  const activation = readActivation(params);
  const stored = readStored('inputs', inputs);
  const [a, b, c] = ['a', 'b', 'c'].map((name) => stored.numbers(name));
  return {
    phi: a.map((k11, i) => activation.moment(k11, c[i], b[i])),
    phiPrime: a.map((k11, i) => activation.derivativeMoment(k11, c[i], b[i])),
  };
};

const kernels: ConformanceCase = async (stored) => {
  const inputs = readStored('inputs', stored.inputs);
  const network = readNetwork(stored.params);
  const pairs = toRows(inputs.matrix('times'));
  const all = async (kind: Parameters<typeof ndkKernel>[1]) =>
    Promise.all(
      pairs.map(async ([t, other]) => toRows(await ndkKernel(network, kind, [t, other], inputs.matrix('X')))),
    );
  return {
    Phi: await all('features'),
    Q: await all('prior'),
    Theta: await all('tangent'),
    Kd: await all('dynamical'),
    m: pairs.map(([t, other]) => weightCovariance(network, t, other)),
  };
};

const limits: ConformanceCase = async (stored, { linalg }) => {
  const problem = readProblem(stored);
  const equilibrium = await ndkEquilibrium(problem, { linalg });
  const times = readStored('inputs', stored.inputs).numbers('ntkTimes');
  return {
    equilibriumMeanTest: Array.from(equilibrium.test),
    equilibriumVarTest: Array.from(equilibrium.testVariance),
    equilibriumMeanTrain: Array.from(equilibrium.train),
    ntkStaticTest: toRows((await ndkGradientPhase(problem, times, { linalg })).test),
  };
};

/** One gate overlap for all layers; points are training, then test inputs. */
const gated: ConformanceCase = async (stored, { linalg }) => {
  const inputs = readStored('inputs', stored.inputs);
  const problem = readProblem(stored, linearActivation);
  const overlap = inputs.matrix('gateOverlap');
  const gateOverlaps = Array.from({ length: problem.network.depth }, () => overlap);
  const { mean, variance } = await gatedNdk({ ...problem, gateOverlaps }, inputs.numbers('times'), { linalg });
  return { mean: allPoints(mean), variance: allPoints(variance) };
};

const trajectory: ConformanceCase = async (stored, { linalg, signal }) => {
  const times = readStored('inputs', stored.inputs).numbers('times');
  const { train, test } = await ndkMean(readProblem(stored), times, { linalg, ...(signal ? { signal } : {}) });
  return { fTrain: toRows(train), fTest: toRows(test) };
};

const variances: ConformanceCase = async (stored, { linalg, signal }) => {
  const times = readStored('inputs', stored.inputs).numbers('times');
  const result = await ndkVariance(readProblem(stored), times, { linalg, ...(signal ? { signal } : {}) });
  return {
    mean: toRows(result.mean),
    variance: toRows(result.variance),
    freeVariance: toRows(result.freeVariance),
  };
};

const diffusive: ConformanceCase = async (stored, { linalg, signal }) => {
  const taus = readStored('inputs', stored.inputs).numbers('taus');
  const { test } = await ndkDiffusivePhase(readProblem(stored), taus, { linalg, ...(signal ? { signal } : {}) });
  return { fTest: toRows(test) };
};

const drift: ConformanceCase = async (stored, { linalg, signal }) => {
  const lags = readStored('inputs', stored.inputs).numbers('lags');
  const t0 = readStored('params', stored.params).number('t0');
  const problem = readProblem(stored);
  const frozen = await ndkFrozenReadout(problem, t0, lags, { linalg, ...(signal ? { signal } : {}) });
  const stationary = { ...problem.network, sigma0: problem.network.sigma };
  const tests = readStored('inputs', stored.inputs).matrix('Xtest');
  const similarity = (lag: number) => ndkKernel(stationary, 'features', [lag, 0], tests);
  return {
    frozenEquilibrium: toRows((await ndkFrozenReadoutEquilibrium(problem, lags, { linalg })).test),
    frozenFromT0: toRows(frozen.test),
    featureKernelEquilibrium: await Promise.all(lags.map(async (lag) => toRows(await similarity(lag)))),
  };
};

const eulerDiscrete: ConformanceCase = async (stored, { linalg }) => {
  const free = readStored('inputs', stored.inputs).matrix('fFree');
  const step = readStored('params', stored.params).number('h');
  return { f: toRows(await ndkEulerScheme(readProblem(stored), step, free, { linalg })) };
};

/** The cases of wide networks under Langevin learning of a fixture file, by their `compute` field. */
export const ndkConformance: Readonly<Record<string, ConformanceCase>> = {
  'ndk.moments': moments,
  'ndk.kernels': kernels,
  'ndk.limits': limits,
  'ndk.gated': gated,
  'ndk.traj': trajectory,
  'ndk.variance': variances,
  'ndk.diffusive': diffusive,
  'ndk.drift': drift,
  'ndk.euler-discrete': eulerDiscrete,
};

function readActivation(params: JsonObject): Activation {
  const read = readStored('params', params);
  const name = read.text('activation');
  const erf = scaledErfActivation(read.has('beta') ? read.number('beta') : undefined);
  const known = [linearActivation, reluActivation, erf];
  const found = known.find((activation) => activation.name === name);
  if (!found) {
    const names = known.map((activation) => activation.name);
    throw unknownNameError('@ggdln/theory conformance', 'activation', name, names);
  }
  return found;
}

/** Where `T` is absent times are in units of 1/T, as for T = 1. */
function readNetwork(params: JsonObject, activation = readActivation(params)): NdkNetwork {
  const read = readStored('params', params);
  return {
    activation,
    depth: read.number('L'),
    sigma: read.number('sigma'),
    sigma0: read.number('sigma0'),
    temperature: read.has('T') ? read.number('T') : 1,
  };
}

function readProblem({ params, inputs }: Stored, activation?: Activation): NdkProblem {
  const stored = readStored('inputs', inputs);
  return {
    network: readNetwork(params, activation),
    X: stored.matrix('X'),
    y: Float64Array.from(stored.numbers('y')),
    test: { X: stored.matrix('Xtest') },
  };
}

function allPoints({ train, test }: NdkOutputs): number[][] {
  const others = toRows(test);
  return toRows(train).map((row, i) => [...row, ...others[i]]);
}
