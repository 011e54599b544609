import { createTable, type Row } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { sweepFigure } from '@ggdln/plot';
import type { SignData } from '@ggdln/studies';
import { ndkDiffusivePhase, ndkEulerScheme } from '@ggdln/theory/ndk';
import { between, falls, near } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import { entry, lineRow, pointRow, rootMeanScore, rowsOf } from '../rows.ts';
import { NDK, problemFor, signData, simulated, type WideNetwork } from './common.ts';
import { type AtWidth, againstWidth, overPairs, pairDeviations, WIDTH_GUIDE } from './widths.ts';

const NAME = 'ndk/early-stopping';
const TITLE = 'Between the two solutions the test error may pass a minimum, or a maximum';
const TAUS = [0, 0.03, 0.06, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 4, 6];
const CASES: readonly { readonly name: string; readonly network: Omit<WideNetwork, 'temperature'> }[] = [
  { name: 'erf, L = 2, σ0 = 3', network: { activation: 'erf', depth: 2, sigma: 1, sigma0: 3 } },
  { name: 'erf, L = 1, σ0 = 0.3', network: { activation: 'erf', depth: 1, sigma: 1, sigma0: 0.3 } },
  { name: 'ReLU, L = 1, σ0 = 0.5', network: { activation: 'relu', depth: 1, sigma: 1, sigma0: 0.5 } },
];

interface Setting {
  readonly draws: number;
  readonly examples: number;
  readonly tests: number;
  /** Narrow to wide. */
  readonly widths: readonly number[];
  readonly pairs: number;
  readonly temperature: number;
}

/** Test error of the mean output over the diffusive phase for three networks, and a simulated ensemble for one. */
export const earlyStopping: Reproduction = defineReproduction<Setting>({
  name: NAME,
  title: TITLE,
  source: `${NDK}, section 6`,
  summary: 'Test error over the diffusive phase of three networks in the limit T → 0, and an ensemble at finite T.',
  settings: {
    quick: { draws: 2, examples: 24, tests: 60, widths: [100, 400, 1600], pairs: 16, temperature: 0.05 },
    paper: { draws: 20, examples: 24, tests: 150, widths: [100, 400, 1600], pairs: 200, temperature: 0.02 },
    test: { draws: 2, examples: 6, tests: 5, widths: [12, 48], pairs: 3, temperature: 0.3 },
  },
  run: async (setting, context) => {
    const { draws, examples, tests, temperature, widths, pairs } = setting;
    const samples = Array.from({ length: draws }, (_, k) => signData(context.seed + k, examples, tests, 10));
    const rows: Row[] = [];
    const curves: number[][] = [];
    for (const { name, network } of CASES) {
      const errors = TAUS.map(() => 0);
      for (const data of samples) {
        const options = {
          linalg: context.linalg,
          ...(context.signal ? { signal: context.signal } : {}),
          tolerance: 1e-3,
        };
        const { test } = await ndkDiffusivePhase(problemFor({ ...network, temperature: 1 }, data), TAUS, options);
        TAUS.forEach((_, i) => {
          errors[i] += meanError(data, (j) => entry(test, i, j)) / draws;
        });
      }
      curves.push(errors);
      rows.push(...TAUS.map((tau, i) => lineRow({ tau, group: name }, 'test error', errors[i])));
    }
    const warm: Warm[] = [];
    for (const width of widths) warm.push(await warmEnsemble(samples[0], width, setting, context));
    const [narrowest, widest] = [warm[0], warm[warm.length - 1]];
    for (const { width, rows: own } of [narrowest, widest]) {
      rows.push(...own.map((row) => ({ ...row, group: `ReLU, T = ${temperature}, N = ${width}` })));
    }
    const fit = againstWidth(
      warm.map(({ single }) => single),
      'deviation',
    );
    const [deep, shallow, relu] = curves;
    const [table, widthTable] = [createTable(rows), createTable(fit.rows)];
    const inside = (curve: readonly number[], best: (...values: number[]) => number) =>
      TAUS[curve.indexOf(best(...curve))];
    return {
      tables: { table, widths: widthTable },
      arrays: {},
      figures: {
        figure: sweepFigure(table, {
          title: TITLE,
          subtitle: `Signs of a linear teacher · P = ${examples} · N0 = 10 · σ = 1 · T → 0, mean of ${draws} draws; the first at T = ${temperature} with ${pairs} pairs`,
          x: { column: 'tau', label: 'time in the second phase τ = Tt, units of σ²', unit: '', scale: 'linear' },
          frames: [
            {
              metric: 'test error',
              title: 'Test error',
              note: 'of the mean output',
              label: 'mean squared error',
              zero: false,
            },
          ],
          groupBy: 'group',
          footer: footerOf(NAME, context),
          width: 1040,
        }),
        widths: sweepFigure(widthTable, {
          title: 'A pair of networks comes to theory as 1/√N',
          subtitle: `ReLU · T = ${temperature} · mean of a pair minus theory, root mean square over times, test inputs and ${pairs} pairs`,
          x: { column: 'width', label: 'hidden width N', scale: 'log' },
          frames: [{ metric: 'deviation', title: 'Outputs', note: 'on test inputs', label: 'deviation', scale: 'log' }],
          residuals: false,
          guide: WIDTH_GUIDE,
          footer: footerOf(NAME, context),
          width: 700,
        }),
      },
      checks: [
        between('erf, L = 2, σ0 = 3: best time τ, inside', { value: inside(deep, Math.min) }, 0.06, 2),
        between('… error at τ = 0 over the best', { value: deep[0] / Math.min(...deep) }, 1.02, 3),
        between('… error at the end over the best', { value: (deep.at(-1) ?? 0) / Math.min(...deep) }, 1.02, 3),
        falls(
          'erf, L = 1, σ0 = 0.3: error against τ',
          shallow.filter((_, i) => i % 2 === 0),
          2e-3,
        ),
        between('ReLU, L = 1, σ0 = 0.5: worst time τ, inside', { value: inside(relu, Math.max) }, 0.06, 3),
        between(
          `ensemble at finite T, N = ${widest.width}: root mean square of (mean − theory)/s.e.`,
          { value: widest.score },
          0.5,
          1.7,
        ),
        near('power of 1/N in a pair’s deviation', fit.power, 0.5, 0.05),
        between(
          `deviation of the error curve at N = ${widest.width} over that at N = ${narrowest.width}`,
          { value: widest.deviation / narrowest.deviation },
          0,
          0.5,
        ),
      ],
      notes: [
        'The page’s digits are for one draw of data; features, not digits, are checked.',
        'Theory at finite T is that of the simulated scheme, exact at any step.',
        'The variance of the mean over pairs is taken off the simulated error. What is left at P = 24 is of order P/N.',
      ],
    };
  },
});

