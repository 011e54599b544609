import { type ConformanceCase, inputError, type JsonObject, type LinalgBackend, unknownNameError } from '@ggdln/core';
import { type Matrix, matrix, toRows } from '@ggdln/linalg';
import { erfActivation } from '../kernels/erf.ts';
import { linearActivation } from '../kernels/linear.ts';
import { parallelRounding } from '../kernels/parallelRounding.ts';
import { reluActivation } from '../kernels/relu.ts';
import { readStored } from '../readStored.ts';
import { branchKernel, inputGram } from './branchKernel.ts';
import { chainInnovations, keptShare, weightVariances } from './innovations.ts';
import { multiHeadPredictor } from './multihead/data.ts';
import { multiHeadLimit, transitionExcess } from './multihead/phases.ts';
import { solveMultiHead } from './multihead/saddle.ts';
import type { ContinualNetwork, ContinualTask } from './network.ts';
import {
  type ContinualOrderParameters,
  continualOrderParameters,
  meanPairForgetting,
  orderParameterMatrices,
  pairForgetting,
} from './orderParameters.ts';
import { continualGibbs, continualLimit, forgettingMatrix } from './sequence.ts';
import { taskPair } from './taskPair.ts';

const branch: ConformanceCase = async ({ params, inputs }, { linalg }) => {
  const read = readStored('params', params);
  const stored = readStored('inputs', inputs);
  const network = readNetwork(params);
  const [X, Z] = [stored.matrix('X'), stored.matrix('Z')];
  const sigma2 = read.number('sigma2');
  const prior = { variances: [sigma2, sigma2], covariance: sigma2 } as const;
  const law = { variances: [read.number('varA'), read.number('varB')], covariance: read.number('cov') } as const;
  const between = branchKernel(network, law, inputGram(X, Z, linalg));
  const across = branchKernel(network, prior, inputGram(X, Z, linalg));
  const own = branchKernel(network, prior, inputGram(X, X, linalg));
  return {
    k: toRows(between.features),
    dqdm: toRows(between.slope),
    nngp: toRows(across.outputs),
    ntk: toRows(across.slope),
    nngpXX: toRows(own.outputs),
    ntkXX: toRows(own.slope),
    ...(network.activation === reluActivation && {
      ntk_rounding: toRows(parallelRounding(across.slope, network.depth, X, Z)),
      ntkXX_rounding: toRows(parallelRounding(own.slope, network.depth, X, X)),
    }),
  };
};

const gibbsChain: ConformanceCase = async ({ params, inputs }, { linalg, signal }) => {
  const read = readStored('params', params);
  const network = readNetwork(params);
  const tasks = readTasks(inputs);
  const chain = { lambda: read.number('lambda'), sigma2: read.number('sigma2') };
  const beta = (params.beta ?? null) === null ? {} : { beta: read.number('beta') };
  const points = stack([...tasks.map(({ X }) => X), ...queryPoints(inputs)]);
  const options = { linalg, ...(signal ? { signal } : {}) };
  const { mean, variance } = await continualGibbs({ network, tasks, points: [points] }, { ...chain, ...beta }, options);
  const innovations = chainInnovations(network, chain, tasks.length, linalg);
  return {
    variances: Array.from(weightVariances(chain, tasks.length)),
    lambdaTilde: keptShare(chain),
    ...(tasks.length > 1 ? { C_s2_t2_t2_X1_X2: toRows(innovations.block(1, 1, 1, tasks[0].X, tasks[1].X)) } : {}),
    mean: toRows(mean[0]),
    variance: toRows(variance[0]),
  };
};

