import { createBernoulliGln, createGaussianGln, type GlnHalfSpaces, sigmoid } from '@ggdln/architectures';
import type { ConformanceCase, Json, JsonObject, Parameters } from '@ggdln/core';
import { type Matrix, toRows } from '@ggdln/linalg';
import { bernoulliLearner, bernoulliLoss } from '../gln/bernoulli.ts';
import { gaussianLearner, gaussianLoss } from '../gln/gaussian.ts';
import { flatten, matrixAt, numberAt, vectorAt } from './arrays.ts';

/** `gln.bernoulli`: a sequence of steps, and predictions on the first two inputs after them. */
export const bernoulliSteps: ConformanceCase = async ({ params, inputs }) => {
  const [base, side] = [matrixAt(inputs, 'basePredictions'), matrixAt(inputs, 'sideInfo')];
  const targets = vectorAt(inputs, 'targets');
  const network = createBernoulliGln({
    inputs: base.cols,
    halfSpaces: halfSpacesOf(inputs, side.cols),
    epsilon: numberAt(params, 'epsilon'),
    biasLogit: numberAt(params, 'biasLogit'),
  });
  const learner = bernoulliLearner(network, {
    weightMax: numberAt(params, 'weightMax'),
    clipGradient: params.clipGradient as 'paper' | 'stop',
  });
  const run = learner.open({ weights: weightsOf(inputs.initialWeights), steps: 0 });
  const input = (t: number) => ({ side: row(side, t), base: row(base, t) });
  const eta = numberAt(params, 'eta');
  const steps = Array.from(targets, (y, t) => run.step(input(t), y, eta));
  const lists = (layers: readonly ArrayLike<number>[]) => layers.map((layer) => Array.from(layer));
  return {
    predictions: steps.map(({ probabilities }) => lists(probabilities)),
    contexts: steps.map(({ contexts }) => lists(contexts)),
    losses: steps.map(({ probabilities }, t) =>
      probabilities.map((layer) => Array.from(layer, (p) => bernoulliLoss(p, targets[t]))),
    ),
    finalWeights: nestedWeights(run.state().weights, network.shapes),
    predictionsAfterTrainingFirstTwoInputs: [0, 1]
      .slice(0, targets.length)
      .map((t) => lists(run.predict(input(t)).probabilities)),
  };
};

/** `gln.gaussian`: a sequence of steps. */
export const gaussianSteps: ConformanceCase = async ({ params, inputs }) => {
  const [means, side] = [matrixAt(inputs, 'baseMeans'), matrixAt(inputs, 'sideInfo')];
  const [variances, targets] = [vectorAt(inputs, 'baseVariances'), vectorAt(inputs, 'targets')];
  const network = createGaussianGln({
    inputs: means.cols,
    halfSpaces: halfSpacesOf(inputs, side.cols),
    varianceMin: numberAt(params, 'varianceMin'),
    varianceMax: numberAt(params, 'varianceMax'),
    weightMin: numberAt(params, 'weightMin'),
    weightMax: numberAt(params, 'weightMax'),
    biasMeans: Array.from(vectorAt(params, 'biasMeans')),
    biasVariances: Array.from(vectorAt(params, 'biasVariances')),
  });
  const run = gaussianLearner(network).open({ weights: weightsOf(inputs.initialWeights), steps: 0 });
  const eta = numberAt(params, 'eta');
  const steps = Array.from(targets, (y, t) =>
    run.step({ side: row(side, t), means: row(means, t), variances }, y, eta),
  );
  const outputs = steps.map((step) =>
    step.means.map((layer, i) => Array.from(layer, (mean, k) => [mean, step.variances[i][k]])),
  );
  return {
    outputs,
    contexts: steps.map(({ contexts }) => contexts.map((layer) => Array.from(layer))),
    losses: outputs.map((layers, t) =>
      layers.map((layer) => layer.map(([mean, variance]) => gaussianLoss(mean, variance, targets[t]))),
    ),
    finalWeights: nestedWeights(run.state().weights, network.shapes),
  };
};

/** So near to 0 and 1 that nothing is clipped: with clipping, a neuron is no longer logistic regression. */
const UNCLIPPED = 1e-14;

/** `gln.logistic-equivalence`: one neuron without contexts on unclipped σ(x) is logistic regression on (1, x). */
export const logisticEquivalence: ConformanceCase = async ({ params, inputs }) => {
  const X = matrixAt(inputs, 'X');
  const network = createBernoulliGln({
    inputs: X.cols,
    halfSpaces: { sideInputs: X.cols, normals: [[[]]], offsets: [[[]]] },
    epsilon: UNCLIPPED,
    biasLogit: numberAt(params, 'biasLogit'),
  });
  const run = bernoulliLearner(network).open({ weights: { W1: vectorAt(inputs, 'initialWeights') }, steps: 0 });
  const predictions: number[] = [];
  const weightTrajectory: number[][] = [];
  for (const [t, y] of vectorAt(inputs, 'targets').entries()) {
    const side = row(X, t);
    predictions.push(run.step({ side, base: side.map(sigmoid) }, y, numberAt(params, 'eta')).probability);
    weightTrajectory.push(Array.from(run.state().weights.W1));
  }
  return { predictions, weightTrajectory };
};

function halfSpacesOf(inputs: JsonObject, sideInputs: number): GlnHalfSpaces {
  return {
    sideInputs,
    normals: inputs.hyperplanes as GlnHalfSpaces['normals'],
    offsets: inputs.offsets as GlnHalfSpaces['offsets'],
  };
}

/** `{ W1, W2, … }` from nested lists [layer][neuron][context][input]. */
function weightsOf(layers: Json | undefined): Parameters {
  const list: readonly Json[] = Array.isArray(layers) ? layers : [];
  return Object.fromEntries(
    list.map((layer, i) => [`W${i + 1}`, Float64Array.from(flatten(layer, `initialWeights[${i}]`))]),
  );
}

/** Nested lists [layer][neuron][context][input]. */
function nestedWeights(weights: Parameters, shapes: Readonly<Record<string, readonly number[]>>): Json {
  return Object.entries(shapes).map(([name, [neurons, contexts, fanIn]]) => {
    const rows = toRows({ rows: neurons * contexts, cols: fanIn, data: weights[name] });
    return Array.from({ length: neurons }, (_, k) => rows.slice(k * contexts, (k + 1) * contexts));
  });
}

function row(a: Matrix, i: number): Float64Array {
  return a.data.subarray(i * a.cols, (i + 1) * a.cols);
}
