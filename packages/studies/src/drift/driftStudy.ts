import { createTable, type Matrix, type Row, type RunContext, type StudyResult, type StudySnapshot } from '@ggdln/core';
import type { EnsembleRun } from '@ggdln/learning';
import { reluActivation } from '@ggdln/theory/kernels';
import { type NdkProblem, ndkEquilibrium, ndkFrozenReadout, ndkKernel, scaledErfActivation } from '@ggdln/theory/ndk';
import { ensemblePairs } from '../ensemblePairs.ts';
import { type SignData, signData } from '../phases/signData.ts';
import { diagnostic, estimate, simulatedRow, theoryRow } from '../rows.ts';
import { createWatch, snapshotAt } from '../watch.ts';

/** What drifts. */
export interface DriftOptions {
  readonly activation: 'erf' | 'relu';
  /** P. */
  readonly examples: number;
  readonly features: number;
  /** N of simulated networks. */
  readonly width: number;
  readonly temperature: number;
  /** Antithetic pairs of networks. */
  readonly pairs: number;
}

const where = '@ggdln/studies drift';
const PAIRS = { source: 'pairs of networks', role: 'langevin' } as const;
/** Lags Δ in units of τc at which networks are read; theory at more. */
const READS = [0, 0.25, 0.5, 0.75, 1, 1.5, 2];
const LINE = [...new Set([0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.9, 1.25, 1.75, ...READS])].sort((a, b) => a - b);
/** Of 2/λ_max of the tangent kernel. */
const STEP_SHARE = 0.05;

/** The curves at the lags of `LINE`, on the first test input. */
interface Curves {
  readonly frozen: readonly number[];
  readonly similarity: readonly number[];
  readonly relearned: number;
}

/**
 * Representational drift at equilibrium: output of the features of time τc + Δ read out by the readout of time τc and by
 * a re-learned one, and the similarity of the features with their own of τc. One step is one pair of networks.
 * Source: Avidan, Li, Sompolinsky, arXiv:2309.04522; theory page ndk, section 7.
 * @throws GGDLN_NOT_CONVERGED where the integral equation doesn't settle; GGDLN_CANCELLED.
 */
export async function* driftStudy(
  options: DriftOptions,
  context: RunContext,
): AsyncGenerator<StudySnapshot, StudyResult, void> {
  const { pairs, width, activation, temperature } = options;
  const { rng, linalg } = context;
  const watch = createWatch(context, where);
  const data = signData({ ...options, tests: 1 }, rng.stream('data'));
  const unit = activation === 'erf' ? scaledErfActivation(1) : reluActivation;
  const common = { depth: 1, sigma: 1, sigma0: 1, temperature };
  const problem = { network: { ...common, activation: unit }, X: data.X, y: data.y, test: { X: data.test.X } };
  const curves = await curvesOf(problem, data, context);
  const at = (step: number, stage: string) => ({ step, total: pairs, stage, unit: 'pairs' });
  yield snapshotAt(at(0, 'theory'), resultOf(curves, [], options));
  const { values } = linalg.symmetricEigen(await ndkKernel(problem.network, 'tangent', [0, 0], data.X));
  const memory = 1 / temperature;
  // A whole number of steps for every quarter of τc.
  const perMemory = 4 * Math.ceil((memory * values[values.length - 1]) / (2 * STEP_SHARE) / 4);
  const readAt = READS.map((lag) => Math.round((1 + lag) * perMemory));
  const network = { ...common, activation, width };
  const ensemble = { network, X: data.X, y: data.y, test: { X: data.test.X } };
  const how = { pairs, stepSize: memory / perMemory, readAt, frozenAt: perMemory };
  const runs: EnsembleRun[] = [];
  for await (const run of ensemblePairs(ensemble, how, context)) {
    runs.push(run);
    const here = at(runs.length, 'Langevin pairs');
    if ((await watch.after(here)) && runs.length < pairs) yield snapshotAt(here, resultOf(curves, runs, options));
  }
  return resultOf(curves, runs, options);
}

async function curvesOf(problem: NdkProblem, data: SignData, { linalg, signal }: RunContext): Promise<Curves> {
  const memory = 1 / problem.network.temperature;
  const lags = LINE.map((lag) => lag * memory);
  const how = { linalg, tolerance: 1e-3, ...(signal ? { signal } : {}) };
  const frozen = await ndkFrozenReadout(problem, memory, lags, how);
  const { test } = await ndkEquilibrium(problem, { linalg });
  const similarity: number[] = [];
  const features = async (lag: number) =>
    (await ndkKernel(problem.network, 'features', [memory, memory + lag], data.test.X)).data[0];
  const own = await features(0);
  for (const lag of lags) similarity.push((await features(lag)) / own);
  return { frozen: Array.from(frozen.test.data), similarity, relearned: test[0] };
}

function resultOf(curves: Curves, runs: readonly EnsembleRun[], { examples, temperature }: DriftOptions): StudyResult {
  const lines = LINE.flatMap((lag, i): Row[] => [
    theoryRow({ lag, readout: 'frozen' }, 'output', curves.frozen[i]),
    theoryRow({ lag, readout: 're-learned' }, 'output', curves.relearned),
    theoryRow({ lag, readout: 'features' }, 'similarity', curves.similarity[i]),
  ]);
  const points =
    runs.length < 2
      ? []
      : READS.flatMap((lag, i): Row[] => {
          const add = (readout: string, metric: string, of: (run: EnsembleRun) => Matrix | undefined): Row[] => {
            const means = runs.flatMap((run) => {
              const found = of(run);
              const place = i * run.points + examples;
              return found ? [(found.data[place] + found.data[found.cols + place]) / 2] : [];
            });
            return means.length < 2 ? [] : [simulatedRow({ lag, readout }, metric, estimate(means), PAIRS)];
          };
          return [
            ...add('frozen', 'output', ({ frozen }) => frozen),
            ...add('re-learned', 'output', ({ relearned }) => relearned),
            ...add('features', 'similarity', ({ similarity }) => similarity),
          ];
        });
  const one = LINE.indexOf(1);
  return {
    table: createTable([...lines, ...points]),
    arrays: {},
    diagnostics: {
      'correlation time τc = σ²/T': diagnostic({ value: 1 / temperature, stderr: null }),
      'similarity after τc': { value: curves.similarity[one] },
      'frozen output after τc': { value: curves.frozen[one] },
      're-learned output': { value: curves.relearned },
    },
  };
}
