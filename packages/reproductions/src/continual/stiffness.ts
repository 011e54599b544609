import { createRandom, createTable, type Matrix, type Row } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { sweepFigure } from '@ggdln/plot';
import { continualGibbs, continualLimit, forgettingMatrix } from '@ggdln/theory/continual';
import { reluActivation } from '@ggdln/theory/kernels';
import { between } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import { entry, lineRow, pointRow } from '../rows.ts';
import {
  BETA,
  type ChainProblem,
  type ChainSizes,
  chainsAt,
  chainTheory,
  chainWidths,
  LAMBDA,
  SIGMA2,
} from './chains.ts';
import { BY_HMC, CONTINUAL, estimate } from './common.ts';
import { guideOf } from './widths.ts';

const NAME = 'continual/stiffness';
const TITLE = 'From learning each task anew to remembering: the stiffness λ';
const [TASKS, P, INPUTS] = [3, 4, 6];
const LINE = Array.from({ length: 22 }, (_, k) => 10 ** (-1.5 + k / 4));

interface Setting extends ChainSizes {
  readonly lambdas: readonly number[];
  readonly width: number;
  readonly chains: number;
}

/** Mean outputs and forgetting against λ: theory of the Gibbs chain, its limit, and chains by Hamiltonian Monte Carlo. */
export const stiffness: Reproduction = defineReproduction<Setting>({
  name: NAME,
  title: TITLE,
  source: `${CONTINUAL}, section 11, item 4`,
  summary: 'Outputs and forgetting after three tasks against the stiffness: exact theory and Monte Carlo chains.',
  settings: {
    quick: { lambdas: [0.1, 1.2, 10], width: 400, chains: 40, widths: [4, 8, 16], chainsOfWidth: 800 },
    paper: {
      lambdas: [0.1, 0.4, 1.2, 4, 12, 40],
      width: 400,
      chains: 300,
      widths: [4, 8, 16, 32],
      chainsOfWidth: 4000,
    },
    test: { lambdas: [1.2], width: 30, chains: 4, widths: [2, 4, 8], chainsOfWidth: 6 },
  },
  run: async (setting, context) => {
    const { width, chains } = setting;
    const problem = drawProblem(context);
    const { rows, scores, ratios } = await againstStiffness(problem, setting, context);
    const widths = await chainWidths(problem, setting, context);
    const power = await powerOfLimit(problem, context);
    const table = createTable(rows);
    const network = `ReLU, L = 1 · T = ${TASKS} tasks of P = ${P} · σ² = ${SIGMA2} · β = ${BETA}`;
    return {
      tables: { table, widths: createTable(widths.rows) },
      arrays: {},
      figures: {
        figure: sweepFigure(table, {
          title: TITLE,
          subtitle: `${network} · ${chains} chains of N = ${width}`,
          x: { column: 'lambda', label: 'stiffness λ', scale: 'log' },
          frames: [
            { metric: 'output', title: 'Output', note: 'on an input of task 1', label: 'mean output' },
            { metric: 'F', title: 'Error on task 1', note: 'with the variance', label: 'F(t, 1)' },
          ],
          groupBy: 'group',
          names: BY_HMC,
          footer: footerOf(NAME, context),
          width: 1040,
        }),
        widths: sweepFigure(createTable(widths.rows), {
          title: 'Mean outputs of chains come to theory as 1/N',
          subtitle: `${network} · λ = ${LAMBDA} · ${setting.chainsOfWidth} chains a width`,
          x: { column: 'width', label: 'hidden width N', scale: 'log' },
          frames: [
            {
              metric: 'deviation',
              title: 'Deviation of the mean',
              note: 'all tasks after every task',
              label: '|chains − theory|, root mean square',
              scale: 'log',
            },
          ],
          residuals: false,
          guide: guideOf('1/N'),
          caption: 'What the sampling noise of the mean adds in squares is taken off.',
          names: BY_HMC,
          footer: footerOf(NAME, context),
        }),
      },
      checks: [
        between('means: root mean square of (chains − theory)/s.e.', { value: Math.sqrt(average(scores)) }, 0.6, 1.5),
        between('variances: mean ratio of chains to theory', { value: average(ratios) }, 0.9, 1.1),
        between('λ → ∞, β → ∞: power with which ReLU comes to the limit (1/2)', { value: power }, 0.4, 0.6),
        ...widths.checks,
      ],
      notes: [
        'Every chain draws all three tasks; its prior fluctuations count to the error.',
        `Chains differ from theory by O(1/N) in the mean. That is hidden by the sampling noise of ${chains} chains at N = ${width}, and seen at narrow widths with ${setting.chainsOfWidth}.`,
      ],
    };
  },
});

