import { createRandom, type Matrix, type Row } from '@ggdln/core';
import { pairStatistics } from '@ggdln/learning';
import { matrix } from '@ggdln/linalg';
import type { SignData } from '@ggdln/studies';
import type { Found } from '../checks.ts';
import type { ReproductionContext } from '../reproduction.ts';
import { entry, lineRow, pointRow } from '../rows.ts';
import { simulated } from './common.ts';
import { type DriftKind, driftTheory, LAGS, MEMORY, P, POINTS, SIGMA, TEMPERATURE, targetsOf } from './driftTheory.ts';
import { relearnedBias, shareOfShift } from './relearnedBias.ts';
import { type AtWidth, overPairs, pairDeviations } from './widths.ts';

const STEP = 0.05;
/** What drifts. */
export const NETWORKS = [
  { name: 'erf', activation: 'erf' },
  { name: 'ReLU', activation: 'relu' },
] as const;
/** What is read at every lag, and the frame of `widths` that it has. */
export const READINGS: readonly { readonly kind: DriftKind; readonly title: string; readonly metric: string }[] = [
  { kind: 'frozen', title: 'Frozen readout', metric: 'deviation, frozen' },
  { kind: 'relearned', title: 'Re-learned readout', metric: 'deviation, re-learned' },
  { kind: 'similarity', title: 'Features', metric: 'deviation, features' },
];

/** Pairs of networks of one width. */
export interface Ensemble {
  readonly width: number;
  readonly pairs: number;
}

/** One activation: theory over lags, ensembles of all widths. */
export interface Drifted {
  readonly name: string;
  readonly rows: readonly Row[];
  /** Drawn after those of all networks, so that a colour means the same in both frames. */
  readonly last: readonly Row[];
  /** Largest |mean − theory| in standard errors, of each width; of the re-learned readout with its bias of order 1/N. */
  readonly scores: readonly Readonly<Record<DriftKind, number>>[];
  readonly widths: Readonly<Record<DriftKind, readonly AtWidth[]>>;
  /** Of the frozen readout at equilibrium: what is left at last, and the relative slope at lag 0. */
  readonly late: number;
  readonly slope: number;
  /** Of the re-learned readout: size of its bias at the narrowest width, in units of that which theory gives. */
  readonly bias: Found;
}

/** Ensembles of all widths beside the theory of one activation. @param shown Which of them has rows. */
export async function driftedNetwork(
  { name, activation }: (typeof NETWORKS)[number],
  data: SignData,
  ensembles: readonly Ensemble[],
  shown: number,
  context: ReproductionContext,
): Promise<Drifted> {
  const network = { activation, depth: 1, sigma: SIGMA, sigma0: SIGMA, temperature: TEMPERATURE };
  const theory = await driftTheory(network, data, context);
  const rng = createRandom(context.seed).stream('one hidden unit');
  const atOrder1 = relearnedBias(network, data, { rng, linalg: context.linalg });
  const rows = LAGS.flatMap((lag, i) => [
    lineRow({ lag, group: `${name}, frozen` }, 'output', theory.at('frozen', i, 0)),
    lineRow({ lag, group: `${name}, frozen` }, 'similarity', theory.at('similarity', i, 0)),
  ]);
  const last = LAGS.map((lag, i) =>
    lineRow({ lag, group: `${name}, re-learned` }, 'output', theory.at('relearned', i, 0)),
  );
  const scores: Record<DriftKind, number>[] = [];
  const widths: Record<DriftKind, AtWidth[]> = { frozen: [], relearned: [], similarity: [] };
  let bias: Found | undefined;
  const frozenAt = Math.round(MEMORY / STEP);
  const readAt = POINTS.map((lag) => frozenAt + Math.round((lag * MEMORY) / STEP));
  for (const [k, { width, pairs }] of ensembles.entries()) {
    const how = { pairs, stepSize: STEP, readAt, frozenAt };
    const { run } = await simulated({ ...network, width }, data, how, context);
    const score = { frozen: 0, relearned: 0, similarity: 0 };
    for (const { kind } of READINGS) {
      const outputs = run[kind] ?? matrix(2 * pairs, run.outputs.cols);
      const expected = targetsOf(kind, theory, run.points).map(({ test, ...target }) => ({
        ...target,
        shift: kind === 'relearned' ? atOrder1[test] / width : 0,
      }));
      const { mean, stderr } = pairStatistics(outputs, run.points);
      if (kind === 'relearned') bias ??= shareOfShift(outputs, expected, stderr);
      // The step of the scheme costs the frozen readout up to 0.001.
      const scored = expected.map(
        ({ at, value, shift }) => Math.abs(mean.data[at] - value - shift) / Math.hypot(stderr.data[at], 1e-3),
      );
      score[kind] = Math.max(...scored);
      widths[kind].push(overPairs(width, pairDeviations(outputs, expected)));
      if (k === shown) (kind === 'relearned' ? last : rows).push(...pointsOf(name, kind, mean, stderr));
    }
    scores.push(score);
  }
  return { name, rows, last, scores, widths, bias: bias ?? { value: 0 }, late: theory.late, slope: theory.slope };
}

function pointsOf(name: string, kind: DriftKind, mean: Matrix, stderr: Matrix): Row[] {
  const group = kind === 'relearned' ? `${name}, re-learned` : `${name}, frozen`;
  const metric = kind === 'similarity' ? 'similarity' : 'output';
  return POINTS.map((lag, i) => pointRow({ lag, group }, metric, entry(mean, i, P), entry(stderr, i, P)));
}
