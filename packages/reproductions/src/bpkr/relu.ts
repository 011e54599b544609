import { createRegistry, type Table } from '@ggdln/core';
import { sweepFigure } from '@ggdln/plot';
import { between, likeOneDraw, near } from '../checks.ts';
import { compareMeans, ofSeeds, overDraws, seedsFrom, stack, theRow, valuesOf, withCells } from '../draws.ts';
import { BIAS, footerOf, VARIANCE, WIDTH_AXIS } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { runSpec } from '../runSpec.ts';
import { BPKR, WIDTH } from './common.ts';
import { scaledTeacherPlugin } from './scaledTeacher.ts';

const NAME = 'bpkr/relu';
const TITLE = 'ReLU networks: what the heuristic gets right';

/** Theory page bpkr, section 7: heuristic mean variances for σ = 1.5, T = 0.02, P = 24, N0 = 12, by targets and width. */
const TARGETS = [
  { targets: 'large targets', width: 400, heuristic: 0.697 },
  { targets: 'large targets', width: 40, heuristic: 0.684 },
  { targets: 'large targets', width: 16, heuristic: 0.674 },
  { targets: 'small targets', width: 40, heuristic: 0.358 },
  { targets: 'small targets', width: 16, heuristic: 0.102 },
];
const SCALES = { 'large targets': 2, 'small targets': 0.3 } as const;
const NAMES = Object.keys(SCALES) as (keyof typeof SCALES)[];
const LINE = [10, 13, 16, 20, 25, 30, 40, 60, 100, 200, 400];

/** Bias and variance of trained ReLU networks against width, beside the heuristic and the NNGP. */
export const relu: Reproduction = defineReproduction({
  name: NAME,
  title: TITLE,
  source: `${BPKR}, section 7`,
  summary: 'ReLU networks sampled by Langevin dynamics beside the kernel-renormalization heuristic and the NNGP.',
  settings: {
    quick: { draws: 8, sampled: 1, widths: [16, 40, 100], steps: 30_000 },
    paper: { draws: 16, sampled: 4, widths: [16, 25, 40, 100, 400], steps: 400_000 },
    test: { draws: 2, sampled: 1, widths: [16], steps: 400 },
  },
  run: async ({ draws, sampled, widths, steps }, given) => {
    const context = { ...given, registry: createRegistry([...given.registry.plugins, scaledTeacherPlugin]) };
    const seeds = seedsFrom(context.seed, draws);
    const tables: Table[] = [];
    for (const targets of NAMES) {
      const { table } = await runSpec(
        {
          ggdln: 1,
          name: targets.split(' ')[0],
          temperature: 0.02,
          dataset: { use: 'scaled-teacher', scale: SCALES[targets], noise: 0.1 },
          gating: { use: 'always-on' },
          architecture: { use: 'mlp', activation: 'relu', depth: 1, sigma: 1.5 },
          learners: [
            { use: 'langevin', steps, burnIn: 0.2, chains: 2, at: { seed: seeds.slice(0, sampled), [WIDTH]: widths } },
          ],
          theories: [
            { use: 'bpkr-relu', at: { [WIDTH]: LINE } },
            { use: 'nngp', at: { [WIDTH]: [10, ...widths, 400] } },
          ],
          sweep: { seed: seeds, [WIDTH]: LINE },
        },
        context,
      );
      tables.push(withCells(table, () => ({ targets })));
    }
    const all = stack(tables);
    const drawn = overDraws(ofSeeds(all, seeds.slice(0, sampled)));
    const comparison = compareMeans(drawn);
    const ratio = (targets: string, width: number, theory: string) => {
      const { value, stderr, theoryValue } = theRow(comparison, {
        targets,
        metric: 'variance',
        theory,
        [WIDTH]: width,
      });
      return { value: Number(value) / Number(theoryValue), stderr: Number(stderr) / Number(theoryValue) };
    };
    const variances = (targets: string, source: string, width: number) =>
      valuesOf(all, { targets, source, metric: 'variance', [WIDTH]: width });
    return {
      tables: { table: all, means: drawn, comparison },
      arrays: {},
      figures: {
        figure: sweepFigure(drawn, {
          title: TITLE,
          subtitle:
            'Linear teacher of standard deviation 2 (large) or 0.3 (small), noise 0.1 · P = 24 · N0 = 12 · L = 1 · σ = 1.5 · T = 0.02',
          x: WIDTH_AXIS,
          frames: [BIAS, VARIANCE].map((frame) => ({ ...frame, scale: 'log' as const })),
          groupBy: 'targets',
          caption:
            'Lines: heuristic theory. Points: ReLU networks sampled by Langevin dynamics. Dashed: NNGP, infinite width.',
          footer: footerOf(NAME, context),
          width: 1040,
        }),
      },
      checks: [
        ...TARGETS.map(({ targets, width, heuristic }) =>
          likeOneDraw(
            `heuristic variance, ${targets}, N = ${width}`,
            variances(targets, 'bpkr-relu', width),
            heuristic,
          ),
        ),
        likeOneDraw('variance of the NNGP', variances('large targets', 'nngp', 400), 0.699),
        ...widths
          .filter((width) => width >= 40)
          .map((width) =>
            near(
              `variance, sampled over heuristic, large targets, N = ${width}`,
              ratio('large targets', width, 'bpkr-relu'),
              1,
              0.1,
            ),
          ),
        ...widths.map((width) =>
          near(
            `variance, sampled over heuristic, small targets, N = ${width}`,
            ratio('small targets', width, 'bpkr-relu'),
            1,
            0.25,
          ),
        ),
        between('variance, sampled over NNGP, small targets, N = 16', ratio('small targets', 16, 'nngp'), 0, 0.5),
      ],
      notes: [
        'Not exact: the page measures errors of up to 10 % at α = 0.6 and 25 % at α ≥ 1; those are the bands here.',
        'Langevin steps of finite size leave a bias of a few percent at most; the NNGP is a statement about infinite width.',
      ],
    };
  },
});
