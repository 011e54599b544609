import { createRandom, createTable, type Matrix, type Row } from '@ggdln/core';
import { sampleTaskChain } from '@ggdln/learning';
import { matrix } from '@ggdln/linalg';
import { sweepFigure } from '@ggdln/plot';
import { continualGibbs, continualLimit, forgettingMatrix } from '@ggdln/theory/continual';
import { reluActivation } from '@ggdln/theory/kernels';
import { between } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { entry, lineRow, pointRow } from '../rows.ts';
import { CONTINUAL, estimate, reluNetwork, ungated } from './common.ts';

const NAME = 'continual/stiffness';
const TITLE = 'From learning each task anew to remembering: the stiffness λ';
const [SIGMA2, BETA, TASKS, P, INPUTS] = [1.5, 8, 3, 4, 6];
const LINE = Array.from({ length: 22 }, (_, k) => 10 ** (-1.5 + k / 4));

interface Setting {
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
    quick: { lambdas: [0.1, 1.2, 10], width: 400, chains: 40 },
    paper: { lambdas: [0.1, 0.4, 1.2, 4, 12, 40], width: 400, chains: 300 },
    test: { lambdas: [1.2], width: 30, chains: 4 },
  },
  run: async ({ lambdas, width, chains }, context) => {
    const { linalg, seed, signal, onProgress } = context;
    const rng = createRandom(seed).stream('stiffness');
    const tasks = Array.from({ length: TASKS }, (_, t) => {
      const draw = (name: string) => rng.stream(`${name}/${t}`).fillGaussian(new Float64Array(P * INPUTS));
      const y = rng.stream(`y/${t}`).fillGaussian(new Float64Array(P));
      return { X: matrix(P, INPUTS, draw('X')), y, test: { X: matrix(P, INPUTS, draw('test')), y } };
    });
    const problem = { network: { activation: reluActivation, depth: 1 }, tasks };
    const targets = tasks.map(({ y }) => y);
    const theory = (lambda: number) => continualGibbs(problem, { lambda, sigma2: SIGMA2, beta: BETA }, { linalg });
    const rows: Row[] = [];
    for (const lambda of new Set([...LINE, ...lambdas])) {
      const found = await theory(lambda);
      const forgotten = forgettingMatrix(found, targets);
      for (let t = 0; t < TASKS; t++) {
        const cells = { lambda, group: `after task ${t + 1}` };
        rows.push(lineRow(cells, 'output', entry(found.mean[0], t, 0)));
        rows.push(lineRow(cells, 'F', entry(forgotten, t, 0)));
      }
    }
    const scores: number[] = [];
    const ratios: number[] = [];
    for (const lambda of lambdas) {
      const { mean, variance } = await theory(lambda);
      const { runs } = await sampleTaskChain(
        { architecture: reluNetwork(width, 1, SIGMA2), tasks: ungated(tasks, 1) },
        {
          lambda,
          beta: BETA,
          chains,
          rng: rng.stream('chains').stream(String(lambda)),
          linalg,
          ...(signal ? { signal } : {}),
          ...(onProgress ? { onProgress } : {}),
        },
      );
      for (let t = 0; t < TASKS; t++) {
        for (let s = 0; s < TASKS; s++) {
          for (let i = 0; i < P; i++) {
            const values = runs.map(({ train }) => entry(train[s], t, i));
            const { value, stderr } = estimate(values);
            scores.push(((value - entry(mean[s], t, i)) / stderr) ** 2);
            ratios.push((stderr * stderr * chains) / entry(variance[s], t, i));
          }
        }
        const cells = { lambda, group: `after task ${t + 1}` };
        const output = estimate(runs.map(({ train }) => entry(train[0], t, 0)));
        const error = estimate(runs.map(({ train }) => meanSquare(train[0], t, tasks[0].y)));
        rows.push(pointRow(cells, 'output', output.value, output.stderr, 'exact-sampling'));
        rows.push(pointRow(cells, 'F', error.value, error.stderr, 'exact-sampling'));
      }
    }
    const limit = await continualLimit(problem, { sigma2: SIGMA2, mode: 'gibbs' }, { linalg });
    const stiff = async (lambda: number) => {
      const { mean } = await continualGibbs(problem, { lambda, sigma2: SIGMA2 }, { linalg });
      return Math.abs(entry(mean[0], TASKS - 1, 0) - entry(limit.mean[0], TASKS - 1, 0));
    };
    const power = -Math.log10((await stiff(1e6)) / (await stiff(1e4))) / 2;
    const table = createTable(rows);
    return {
      tables: { table },
      arrays: {},
      figures: {
        figure: sweepFigure(table, {
          title: TITLE,
          subtitle: `ReLU, L = 1 · T = ${TASKS} tasks of P = ${P} · σ² = ${SIGMA2} · β = ${BETA} · ${chains} chains of N = ${width}`,
          x: { column: 'lambda', label: 'stiffness λ', scale: 'log' },
          frames: [
            { metric: 'output', title: 'Output', note: 'on an input of task 1', label: 'mean output' },
            { metric: 'F', title: 'Error on task 1', note: 'with the variance', label: 'F(t, 1)' },
          ],
          groupBy: 'group',
          footer: footerOf(NAME, context),
          width: 1040,
        }),
      },
      checks: [
        between('means: root mean square of (chains − theory)/s.e.', { value: Math.sqrt(average(scores)) }, 0.6, 1.5),
        between('variances: mean ratio of chains to theory', { value: average(ratios) }, 0.9, 1.1),
        between('λ → ∞, β → ∞: power with which ReLU comes to the limit (1/2)', { value: power }, 0.4, 0.6),
      ],
      notes: ['Every chain draws all three tasks; its prior fluctuations count to the error.'],
    };
  },
});

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function meanSquare(f: Matrix, t: number, y: Float64Array): number {
  return y.reduce((sum, target, i) => sum + (entry(f, t, i) - target) ** 2, 0) / y.length;
}
