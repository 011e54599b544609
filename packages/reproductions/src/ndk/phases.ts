import { createTable, type Row } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { sweepFigure } from '@ggdln/plot';
import type { SignData } from '@ggdln/studies';
import { ndkDiffusivePhase, ndkEquilibrium, ndkEulerScheme, ndkGradientPhase } from '@ggdln/theory/ndk';
import { between, near } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import { entry, lineRow, pointRow, rootMeanScore, rootMeanSquare, rowsOf } from '../rows.ts';
import { logSteps, NDK, problemFor, signData, simulated, type WideNetwork } from './common.ts';
import { type AtWidth, againstWidth, overPairs, WIDTH_GUIDE } from './widths.ts';

const NAME = 'ndk/phases';
const TITLE = 'First to the tangent kernel’s solution, then slowly to the Gaussian process';
const STEP = 0.05;
const P = 4;
/** The test point that is drawn. */
const SHOWN = P;
const BASE: Omit<WideNetwork, 'sigma0' | 'temperature'> = { activation: 'erf', depth: 1, sigma: 1 };

interface Setting {
  readonly width: number;
  readonly pairs: number;
  readonly temperatures: readonly number[];
  /** σ0/σ. */
  readonly starts: readonly number[];
  readonly widths: readonly number[];
  readonly paths: number;
}

/** Mean outputs over time at several temperatures and starts, theory of the simulated scheme beside ensembles. */
export const phases: Reproduction = defineReproduction<Setting>({
  name: NAME,
  title: TITLE,
  source: `${NDK}, sections 6 and 9`,
  summary: 'Mean output over time at three temperatures and three starts: integral equation, limits and ensembles.',
  settings: {
    quick: {
      width: 400,
      pairs: 32,
      temperatures: [1, 0.3, 0.1],
      starts: [0.5, 1, 2],
      widths: [100, 400, 1600],
      paths: 6,
    },
    paper: {
      width: 1600,
      pairs: 600,
      temperatures: [1, 0.3, 0.1, 0.03],
      starts: [0.5, 1, 2, 3],
      widths: [100, 400, 1600, 6400],
      paths: 40,
    },
    test: { width: 50, pairs: 4, temperatures: [1, 0.3], starts: [1, 2], widths: [20, 80], paths: 2 },
  },
  run: async ({ width, pairs, temperatures, starts, widths, paths }, context) => {
    const { linalg } = context;
    const data = signData(context.seed, P, 2, 5);
    const rows: Row[] = [];
    const scores: number[] = [];
    const distances: number[] = [];
    const diffusive = async (taus: readonly number[]) =>
      ndkDiffusivePhase(problemFor({ ...BASE, sigma0: 2, temperature: 1 }, data), taus, { linalg });
    const ends = { flow: 0, equilibrium: 0 };
    for (const temperature of temperatures) {
      const network = { ...BASE, sigma0: 2, temperature };
      const found = await oneCurve(network, data, { width, pairs }, context);
      scores.push(found.score);
      const cells = { panel: 'temperature', group: `T = ${temperature}` };
      rows.push(...found.rows.map((row) => ({ ...cells, ...row })));
      const late = found.times.flatMap((t, i) => (temperature * t >= 0.5 ? [{ tau: temperature * t, i }] : []));
      const limit = await diffusive(late.map(({ tau }) => tau));
      distances.push(Math.max(...late.map(({ i }, k) => Math.abs(found.curve[i] - entry(limit.test, k, 0)))));
    }
    for (const start of starts) {
      const network = { ...BASE, sigma0: start, temperature: temperatures[1] };
      const found = await oneCurve(network, data, { width, pairs }, context);
      scores.push(found.score);
      const cells = { panel: 'start', group: `σ0 = ${start}` };
      rows.push(...found.rows.map((row) => ({ ...cells, ...row, metric: 'output from other starts' })));
    }
    const cold = problemFor({ ...BASE, sigma0: 2, temperature: 1e-9 }, data);
    ends.flow = entry((await ndkGradientPhase(cold, [1e6], { linalg })).test, 0, 0);
    ends.equilibrium = (await ndkEquilibrium(cold, { linalg })).test[0];
    const both = await diffusive([0, 12]);
    const limits = [
      ['tangent kernel, T → 0', ends.flow],
      ['Gaussian process, T → 0', ends.equilibrium],
    ].map(([group, value]) => ({
      panel: 'temperature',
      group,
      time: null,
      metric: 'output',
      source: 'limit',
      role: 'infinite-width',
      value,
      stderr: null,
    }));
    const table = createTable([...rows, ...limits]);
    const errors = await pathErrors(data, widths, paths, context);
    return {
      tables: { table, widths: createTable(errors.rows) },
      arrays: { X: data.X, y: matrix(P, 1, data.y), test: data.test.X },
      figures: {
        figure: sweepFigure(table, {
          title: TITLE,
          subtitle: `One hidden layer of erf units · N = ${width} · ${pairs} antithetic pairs · P = ${P} · σ = 1 · left: σ0 = 2 · right: T = ${temperatures[1]}`,
          x: { column: 'time', label: 'time t', scale: 'log' },
          frames: [
            { metric: 'output', title: 'Temperature', note: 'later, the colder', label: 'mean output on a test input' },
            {
              metric: 'output from other starts',
              title: 'Start',
              note: 'σ0 sets the first phase alone',
              label: 'mean output on a test input',
            },
          ],
          groupBy: 'group',
          caption: 'Theory is that of the simulated scheme at infinite width, exact at any step.',
          footer: footerOf(NAME, context),
          width: 1040,
        }),
        widths: sweepFigure(createTable(errors.rows), {
          title: 'A network’s path comes to its theory as 1/√N',
          subtitle: `Trained path minus theory driven by the free path of the same network · T = 0.2 · σ0 = 2`,
          x: { column: 'width', label: 'hidden width N', scale: 'log' },
          frames: [
            {
              metric: 'path error',
              title: 'Path',
              note: 'one pair of networks each',
              label: 'root mean square difference',
              scale: 'log',
            },
          ],
          residuals: false,
          guide: WIDTH_GUIDE,
          footer: footerOf(NAME, context),
          width: 700,
        }),
      },
      checks: [
        between(
          `means: root mean square of (ensemble − theory)/s.e. over all times, points and settings`,
          { value: Math.sqrt(scores.reduce((sum, score) => sum + score ** 2, 0) / scores.length) },
          0.5,
          1.7,
        ),
        near('path error at N = 400, as on the page (0.052 at σ0 = 2)', errors.at400, 0.052, 0.02),
        near('path error: power of 1/N', errors.power, 0.5, 0.05),
        between(
          'distance from the limit T → 0 at the two lowest temperatures: ratio',
          { value: (distances.at(-1) ?? 0) / (distances.at(-2) ?? 0) },
          0,
          (1.5 * (temperatures.at(-1) ?? 0)) / (temperatures.at(-2) ?? 1),
        ),
        near('limit T → 0 at τ = 0: tangent-kernel predictor', { value: entry(both.test, 0, 0) }, ends.flow, 1e-4),
        near('limit T → 0 at τ = 12σ²: Gaussian process', { value: entry(both.test, 1, 0) }, ends.equilibrium, 1e-3),
      ],
      notes: ['erf(h) itself; the theory page’s own runs have erf(√π h/2) and another draw of data.'],
    };
  },
});