const sequence: ConformanceCase = async ({ params, inputs }, { linalg }) => {
  const network = readNetwork(params);
  const tasks = readTasks(inputs);
  const sigma2 = readStored('params', params).number('sigma2');
  const points = [...tasks.map(({ X }) => X), ...queryPoints(inputs)];
  const targets = tasks.map(({ y }) => y);
  const after = async (mode: 'gibbs' | 'gradient') => {
    const { mean } = await continualLimit({ network, tasks, points }, { sigma2, mode }, { linalg });
    const forgetting = forgettingMatrix({ mean: mean.slice(0, tasks.length) }, targets);
    return { f: mean.slice(tasks.length).map(toRows), forgetting: toRows(forgetting) };
  };
  const [gradient, gibbs] = [await after('gradient'), await after('gibbs')];
  const pairs = (i: number, j: number) =>
    taskPair(network, { kernel: 'ntk', sigma2 }, [tasks[i], tasks[j]], { linalg });
  const found = await orderParameterMatrices(pairs, tasks.length, { linalg });
  return {
    ...(gradient.f.length > 0 ? { fNtk: gradient.f[0], fGibbs: gibbs.f[0] } : {}),
    forgettingTrainNtk: gradient.forgetting,
    forgettingTrainGibbs: gibbs.forgetting,
    gammaFeature: toRows(found.feature),
    gammaFeature2: toRows(found.feature2),
    gammaRule: toRows(found.rule),
    relevantFeature: toRows(found.relevantFeature),
    relevantRule: toRows(found.relevantRule),
  };
};

const depthSweep: ConformanceCase = async ({ params, inputs }, { linalg }) => {
  const depths = readStored('inputs', inputs).numbers('depths');
  return { rows: await Promise.all(depths.map((depth) => depthRow(depth, params, inputs, linalg))) };
};

async function depthRow(
  depth: number,
  params: JsonObject,
  inputs: JsonObject,
  linalg: LinalgBackend,
): Promise<JsonObject> {
  const read = readStored('params', params);
  const network = { ...readNetwork({ ...params, depth }), depth };
  const [one, two] = readTasks(inputs);
  const pairOf = (kernel: 'ntk' | 'nngp') =>
    taskPair(network, { kernel, sigma2: read.number('sigma2') }, [one, two], { linalg });
  const pair = await pairOf('ntk');
  const means = await meanPairForgetting(pair, read.number('r'), { linalg });
  const these = await pairForgetting(pair, { linalg });
  return {
    depth,
    r: read.number('r'),
    ntk: asStored(await continualOrderParameters(pair, { linalg })),
    nngp: asStored(await continualOrderParameters(await pairOf('nngp'), { linalg })),
    whitenedMeanForgetting: means.whitened,
    meanForgettingKernelLabels: means.kernelLabels,
    meanForgettingIidLabels: means.whiteLabels ?? null,
    forgettingTheseLabels: these.forgetting,
    whitenedForgettingTheseLabels: these.whitened,
  };
}

function asStored(found: ContinualOrderParameters): JsonObject {
  return {
    gammaFeature: found.feature,
    gammaFeature2: found.feature2,
    gammaRule: found.rule,
    relevantFeature: found.relevantFeature,
    relevantRule: found.relevantRule,
  };
}

const multiHeadSaddle: ConformanceCase = async ({ inputs }) => {
  const rows = readStored('inputs', inputs)
    .list('rows')
    .map((row, k) => {
      const given = row as JsonObject;
      const read = readStored(`inputs.rows[${k}]`, given);
      const [alpha, sigma2, lambda, w2, rho, Q] = ['alpha', 'sigma2', 'lambda', 'w2', 'rho', 'Q'].map(read.number);
      const setting = { alpha, sigma2, lambda, w2, rho, Q };
      const { u, zeta, cosSquared } = solveMultiHead(setting);
      const limit = multiHeadLimit(setting);
      return {
        ...given,
        u,
        zeta,
        cosSquared,
        transitionExcess: limit.transitionExcess ?? null,
        limitPhase: limit.phase === 'frozen' ? 'fixed' : limit.phase,
        limitValue: Number.isFinite(limit.value) ? limit.value : null,
      };
    });
  return { rows };
};