function meanError({ test }: SignData, f: (j: number) => number): number {
  return test.y.reduce((sum, y, j) => sum + (f(j) - y) ** 2, 0) / test.y.length;
}

/** The ReLU network at finite temperature on one draw. */
interface Warm {
  readonly width: number;
  /** Error curves of theory and simulation. */
  readonly rows: readonly Row[];
  readonly score: number;
  /** Of the error curve from theory. */
  readonly deviation: number;
  /** Of outputs of single pairs from theory. */
  readonly single: AtWidth;
}

async function warmEnsemble(
  data: SignData,
  width: number,
  { pairs, temperature }: Setting,
  context: ReproductionContext,
): Promise<Warm> {
  const network = { ...CASES[2].network, temperature };
  const stepSize = 0.05;
  const taus = [0.2, 0.4, 0.6, 0.8, 1.1, 1.5, 2];
  const readAt = taus.map((tau) => Math.round(tau / temperature / stepSize));
  const steps = readAt[readAt.length - 1] + 1;
  const path = await ndkEulerScheme(
    problemFor(network, data),
    stepSize,
    matrix(steps, data.y.length + data.test.y.length),
    context,
  );
  const { run, statistics } = await simulated({ ...network, width }, data, { pairs, stepSize, readAt }, context);
  const P = data.y.length;
  const theory = rowsOf(path, readAt, P);
  const [mean, stderr] = [statistics.mean, statistics.stderr];
  const rows = taus.flatMap((tau, i) => {
    const noise = data.test.y.reduce((sum, _, j) => sum + entry(stderr, i, P + j) ** 2, 0) / data.test.y.length;
    const found = meanError(data, (j) => entry(mean, i, P + j)) - noise;
    // Test inputs share the fluctuations of the networks: jackknife over pairs.
    const without = Array.from({ length: pairs }, (_, p) => {
      const pairMean = (j: number) => {
        const at = i * run.points + P + j;
        return (entry(run.outputs, 2 * p, at) + entry(run.outputs, 2 * p + 1, at)) / 2;
      };
      return meanError(data, (j) => (pairs * entry(mean, i, P + j) - pairMean(j)) / (pairs - 1));
    });
    const centre = without.reduce((sum, value) => sum + value, 0) / pairs;
    const spread = without.reduce((sum, value) => sum + (value - centre) ** 2, 0);
    return [
      lineRow(
        { tau },
        'test error',
        meanError(data, (j) => entry(theory, i, j)),
      ),
      pointRow({ tau }, 'test error', found, Math.sqrt((spread * (pairs - 1)) / pairs)),
    ];
  });
  const onTests = (from: typeof mean) =>
    rowsOf(
      from,
      taus.map((_, i) => i),
      P,
    );
  const deviations = taus.map((_, i) => Number(rows[2 * i + 1].value) - Number(rows[2 * i].value));
  const targets = Array.from(theory.data, (value, k) => ({
    at: Math.floor(k / theory.cols) * run.points + P + (k % theory.cols),
    value,
  }));
  return {
    width,
    rows,
    deviation: Math.hypot(...deviations),
    score: rootMeanScore(onTests(mean), onTests(stderr), theory),
    single: overPairs(width, pairDeviations(run.outputs, targets)),
  };
}
