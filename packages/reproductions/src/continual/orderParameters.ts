import { createRandom, createTable, type Row } from '@ggdln/core';
import { columnVector, type Matrix, matrix } from '@ggdln/linalg';
import { sweepFigure } from '@ggdln/plot';
import {
  continualOrderParameters,
  meanPairForgetting,
  pairForgetting,
  type TaskPair,
  taskPair,
} from '@ggdln/theory/continual';
import { reluActivation } from '@ggdln/theory/kernels';
import { between, near } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import { lineRow, pointRow } from '../rows.ts';
import { CONTINUAL, descended, estimate, reluNetwork, type SplitTask, ungated } from './common.ts';
import { deviationFigure, guidedRows, powerOf, reluDeviations } from './widths.ts';

const NAME = 'continual/order-parameters';
const TITLE = 'Two similarities say how much is forgotten';
const RULES = [0, 0.5, 1];
const SIGMA2 = 2;

interface Setting {
  readonly examples: number;
  readonly inputs: number;
  readonly similarities: readonly number[];
  readonly rules: number;
  readonly width: number;
  readonly trained: number;
  /** At which networks are laid beside theory, for one pair of tasks. */
  readonly widths: readonly number[];
}

/** Forgetting of random rules against the overlap of features, for three correlations of the rules. */
export const orderParameters: Reproduction = defineReproduction<Setting>({
  name: NAME,
  title: TITLE,
  source: `${CONTINUAL}, section 11, item 2`,
  summary: 'Forgetting against feature and rule similarity: averaged formulas, random rules, and trained networks.',
  settings: {
    quick: {
      examples: 15,
      inputs: 20,
      similarities: [0, 0.6, 0.8, 0.95],
      rules: 300,
      width: 1000,
      trained: 4,
      widths: [125, 500, 2000],
    },
    paper: {
      examples: 30,
      inputs: 40,
      similarities: [0, 0.3, 0.5, 0.7, 0.85, 0.95, 0.99],
      rules: 5000,
      width: 4000,
      trained: 60,
      widths: [250, 1000, 4000],
    },
    test: { examples: 4, inputs: 8, similarities: [0, 0.8], rules: 20, width: 60, trained: 2, widths: [20, 40, 80] },
  },
  run: async ({ examples, inputs, similarities, rules, width, trained, widths }, context) => {
    const { linalg } = context;
    const rows: Row[] = [];
    let beside: readonly SplitTask[] = [];
    const scores = { whitened: [] as number[], raw: [] as number[], descent: [] as number[] };
    for (const similarity of similarities) {
      const X = relatedInputs(similarity, examples, inputs, context.seed);
      const tasks = X.map((one) => ({ X: one, y: new Float64Array(examples) }));
      const network = { activation: reluActivation, depth: 1 };
      const blocks = await taskPair(network, { kernel: 'ntk', sigma2: SIGMA2 }, [tasks[0], tasks[1]], { linalg });
      const { feature } = await continualOrderParameters(blocks, { linalg });
      for (const r of RULES) {
        const cells = { feature, group: `rule correlation r = ${r}` };
        const expected = await meanPairForgetting(blocks, r, { linalg });
        const drawn = drawRules(blocks, r, rules, similarity, context);
        const found = [];
        for (const pair of drawn) found.push(await pairForgetting(pair, { linalg }));
        const whitened = estimate(found.map((one) => one.whitened));
        const raw = estimate(found.map((one) => one.forgetting));
        rows.push(lineRow(cells, 'whitened', expected.whitened));
        rows.push(pointRow(cells, 'whitened', whitened.value, whitened.stderr, 'exact-sampling'));
        rows.push(lineRow(cells, 'raw', expected.kernelLabels));
        rows.push(pointRow(cells, 'raw', raw.value, raw.stderr, 'exact-sampling'));
        scores.whitened.push((whitened.value - expected.whitened) / whitened.stderr);
        scores.raw.push((raw.value - expected.kernelLabels) / raw.stderr);
        // The same rules, learnt by networks: differences, so that the rules' own scatter is off.
        const differences: number[] = [];
        for (let k = 0; k < trained; k++) {
          const own = tasksFor(X, drawn[k]);
          const name = `${similarity}/${r}/${k}`;
          const [run] = await descended(reluNetwork(width, 1, SIGMA2), ungated(own, 1), { name, seeds: 1 }, context);
          const after = run.train[0].data.subarray(examples);
          const error = after.reduce((sum, f, i) => sum + (f - drawn[k].y1[i]) ** 2, 0) / examples;
          differences.push(error - found[k].forgetting);
        }
        if (similarity === similarities[1] && r === RULES[1]) beside = tasksFor(X, drawn[0]);
        const shift = estimate(differences);
        rows.push(pointRow(cells, 'raw', expected.kernelLabels + shift.value, shift.stderr, 'gradient-descent'));
        scores.descent.push(shift.value / expected.kernelLabels);
      }
    }
    const sizes = { depth: 1, sigma2: SIGMA2, widths, seeds: trained };
    const deviations = await reluDeviations(beside, sizes, 'widths', context);
    const byWidth = guidedRows(deviations, 0.5, {}, 'gradient-descent');
    const worst = (values: readonly number[]) => Math.max(...values.map(Math.abs));
    const table = createTable(rows);
    return {
      tables: { table, widths: createTable(byWidth) },
      arrays: {},
      figures: {
        figure: sweepFigure(table, {
          title: TITLE,
          subtitle: `ReLU, L = 1 · P = ${examples} · N0 = ${inputs} · teachers in feature space · circles: ${rules} rules; diamonds: ${trained} networks of N = ${width} each, as differences`,
          x: { column: 'feature', label: 'feature similarity γ_feature', scale: 'linear' },
          frames: [
            {
              metric: 'whitened',
              title: 'Whitened',
              note: 'γ_feature + (1 − 2r) γ₂',
              label: 'mean of the whitened F(2, 1)',
            },
            { metric: 'raw', title: 'Squared error on task 1', note: 'after task 2', label: 'mean of F(2, 1)' },
          ],
          groupBy: 'group',
          names: { 'exact-sampling': 'Drawn rules ± 1 s.e.' },
          footer: footerOf(NAME, context),
          width: 1040,
        }),
        widths: deviationFigure(byWidth, {
          title: 'Networks come to the theory of their tasks',
          subtitle: `Outputs on both tasks after each · inputs shared by ${similarities[1]}, r = ${RULES[1]} · ${trained} networks a width`,
          footer: footerOf(NAME, context),
        }),
      },
      checks: [
        between(
          'whitened: largest |mean over rules − formula|, in standard errors',
          { value: worst(scores.whitened) },
          0,
          4,
        ),
        between(
          'squared error: largest |mean over rules − formula|, in standard errors',
          { value: worst(scores.raw) },
          0,
          4,
        ),
        between(
          'networks: largest |forgetting − theory of the same rules|, relative',
          { value: worst(scores.descent) },
          0,
          8 / Math.sqrt(width),
        ),
        near('deviation of a network from theory, power of 1/N', powerOf(deviations), 0.5, 0.1),
      ],
      notes: ['γ_rule is about r γ_feature: the three colours are three rule similarities at each feature similarity.'],
    };
  },
});