/** One setting: rows of theory and ensemble on the shown test point, up to four correlation times. */
async function oneCurve(
  network: WideNetwork,
  data: SignData,
  { width, pairs }: { readonly width: number; readonly pairs: number },
  context: ReproductionContext,
) {
  const last = Math.round(4 / network.temperature / STEP);
  const steps = logSteps(2, last, 40);
  const readAt = steps.filter((_, i) => i % 3 === 0 || i === steps.length - 1);
  const points = P + data.test.X.rows;
  const path = await ndkEulerScheme(problemFor(network, data), STEP, matrix(last + 1, points), context);
  const { statistics } = await simulated({ ...network, width }, data, { pairs, stepSize: STEP, readAt }, context);
  const curve = steps.map((n) => entry(path, n, SHOWN));
  return {
    times: steps.map((n) => n * STEP),
    curve,
    score: rootMeanScore(statistics.mean, statistics.stderr, rowsOf(path, readAt)),
    rows: [
      ...steps.map((n, i) => lineRow({ time: n * STEP }, 'output', curve[i])),
      ...readAt.map((n, i) =>
        pointRow({ time: n * STEP }, 'output', entry(statistics.mean, i, SHOWN), entry(statistics.stderr, i, SHOWN)),
      ),
    ],
  };
}

/** The pathwise test of section 8 G at several widths. */
async function pathErrors(data: SignData, widths: readonly number[], pairs: number, context: ReproductionContext) {
  const network: WideNetwork = { ...BASE, sigma0: 2, temperature: 0.2 };
  const last = Math.round(2 / network.temperature / STEP);
  const readAt = Array.from({ length: last + 1 }, (_, n) => n);
  const points = P + data.test.X.rows;
  const found: AtWidth[] = [];
  for (const width of widths) {
    const { run } = await simulated({ ...network, width }, data, { pairs, stepSize: STEP, readAt }, context);
    const errors: number[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const free = matrix(last + 1, points, run.free.data.slice(pair * run.free.cols, (pair + 1) * run.free.cols));
      const theory = await ndkEulerScheme(problemFor(network, data), STEP, free, context);
      const path = matrix(
        last + 1,
        points,
        run.outputs.data.slice(2 * pair * run.free.cols, (2 * pair + 1) * run.free.cols),
      );
      const onTests = (all: typeof path) => rowsOf(all, readAt, P).data;
      errors.push(rootMeanSquare(onTests(path), onTests(theory)));
    }
    found.push(overPairs(width, errors));
  }
  const at400 = found.find(({ width }) => width === 400) ?? found[found.length - 1];
  return { ...againstWidth(found, 'path error'), at400 };
}
