import { createTable, type Row } from '@ggdln/core';
import { pairStatistics } from '@ggdln/learning';
import { matrix } from '@ggdln/linalg';
import { sweepFigure } from '@ggdln/plot';
import { ndkEquilibrium, ndkFrozenReadout, ndkFrozenReadoutEquilibrium, ndkKernel } from '@ggdln/theory/ndk';
import { between, near } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { entry, lineRow, pointRow, rowsOf } from '../rows.ts';
import { asTheory, NDK, problemFor, signData, simulated } from './common.ts';

const NAME = 'ndk/drift';
const TITLE = 'Representations drift, and only a frozen readout notices';
const STEP = 0.05;
const P = 4;
const LINE = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2];
const POINTS = [0, 0.5, 1, 2];
const NETWORKS = [
  { name: 'erf', activation: 'erf' },
  { name: 'ReLU', activation: 'relu' },
] as const;

interface Setting {
  readonly width: number;
  readonly pairs: number;
}

/** Outputs of frozen and re-learned readouts, and the similarity of features, against the lag. */
export const drift: Reproduction = defineReproduction<Setting>({
  name: NAME,
  title: TITLE,
  source: `${NDK}, section 7`,
  summary: 'Frozen and re-learned readouts on drifting features, erf and ReLU: theory and ensembles.',
  settings: {
    quick: { width: 400, pairs: 40 },
    paper: { width: 1600, pairs: 600 },
    test: { width: 40, pairs: 4 },
  },
  run: async ({ width, pairs }, context) => {
    const { linalg, seed } = context;
    const data = signData(seed, P, 2, 5);
    const [sigma, temperature] = [1, 0.1];
    const memory = sigma ** 2 / temperature;
    const rows: Row[] = [];
    // After the others, so that a colour means the same in both frames.
    const relearnedRows: Row[] = [];
    const scores: number[] = [];
    const late: number[] = [];
    const slopes: number[] = [];
    let relearned = 0;
    for (const { name, activation } of NETWORKS) {
      const network = { activation, depth: 1, sigma, sigma0: sigma, temperature };
      const problem = problemFor(network, data);
      const theory = await ndkFrozenReadout(
        problem,
        memory,
        LINE.map((lag) => lag * memory),
        { linalg },
      );
      const equilibrium = await ndkEquilibrium(problem, { linalg });
      const far = await ndkFrozenReadoutEquilibrium(
        problem,
        [0, 0.02, 30].map((lag) => lag * memory),
        { linalg },
      );
      const similarity = await Promise.all(
        LINE.map(async (lag) => {
          const at = (t: number) => ndkKernel(asTheory(network), 'features', [memory, memory + t], data.test.X);
          return entry(await at(lag * memory), 0, 0) / entry(await at(0), 0, 0);
        }),
      );
      late.push(entry(far.test, 2, 0));
      slopes.push(Math.abs(entry(far.test, 1, 0) / entry(far.test, 0, 0) - 1) / 0.02);
      const frozenAt = Math.round(memory / STEP);
      const readAt = POINTS.map((lag) => frozenAt + Math.round((lag * memory) / STEP));
      const { run } = await simulated(
        { ...network, width },
        data,
        { pairs, stepSize: STEP, readAt, frozenAt },
        context,
      );
      const none = matrix(2 * pairs, run.outputs.cols);
      const frozen = pairStatistics(run.frozen ?? none, run.points);
      const learnt = pairStatistics(run.relearned ?? none, run.points);
      const alike = pairStatistics(run.similarity ?? none, run.points);
      LINE.forEach((lag, i) => {
        rows.push(lineRow({ lag, group: `${name}, frozen` }, 'output', entry(theory.test, i, 0)));
        relearnedRows.push(lineRow({ lag, group: `${name}, re-learned` }, 'output', equilibrium.test[0]));
        rows.push(lineRow({ lag, group: `${name}, frozen` }, 'similarity', similarity[i]));
      });
      POINTS.forEach((lag, i) => {
        const add = (group: string, metric: string, { mean, stderr }: typeof frozen, to = rows) =>
          to.push(pointRow({ lag, group: `${name}, ${group}` }, metric, entry(mean, i, P), entry(stderr, i, P)));
        add('frozen', 'output', frozen);
        add('re-learned', 'output', learnt, relearnedRows);
        add('frozen', 'similarity', alike);
        relearned = Math.max(relearned, Math.abs(entry(learnt.mean, i, P) - equilibrium.test[0]));
      });
      const expected = rowsOf(
        theory.test,
        POINTS.map((lag) => LINE.indexOf(lag)),
      );
      expected.data.forEach((value, k) => {
        const at = Math.floor(k / 2) * run.points + P + (k % 2);
        scores.push(Math.abs(frozen.mean.data[at] - value) / Math.hypot(frozen.stderr.data[at], 1e-3));
      });
    }
    const table = createTable([...rows, ...relearnedRows]);
    return {
      tables: { table },
      arrays: { X: data.X, y: matrix(P, 1, data.y), test: data.test.X },
      figures: {
        figure: sweepFigure(table, {
          title: TITLE,
          subtitle: `One hidden layer · N = ${width} · ${pairs} antithetic pairs · P = ${P} · T = ${temperature} · σ = σ0 = 1 · readout of t0 = τc`,
          x: { column: 'lag', label: 'lag Δ, units of τc = σ²/T', unit: '', scale: 'linear' },
          frames: [
            { metric: 'output', title: 'Output', note: 'on a test input', label: 'mean output' },
            {
              metric: 'similarity',
              title: 'Features',
              note: 'of one input with its own of t0',
              label: 'similarity C(Δ)',
            },
          ],
          groupBy: 'group',
          footer: footerOf(NAME, context),
          width: 1040,
        }),
      },
      checks: [
        between(
          'frozen readout: largest |ensemble − theory| over lags, inputs and activations, in standard errors (with 0.001 for the step)',
          { value: Math.max(...scores) },
          0,
          3.5,
        ),
        near('erf, frozen readout long after: performance is lost', { value: late[0] }, 0, 1e-6),
        between('ReLU, frozen readout long after: |what is left|', { value: Math.abs(late[1]) }, 1e-3, 2),
        between(
          'frozen readout at equilibrium: relative slope at lag 0 (zero slope)',
          { value: Math.max(...slopes) },
          0,
          0.1,
        ),
        between('re-learned readout: largest |ensemble − Gaussian process|', { value: relearned }, 0, 0.05),
      ],
      notes: ['The theory of the frozen readout is in continuous time; the simulated step costs up to 0.001.'],
    };
  },
});