const multiHeadData: ConformanceCase = async ({ params, inputs }, { linalg }) => {
  const read = readStored('params', params);
  const stored = readStored('inputs', inputs);
  const task = (k: number) => ({ X: stored.matrix(`X${k}`), y: Float64Array.from(stored.numbers(`Y${k}`)) });
  const found = await multiHeadPredictor(
    {
      tasks: [task(1), task(2)],
      width: read.number('N'),
      sigma2: read.number('sigma2'),
      lambda: read.number('lambda'),
    },
    stored.has('Xtest') ? stored.matrix('Xtest') : matrix(0, stored.matrix('X1').cols),
    { linalg },
  );
  const { setting, saddle, mean, variance } = found;
  return {
    alpha: setting.alpha,
    u1: found.u1,
    S: found.signal,
    Q: setting.Q,
    gammaDir: found.gammaDirection,
    gammaFeature: found.gammaFeature,
    w2: setting.w2,
    rho: setting.rho,
    u2: saddle.u,
    cosSquared: saddle.cosSquared,
    zeta: saddle.zeta,
    testMean: Array.from(mean),
    testVar: Array.from(variance),
    ...(stored.has('Ytest') ? { testErrorRatio: errorRatio(stored.numbers('Ytest'), mean, variance) } : {}),
    head1MeanChange: Array.from(found.firstHeadChange),
    transitionExcess: transitionExcess(setting) ?? null,
  };
};

/** Expected squared error relative to that of answering 0. */
function errorRatio(targets: readonly number[], mean: Float64Array, variance: Float64Array): number {
  let [error, scale] = [0, 0];
  targets.forEach((y, i) => {
    error += (mean[i] - y) ** 2 + variance[i];
    scale += y * y;
  });
  return error / scale;
}

/** The cases of continual learning of a fixture file, by their `compute` field. */
export const continualConformance: Readonly<Record<string, ConformanceCase>> = {
  'continual.branch-kernel': branch,
  'continual.gibbs-chain': gibbsChain,
  'continual.sequence': sequence,
  'continual.depth-sweep': depthSweep,
  'continual.multihead-saddle': multiHeadSaddle,
  'continual.multihead-data': multiHeadData,
};

function readNetwork(params: JsonObject): ContinualNetwork {
  const read = readStored('params', params);
  const known = [linearActivation, reluActivation, erfActivation];
  const activation = known.find(({ name }) => name === read.text('activation'));
  if (!activation) {
    const names = known.map(({ name }) => name);
    throw unknownNameError('@ggdln/theory conformance', 'activation', read.text('activation'), names);
  }
  return { activation, depth: read.number('depth') };
}

/** Tasks may differ in their number of examples. */
function readTasks(inputs: JsonObject): ContinualTask[] {
  const stored = readStored('inputs', inputs);
  const targets = stored.lists('Y');
  const tasks = stored.matrices('X');
  if (tasks.length === 0 || tasks.length !== targets.length) {
    throw inputError(
      '@ggdln/theory conformance',
      `inputs.X has ${tasks.length} tasks and inputs.Y ${targets.length}`,
      'Give inputs and targets of each task',
    );
  }
  return tasks.map((X, t) => ({ X, y: Float64Array.from(targets[t]) }));
}

/** Held-out inputs, which may be absent. */
function queryPoints(inputs: JsonObject): Matrix[] {
  const stored = readStored('inputs', inputs);
  return stored.has('Xquery') ? [stored.matrix('Xquery')] : [];
}

/** Rows of all, one under the other. */
function stack(parts: readonly Matrix[]): Matrix {
  const out = matrix(
    parts.reduce((sum, { rows }) => sum + rows, 0),
    parts[0].cols,
  );
  let at = 0;
  for (const { data } of parts) {
    out.data.set(data, at);
    at += data.length;
  }
  return out;
}
