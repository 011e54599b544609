import { descendGdln, gdlnGradientByContexts, gdlnStatistics, reluAsGdln } from '@ggdln/architectures/gdln';
import { createRandom, type LinalgBackend, type Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { sweepFigure } from '@ggdln/plot';
import { type GatedUnits, trainGatedUnits } from '@ggdln/theory/race';
import { between } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction } from '../reproduction.ts';
import { curvesTable, RACE } from './common.ts';

const NAME = 'race/relu';
const TITLE = 'A ReLU network is a gated network until a unit changes its mind';
const [RATE, HIDDEN, INPUTS] = [0.001, 4, 6];

/** Differences below this are rounding; curves are cut there. */
const ROUNDING = 1e-16;

/** ReLU networks beside gated networks with the gates of their first step. */
export const relu: Reproduction = defineReproduction({
  name: NAME,
  title: TITLE,
  source: `${RACE}, section 7`,
  summary: 'Loss of a ReLU network minus that of the gated network with its initial activation patterns, step by step.',
  settings: {
    quick: { samples: 12, steps: 400 },
    paper: { samples: 12, steps: 2000 },
    test: { samples: 6, steps: 40 },
  },
  run: async ({ samples, steps }, context) => {
    const { linalg } = context;
    const network = randomNetwork(context.seed, samples);
    const epochs = Array.from({ length: steps + 1 }, (_, step) => step);
    const states = trainGatedUnits(network, { rate: RATE, epochs });
    const patternAt = (W1: Matrix) => JSON.stringify(patternOf(W1, network.X, linalg));
    const first = patternAt(network.W1);
    const same = states.findIndex(({ W1 }) => patternAt(W1) !== first);
    const changes = states.filter(
      ({ W1 }, step) => step > 0 && patternAt(W1) !== patternAt(states[step - 1].W1),
    ).length;
    const gated = gatedLosses(network, epochs, linalg);
    const differences = states.map(({ loss }, step) => Math.max(Math.abs(loss - gated[step]), ROUNDING));
    const until = same < 0 ? steps : same;
    // Marks of every step would cover the line.
    const seldom = (values: readonly number[]) => values.filter((_, step) => step % Math.ceil(steps / 40) === 0);
    const points = { x: seldom(epochs), source: 'ReLU network', role: 'gradient-descent' as const };
    const curves = [
      { metric: 'loss', x: epochs, source: 'gates frozen', role: 'theory' as const, values: gated },
      { ...points, metric: 'loss', values: seldom(states.map(({ loss }) => loss)) },
      { ...points, metric: 'difference', values: seldom(differences) },
    ];
    return {
      tables: { table: curvesTable('step', curves) },
      arrays: { X: network.X, W1: network.W1, w2: matrix(HIDDEN, 1, Float64Array.from(network.w2)) },
      figures: {
        figure: sweepFigure(curvesTable('step', curves), {
          title: TITLE,
          subtitle: `${HIDDEN} units, ${samples} examples · activation patterns stay for ${until} steps, and change at ${changes} later ones`,
          x: { column: 'step', label: 'step', scale: 'linear' },
          frames: [
            {
              metric: 'loss',
              title: 'Loss',
              note: 'from the same weights',
              label: 'mean of ½(y − f)²',
              zero: true,
            },
            {
              metric: 'difference',
              title: 'Difference',
              note: 'of the two losses',
              label: '|ReLU − gated|',
              scale: 'log',
            },
          ],
          residuals: false,
          guide: 'gates of the first step',
          names: { 'gradient-descent': 'ReLU network' },
          footer: footerOf(NAME, context),
          width: 1040,
        }),
      },
      checks: [
        between('steps until the first change of pattern', { value: until }, 2, steps),
        between(
          'largest difference of the loss while patterns stay',
          { value: Math.max(...differences.slice(0, until)) },
          0,
          1e-13,
        ),
        between('largest difference of the loss after', { value: Math.max(0, ...differences.slice(until)) }, 1e-6, 10),
      ],
      notes: [
        'After the first change the network is gated by other patterns: the reduction holds from moment to moment.',
      ],
    };
  },
});

function randomNetwork(seed: number, samples: number): GatedUnits {
  const rng = createRandom(seed).stream('relu');
  const draw = (rows: number, cols: number, name: string, scale = 1) =>
    matrix(rows, cols, rng.stream(name).fillGaussian(new Float64Array(rows * cols), scale));
  return {
    X: draw(samples, INPUTS, 'inputs'),
    y: draw(samples, 1, 'targets').data,
    W1: draw(HIDDEN, INPUTS, 'lower', 0.5),
    w2: draw(HIDDEN, 1, 'upper', 0.5).data,
    gates: 'relu',
  };
}

function patternOf(W1: Matrix, X: Matrix, linalg: LinalgBackend): boolean[] {
  return Array.from(linalg.gemm(X, W1, { transB: true }).data, (drive) => drive > 0);
}

function gatedLosses({ X, y, W1, w2 }: GatedUnits, steps: readonly number[], linalg: LinalgBackend): number[] {
  const upper = matrix(1, HIDDEN, Float64Array.from(w2));
  const { gdln, weights, nodeGates } = reluAsGdln([W1, upper], X, linalg);
  const data = { inputs: { x: X }, targets: { y: matrix(y.length, 1, Float64Array.from(y)) }, nodeGates };
  const statistics = gdlnStatistics(gdln, data, linalg);
  return descendGdln(weights, (at) => gdlnGradientByContexts(gdln, at, statistics, linalg), { rate: RATE, steps }).map(
    ({ loss }) => loss,
  );
}
