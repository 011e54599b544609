import type { Estimate, LearnerResult, Matrix, RunContext, SampledPredictor } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { batchEstimate, batchMeans } from '../diagnostics/batchMeans.ts';
import { effectiveSampleSize } from '../diagnostics/effectiveSampleSize.ts';
import { splitRhat } from '../diagnostics/splitRhat.ts';
import type { ChainRecord } from './chainRecord.ts';
import type { GibbsPlan } from './plan.ts';

/** Batches shorter than this many autocorrelation times give error bars that are too small. */
const LEAST_BATCH = 5;
const LARGEST_RHAT = 1.05;

/**
 * Mean and variance of f with error bars from batches; rows of the batches are chain after chain.
 * @param outputs C.
 */
export function summarisePredictor(
  records: readonly ChainRecord[],
  plan: GibbsPlan,
  outputs: number,
): SampledPredictor {
  const mean = stack(
    records.map((record) => record.mean),
    plan,
  );
  const square = stack(
    records.map((record) => record.square),
    plan,
  );
  const first = batchEstimate(mean);
  const second = batchEstimate(square);
  // var f = ⟨f²⟩ − ⟨f⟩²; to first order its error is that of ⟨f² − 2⟨f⟩f⟩.
  const linearised = matrix(mean.rows, mean.cols);
  for (let at = 0; at < linearised.data.length; at++) {
    linearised.data[at] = square.data[at] - 2 * first.value.data[at % mean.cols] * mean.data[at];
  }
  const variance = second.value.data.map((value, j) => value - first.value.data[j] ** 2);
  const perOutput = (data: Float64Array) => matrix(mean.cols / outputs, outputs, data);
  return {
    mean: { value: perOutput(first.value.data), stderr: perOutput(first.stderr.data) },
    variance: { value: perOutput(variance), stderr: perOutput(batchEstimate(linearised).stderr.data) },
    batches: { mean, square },
  };
}

/** Posterior means of the order parameters with error bars. @param shapes Any matrices of the right shapes. */
export function summariseOrderParameters(
  records: readonly ChainRecord[],
  plan: GibbsPlan,
  shapes: { readonly [name: string]: Matrix },
): { readonly [name: string]: Estimate } {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, { rows, cols }]) => {
      const { value, stderr } = batchEstimate(
        stack(
          records.map((record) => record.orderParameters[name]),
          plan,
        ),
      );
      return [name, { value: matrix(rows, cols, value.data), stderr: matrix(rows, cols, stderr.data) }];
    }),
  );
}

/** R̂, effective sample sizes, batch lengths and the virial identity of all chains. */
export function summariseDiagnostics(records: readonly ChainRecord[], plan: GibbsPlan): LearnerResult['diagnostics'] {
  const monitored = [...records[0].traces.keys()].map((k) => records.map((record) => record.traces[k]));
  const virials = records.map((record) => record.virial);
  const all = [...monitored, virials];
  const sizes = all.map((chains) => effectiveSampleSize(chains)).sort((a, b) => a - b);
  const batches = records.length * plan.batchesPerChain;
  const virial = batchMeans(virials, batches);
  return {
    rhat: { value: Math.max(...all.map((chains) => splitRhat(chains))) },
    essMin: { value: sizes[0] },
    essMedian: { value: sizes[Math.floor(sizes.length / 2)] },
    batchLength: { value: plan.batchLength },
    // An autocorrelation time is samples / ESS, so this is batch length / autocorrelation time of the slowest trace.
    batchAutocorrelationTimes: { value: sizes[0] / batches },
    virial: { value: virial.mean, stderr: virial.stderr },
  };
}

/** Warns of batches that are too short for their error bars and of chains that disagree. @param unit What to give more of. */
export function warnOfPoorSampling(
  { rhat, batchAutocorrelationTimes: batch }: LearnerResult['diagnostics'],
  unit: 'sweeps' | 'steps' | 'trajectories',
  context: RunContext,
): void {
  if (batch.value < LEAST_BATCH) {
    const message =
      `A batch is ${batch.value.toFixed(1)} autocorrelation times long, so error bars may be too small. ` +
      `Give ${Math.ceil(LEAST_BATCH / batch.value)} times as many ${unit}, or more.`;
    context.onWarning?.({ code: 'batches-too-short', message });
  }
  if (rhat.value > LARGEST_RHAT) {
    const message = `The chains disagree: R̂ = ${rhat.value.toFixed(3)}, above ${LARGEST_RHAT}. Give more ${unit}.`;
    context.onWarning?.({ code: 'chains-disagree', message });
  }
}

function stack(parts: readonly Float64Array[], { batchesPerChain }: GibbsPlan): Matrix {
  const cols = parts[0].length / batchesPerChain;
  const rows = matrix(parts.length * batchesPerChain, cols);
  for (const [i, part] of parts.entries()) rows.data.set(part, i * part.length);
  return rows;
}
