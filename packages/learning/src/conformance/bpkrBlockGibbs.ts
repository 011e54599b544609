import { createDln } from '@ggdln/architectures';
import {
  type ConformanceCase,
  createPacer,
  type GatedInputs,
  type Json,
  type JsonObject,
  type Matrix,
  type RunContext,
  throwIfCancelled,
} from '@ggdln/core';
import { matrix, toRows } from '@ggdln/linalg';
import { batchMeans } from '../diagnostics/batchMeans.ts';
import { effectiveSampleSize } from '../diagnostics/effectiveSampleSize.ts';
import { splitRhat } from '../diagnostics/splitRhat.ts';
import { createGibbsSampler } from '../gibbs/sampler.ts';
import { flatten, matrixAt, numberAt } from './arrays.ts';

const CHAINS = 3;
const BURN_IN = 300;
const SWEEPS = 5000;
const BATCHES = 60;

/** Trace of one quantity, one array a chain. */
type Traces = Float64Array[];

/**
 * `bpkr.block-gibbs`: a deep linear network with C outputs, with standard errors under `…StdError`; its U_1 is
 * G = B_1ᵀB_1/N_1.
 */
export const bpkrBlockGibbs: ConformanceCase = async ({ params, inputs }, context) => {
  const targets = matrixAt(inputs, 'Y');
  const { outputs, norms, G } = await sampleChains(params, inputs, context);
  const means = outputs.map((traces) => batchMeans(traces, BATCHES));
  const variances = outputs.map((traces, k) =>
    batchMeans(
      traces.map((trace) => trace.map((f) => (f - means[k].mean) ** 2)),
      BATCHES,
    ),
  );
  const asRows = (values: readonly number[], cols: number): Json =>
    toRows(matrix(values.length / cols, cols, Float64Array.from(values)));
  const C = targets.cols;
  const excess = norms.map((traces) => batchMeans(traces, BATCHES));
  const order = G.map((traces) => batchMeans(traces, BATCHES));
  const all = [...outputs, ...norms, ...G];
  return {
    mean: asRows(
      means.map(({ mean }) => mean),
      C,
    ),
    meanStdError: asRows(
      means.map(({ stderr }) => stderr),
      C,
    ),
    var: asRows(
      variances.map(({ mean }) => mean),
      C,
    ),
    varStdError: asRows(
      variances.map(({ stderr }) => stderr),
      C,
    ),
    layerNormExcess: excess.map(({ mean }) => mean),
    layerNormExcessStdError: excess.map(({ stderr }) => stderr),
    G: asRows(
      order.map(({ mean }) => mean),
      C,
    ),
    GStdError: asRows(
      order.map(({ stderr }) => stderr),
      C,
    ),
    maxSplitRhat: Math.max(...all.map((traces) => splitRhat(traces))),
    minEss: Math.min(...all.map((traces) => effectiveSampleSize(traces))),
  };
};

/** Traces of the test outputs (x, c), of ‖θ_l‖²/σ² − dim θ_l from W_1 to the readout, and of the entries of G. */
async function sampleChains(params: JsonObject, inputs: JsonObject, context: RunContext) {
  const { linalg, rng, signal } = context;
  const Y = matrixAt(inputs, 'Y');
  const C = Y.cols;
  const widths =
    typeof params.N === 'number' && typeof params.L === 'number'
      ? new Array<number>(params.L).fill(params.N)
      : flatten(params.N, 'N').reverse();
  const network = createDln({ depth: widths.length, widths, sigma: numberAt(params, 'sigma') });
  const train = alwaysOn(matrixAt(inputs, 'X'), widths.length);
  const test = alwaysOn(matrixAt(inputs, 'Xtest'), widths.length);
  const temperature = numberAt(params, 'T');
  const dimensions = { inputs: train.X.cols, gates: train.gates.map((gates) => gates.cols), outputs: C };
  const layers = [...widths.map((_, t) => `W${t + 1}`), 'a'];
  const outputs = emptyTraces(test.X.rows * C);
  const norms = emptyTraces(layers.length);
  const G = emptyTraces(C * C);
  const pace = createPacer();
  for (let chain = 0; chain < CHAINS; chain++) {
    const sampler = createGibbsSampler({ architecture: network, train, y: Y.data, temperature }, linalg);
    let state = sampler.init(rng.stream('chain').stream(chain));
    for (let sweep = -BURN_IN; sweep < SWEEPS; sweep++) {
      throwIfCancelled(signal, '@ggdln/learning bpkr.block-gibbs');
      await pace();
      state = sampler.sweep(state).state;
      if (sweep < 0) continue;
      const parameters = sampler.weights(state);
      const record = (into: readonly Traces[], values: ArrayLike<number>) => {
        for (const [k, traces] of into.entries()) traces[chain][sweep] = values[k];
      };
      record(outputs, network.predict(parameters, test, linalg).data);
      record(
        norms,
        layers.map((name) => squareNorm(parameters[name]) / network.sigma ** 2 - parameters[name].length),
      );
      record(G, network.orderParameters(parameters, dimensions, linalg).U1.data);
    }
  }
  return { outputs, norms, G };
}

/** One gate that is on, in every layer. */
function alwaysOn(X: Matrix, depth: number): GatedInputs {
  const on = matrix(X.rows, 1, new Float64Array(X.rows).fill(1));
  return { X, gates: new Array<Matrix>(depth).fill(on) };
}

function emptyTraces(count: number): Traces[] {
  return Array.from({ length: count }, () => Array.from({ length: CHAINS }, () => new Float64Array(SWEEPS)));
}

function squareNorm(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