/** Both tasks of a pair of rules, tested on what they are trained on. */
function tasksFor(X: readonly Matrix[], { y1, y2 }: Pick<TaskPair, 'y1' | 'y2'>): SplitTask[] {
  return [y1, y2].map((y, t) => ({ X: X[t], y, test: { X: X[t], y } }));
}

/** Two sets of inputs that share ρ of themselves, |x|² = N0. */
function relatedInputs(similarity: number, rows: number, cols: number, seed: number) {
  const rng = createRandom(seed).stream('related inputs');
  const draw = (name: string) => rng.stream(name).fillGaussian(new Float64Array(rows * cols));
  const shared = draw('shared');
  return [0, 1].map((t) => {
    const own = draw(`task ${t}`);
    const data = own.map((value, k) => similarity * shared[k] + Math.sqrt(1 - similarity ** 2) * value);
    for (let i = 0; i < rows; i++) {
      const row = data.subarray(i * cols, (i + 1) * cols);
      const norm = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0) / cols);
      for (let j = 0; j < cols; j++) row[j] /= norm;
    }
    return matrix(rows, cols, data);
  });
}

/** Pairs of rules with Cov(Y_t) = K_tt and Cov(Y1, Y2) = r K12. */
function drawRules(
  { K11, K12, K22 }: TaskPair,
  r: number,
  count: number,
  similarity: number,
  { linalg, seed }: ReproductionContext,
): TaskPair[] {
  const P = K11.rows;
  const joint = matrix(2 * P, 2 * P);
  for (let i = 0; i < P; i++) {
    for (let j = 0; j < P; j++) {
      joint.data[i * 2 * P + j] = K11.data[i * P + j];
      joint.data[(P + i) * 2 * P + P + j] = K22.data[i * P + j];
      joint.data[i * 2 * P + P + j] = r * K12.data[i * P + j];
      joint.data[(P + j) * 2 * P + i] = r * K12.data[i * P + j];
    }
  }
  const L = linalg.cholesky(joint);
  const rng = createRandom(seed).stream('rules').stream(`${similarity}/${r}`);
  return Array.from({ length: count }, () => {
    const { data } = linalg.gemm(L, columnVector(rng.fillGaussian(new Float64Array(2 * P))));
    return { K11, K12, K22, y1: data.slice(0, P), y2: data.slice(P) };
  });
}
