import type { SignData } from '@ggdln/studies';
import { ndkEquilibrium, ndkFrozenReadout, ndkFrozenReadoutEquilibrium, ndkKernel } from '@ggdln/theory/ndk';
import type { ReproductionContext } from '../reproduction.ts';
import { entry } from '../rows.ts';
import { asTheory, problemFor, type WideNetwork } from './common.ts';

/** In units of τc. */
export const LAGS: readonly number[] = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2];
/** Of `LAGS`, those at which ensembles are read. */
export const POINTS: readonly number[] = [0, 0.5, 1, 2];
/** Training examples and test inputs. */
export const P = 4;
export const TESTS = 2;
export const SIGMA = 1;
export const TEMPERATURE = 0.1;
/** τc. */
export const MEMORY: number = SIGMA ** 2 / TEMPERATURE;

/** What is read at every lag: outputs of the old readout and of today's best one, features beside the old ones. */
export type DriftKind = 'frozen' | 'relearned' | 'similarity';

/** What theory has for them. */
export interface DriftTheory {
  /** At a lag of `LAGS`, on a test input. */
  at(kind: DriftKind, lag: number, test: number): number;
  /** The frozen readout at equilibrium, long after. */
  readonly late: number;
  /** Its relative slope at lag 0. */
  readonly slope: number;
}

/** Both readouts and the similarity of features at `LAGS`, of a readout of t0 = τc. */
export async function driftTheory(
  network: WideNetwork,
  data: SignData,
  { linalg, signal }: ReproductionContext,
): Promise<DriftTheory> {
  const problem = problemFor(network, data);
  const options = { linalg, ...(signal ? { signal } : {}) };
  const inTime = (lags: readonly number[]) => lags.map((lag) => lag * MEMORY);
  const frozen = await ndkFrozenReadout(problem, MEMORY, inTime(LAGS), options);
  const relearned = await ndkEquilibrium(problem, { linalg });
  const { test: far } = await ndkFrozenReadoutEquilibrium(problem, inTime([0, 0.02, 30]), { linalg });
  const features = (lag: number) =>
    ndkKernel(asTheory(network), 'features', [MEMORY, MEMORY + lag * MEMORY], data.test.X);
  const similarities = await Promise.all(LAGS.map(features));
  const at: DriftTheory['at'] = (kind, lag, test) => {
    if (kind === 'frozen') return entry(frozen.test, lag, test);
    if (kind === 'relearned') return relearned.test[test];
    return entry(similarities[lag], test, test) / entry(similarities[0], test, test);
  };
  return { at, late: entry(far, 2, 0), slope: Math.abs(entry(far, 1, 0) / entry(far, 0, 0) - 1) / 0.02 };
}

/** Columns of an ensemble's reads on test inputs, and what theory has there. */
export function targetsOf(
  kind: DriftKind,
  theory: DriftTheory,
  points: number,
): { readonly test: number; readonly at: number; readonly value: number }[] {
  // Features are wholly like themselves at lag 0.
  const lags = POINTS.flatMap((lag, i) => (kind === 'similarity' && lag === 0 ? [] : [{ lag, i }]));
  return lags.flatMap(({ lag, i }) =>
    Array.from({ length: TESTS }, (_, test) => ({
      test,
      at: i * points + P + test,
      value: theory.at(kind, LAGS.indexOf(lag), test),
    })),
  );
}
