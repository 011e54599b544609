import {
  CONTRACT_VERSION,
  createPacer,
  defineLearner,
  type Incompatibility,
  integer,
  type LearnerEntry,
  type LearnerResult,
  type LearnerSnapshot,
  type Matrix,
  type Plugin,
  type Problem,
  type ProblemTraits,
  type RunContext,
  throwIfCancelled,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { createExactSampler, type ExactSample, prepareBpkr } from '@ggdln/theory/bpkr';

const BATCHES = 20;

/** Networks of the exact posterior drawn one by one (theory page bpkr, section 9), at T = 0 too, where P ≤ N0. */
const independent: LearnerEntry = defineLearner({
  role: 'exact-sampling',
  title: 'Independent networks',
  summary: 'Draws whole deep linear networks from their posterior, independent of each other; nothing has to mix.',
  options: {
    samples: integer({ title: 'Networks', min: BATCHES, default: 400, help: 'How many are drawn.' }),
  },
  supports: (traits) => unsupported(traits),
  create: ({ samples }) => ({ run: (problem, context) => drawNetworks(samples, problem, context) }),
});

function unsupported({ family, outputs }: ProblemTraits): Incompatibility | undefined {
  if (family === 'dln' && outputs === 1) return undefined;
  return { reason: `it draws deep linear networks (dln) with one output, not ${family} with ${outputs}`, remedy: '' };
}

async function* drawNetworks(
  samples: number,
  { train, test, architecture, temperature }: Problem,
  { linalg, rng, signal }: RunContext,
): AsyncGenerator<LearnerSnapshot, LearnerResult, void> {
  const { widths, sigma } = architecture;
  const prepared = await prepareBpkr({ X: train.X, y: train.Y }, { linalg });
  const sampler = await createExactSampler(prepared, { widths, sigma, temperature }, { linalg });
  const points = test.X.rows;
  const [mean, square] = [matrix(BATCHES, points), matrix(BATCHES, points)];
  const counts = new Float64Array(BATCHES);
  const scales = new Float64Array(BATCHES);
  const trainErrors = new Float64Array(BATCHES);
  const pace = createPacer();
  let last: ExactSample | undefined;
  for (let k = 0; k < samples; k++) {
    throwIfCancelled(signal, '@ggdln/reproductions independent');
    last = sampler.sample(rng.stream(k));
    const batch = Math.floor((k * BATCHES) / samples);
    const outputs = architecture.predict(last.parameters, test, linalg).data;
    counts[batch] += 1;
    scales[batch] += last.U.reduce((product, u) => product * u, 1);
    trainErrors[batch] += meanSquareError(architecture.predict(last.parameters, train, linalg), train.Y);
    for (let i = 0; i < points; i++) {
      mean.data[batch * points + i] += outputs[i];
      square.data[batch * points + i] += outputs[i] ** 2;
    }
    await pace();
    if (k % 50 === 49) yield { step: k + 1, total: samples, scalars: {} };
  }
  for (let i = 0; i < mean.data.length; i++) {
    const count = counts[Math.floor(i / points)];
    mean.data[i] /= count;
    square.data[i] /= count;
  }
  const perSample = (sums: Float64Array) => meanOf(sums.map((sum, batch) => sum / counts[batch]));
  return summarise({ mean, square }, { s: perSample(scales), trainError: perSample(trainErrors) }, last);
}

/** Moments over all batches; errors of means by their scatter. */
function summarise(
  batches: NonNullable<LearnerResult['predictor']['batches']>,
  { s, trainError }: { readonly s: Mean; readonly trainError: Mean },
  last: ExactSample | undefined,
): LearnerResult {
  const points = batches.mean.cols;
  const [mean, stderr, variance] = [matrix(points, 1), matrix(points, 1), matrix(points, 1)];
  for (let i = 0; i < points; i++) {
    const column = (values: Float64Array) => Float64Array.from({ length: BATCHES }, (_, b) => values[b * points + i]);
    const own = meanOf(column(batches.mean.data));
    mean.data[i] = own.value;
    stderr.data[i] = own.stderr;
    variance.data[i] = Math.max(0, meanOf(column(batches.square.data)).value - own.value ** 2);
  }
  const one = (value: number) => matrix(1, 1, Float64Array.of(value));
  return {
    predictor: { mean: { value: mean, stderr }, variance: { value: variance }, batches },
    orderParameters: { U1: { value: one(s.value), stderr: one(s.stderr) } },
    diagnostics: { trainError },
    parameters: last ? [last.parameters] : [],
  };
}

interface Mean {
  readonly value: number;
  readonly stderr: number;
}

function meanSquareError(outputs: Matrix, targets: Matrix): number {
  return outputs.data.reduce((sum, f, i) => sum + (f - targets.data[i]) ** 2, 0) / outputs.rows;
}

function meanOf(values: Float64Array): Mean {
  const value = values.reduce((sum, entry) => sum + entry, 0) / values.length;
  const squares = values.reduce((sum, entry) => sum + (entry - value) ** 2, 0);
  return { value, stderr: Math.sqrt(squares / (values.length * (values.length - 1))) };
}

/** The sampler as a plugin, for the registry of reproductions. */
export const independentSamplerPlugin: Plugin = {
  name: '@ggdln/reproductions',
  contract: CONTRACT_VERSION,
  learner: { independent },
};