/** Three tasks of Gaussian inputs and targets. */
function drawProblem({ seed }: ReproductionContext): ChainProblem {
  const rng = createRandom(seed).stream('stiffness');
  const tasks = Array.from({ length: TASKS }, (_, t) => {
    const draw = (name: string) => rng.stream(`${name}/${t}`).fillGaussian(new Float64Array(P * INPUTS));
    const y = rng.stream(`y/${t}`).fillGaussian(new Float64Array(P));
    return { X: matrix(P, INPUTS, draw('X')), y, test: { X: matrix(P, INPUTS, draw('test')), y } };
  });
  return { network: { activation: reluActivation, depth: 1 }, tasks };
}

/** Theory's lines and the chains' points against λ; squares of (chains − theory)/s.e., and ratios of variances. */
async function againstStiffness(
  problem: ChainProblem,
  { lambdas, width, chains }: Setting,
  context: ReproductionContext,
): Promise<{ readonly rows: readonly Row[]; readonly scores: readonly number[]; readonly ratios: readonly number[] }> {
  const { tasks } = problem;
  const targets = tasks.map(({ y }) => y);
  const rows: Row[] = [];
  const [scores, ratios]: number[][] = [[], []];
  for (const lambda of new Set([...LINE, ...lambdas])) {
    const found = await chainTheory(problem, lambda, context);
    const forgotten = forgettingMatrix(found, targets);
    for (let t = 0; t < TASKS; t++) {
      const cells = { lambda, group: `after task ${t + 1}` };
      rows.push(lineRow(cells, 'output', entry(found.mean[0], t, 0)));
      rows.push(lineRow(cells, 'F', entry(forgotten, t, 0)));
    }
  }
  for (const lambda of lambdas) {
    const { mean, variance } = await chainTheory(problem, lambda, context);
    const runs = await chainsAt(problem, { lambda, width, chains }, context);
    mean.forEach(({ data }, s) => {
      data.forEach((expected, k) => {
        const { value, stderr } = estimate(runs.map((run) => run[s].data[k]));
        scores.push(((value - expected) / stderr) ** 2);
        ratios.push((stderr * stderr * chains) / variance[s].data[k]);
      });
    });
    for (let t = 0; t < TASKS; t++) {
      const cells = { lambda, group: `after task ${t + 1}` };
      const output = estimate(runs.map((run) => entry(run[0], t, 0)));
      const error = estimate(runs.map((run) => meanSquare(run[0], t, tasks[0].y)));
      rows.push(pointRow(cells, 'output', output.value, output.stderr, 'exact-sampling'));
      rows.push(pointRow(cells, 'F', error.value, error.stderr, 'exact-sampling'));
    }
  }
  return { rows, scores, ratios };
}

/** −d ln |f − limit|/d ln λ of an output after the last task, at β = ∞. */
async function powerOfLimit(problem: ChainProblem, { linalg }: ReproductionContext): Promise<number> {
  const limit = await continualLimit(problem, { sigma2: SIGMA2, mode: 'gibbs' }, { linalg });
  const stiff = async (lambda: number) => {
    const { mean } = await continualGibbs(problem, { lambda, sigma2: SIGMA2 }, { linalg });
    return Math.abs(entry(mean[0], TASKS - 1, 0) - entry(limit.mean[0], TASKS - 1, 0));
  };
  return -Math.log10((await stiff(1e6)) / (await stiff(1e4))) / 2;
}

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function meanSquare(f: Matrix, t: number, y: Float64Array): number {
  return y.reduce((sum, target, i) => sum + (entry(f, t, i) - target) ** 2, 0) / y.length;
}
