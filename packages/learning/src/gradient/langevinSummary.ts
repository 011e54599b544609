import type { LearnerResult, Matrix, Parameters, Problem, RunContext } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { batchEstimate, batchMeans } from '../diagnostics/batchMeans.ts';
import type { ChainRecord } from '../gibbs/chainRecord.ts';
import type { GibbsPlan } from '../gibbs/plan.ts';
import {
  summariseDiagnostics,
  summariseOrderParameters,
  summarisePredictor,
  warnOfPoorSampling,
} from '../gibbs/summary.ts';
import type { ChainReading, StepSettings } from './langevinChain.ts';
import type { LangevinPlan } from './langevinPlan.ts';

/** How hot a chain was, sample by sample. */
export interface Thermometer {
  readonly energy: Float64Array;
  readonly squaredGradient: Float64Array;
  readonly squaredMomentum: Float64Array;
  /** Estimates of the trace of ∇²U, one a batch. */
  readonly laplacian: Float64Array;
}

/** What is kept of one chain after burn-in. */
export interface LangevinRecord {
  readonly chain: ChainRecord;
  readonly thermometer: Thermometer;
  /** Order parameters of one sample, for their shapes. */
  readonly shapes: { readonly [name: string]: Matrix };
}

export function createThermometer({ sweeps, batchesPerChain }: GibbsPlan): Thermometer {
  return {
    energy: new Float64Array(sweeps),
    squaredGradient: new Float64Array(sweeps),
    squaredMomentum: new Float64Array(sweeps),
    laplacian: new Float64Array(batchesPerChain),
  };
}

/** Adds a sample. */
export function readThermometer(into: Thermometer, index: number, reading: ChainReading, energy: number): void {
  into.energy[index] = energy;
  into.squaredGradient[index] = reading.squaredGradient;
  into.squaredMomentum[index] = reading.squaredMomentum;
}

/** What a summary needs besides the records. */
interface Surroundings {
  readonly plan: LangevinPlan;
  readonly problem: Problem;
  readonly context: RunContext;
  readonly settings: StepSettings & { readonly curvature: number };
  /** Number of weights n. */
  readonly size: number;
}

/** A temperature further from 1 than this, and than three standard errors, is worth a warning. */
const TOLERATED_BIAS = 0.1;

export function summariseLangevin(
  around: Surroundings,
  records: readonly LangevinRecord[],
  parameters: readonly Parameters[],
): LearnerResult {
  const { plan, problem, context, settings } = around;
  const chains = records.map(({ chain }) => chain);
  const temperatures = summariseTemperatures(around, records);
  const mixing = summariseDiagnostics(chains, plan.samples);
  warnOfPoorSampling(mixing, 'steps', context);
  warnOfBias(temperatures.configurationalTemperature, settings.stepSize, context);
  return {
    predictor: summarisePredictor(chains, plan.samples, problem.test.Y.cols),
    orderParameters: summariseOrderParameters(chains, plan.samples, records[0].shapes),
    diagnostics: {
      ...mixing,
      ...temperatures,
      stepSize: { value: settings.stepSize },
      ...(plan.dynamics === 'underdamped' ? { friction: { value: settings.friction } } : {}),
      curvature: { value: settings.curvature },
    },
    parameters,
  };
}

interface Reading {
  readonly value: number;
  readonly stderr: number;
}

function summariseTemperatures(
  { plan, problem, size }: Surroundings,
  records: readonly LangevinRecord[],
): {
  readonly configurationalTemperature: Reading;
  readonly trainError: Reading;
  readonly kineticTemperature?: Reading;
} {
  const batches = records.length * plan.samples.batchesPerChain;
  const mean = (trace: (thermometer: Thermometer) => Float64Array, factor: number): Reading => {
    const kept = plan.samples.batchesPerChain * plan.samples.batchLength;
    const found = batchMeans(
      records.map(({ thermometer }) => trace(thermometer).subarray(0, kept)),
      batches,
    );
    return { value: factor * found.mean, stderr: factor * found.stderr };
  };
  return {
    configurationalTemperature: configurationalTemperature(plan.samples, records, problem.temperature),
    ...(plan.dynamics === 'underdamped'
      ? { kineticTemperature: mean(({ squaredMomentum }) => squaredMomentum, 1 / (size * problem.temperature)) }
      : {}),
    trainError: mean(({ energy }) => energy, 2 / problem.train.Y.data.length),
  };
}

/** ⟨|∇U|²⟩/(T⟨∇²U⟩) from batches, with the error of the ratio to first order. */
function configurationalTemperature(
  { batchesPerChain, batchLength }: GibbsPlan,
  records: readonly LangevinRecord[],
  temperature: number,
): Reading {
  const rows = matrix(records.length * batchesPerChain, 2);
  for (const [k, { thermometer }] of records.entries()) {
    for (let b = 0; b < batchesPerChain; b++) {
      const batch = thermometer.squaredGradient.subarray(b * batchLength, (b + 1) * batchLength);
      const at = 2 * (k * batchesPerChain + b);
      rows.data[at] = batch.reduce((sum, value) => sum + value, 0) / batchLength;
      rows.data[at + 1] = temperature * thermometer.laplacian[b];
    }
  }
  const [above, below] = batchEstimate(rows).value.data;
  const value = above / below;
  const linearised = matrix(rows.rows, 1);
  for (let i = 0; i < rows.rows; i++) linearised.data[i] = (rows.data[2 * i] - value * rows.data[2 * i + 1]) / below;
  return { value, stderr: batchEstimate(linearised).stderr.data[0] };
}

function warnOfBias({ value, stderr }: Reading, stepSize: number, context: RunContext): void {
  if (Math.abs(value - 1) < TOLERATED_BIAS + 3 * stderr) return;
  const message =
    `The configurational temperature is ${value.toFixed(3)} ± ${stderr.toFixed(3)} times T: the step size ` +
    `${stepSize.toPrecision(3)} biases the samples. Use half of it, or more steps if the chains disagree.`;
  context.onWarning?.({ code: 'step-size-bias', message });
}
