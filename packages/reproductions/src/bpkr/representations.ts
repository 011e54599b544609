import { createPacer, createRandom, createTable, type Matrix, type Row, throwIfCancelled } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { heatMap, sweepFigure } from '@ggdln/plot';
import {
  createExactSampler,
  exactBpkr,
  exactLayerGrams,
  layerGrams,
  prepareBpkr,
  solvePreparedBpkr,
} from '@ggdln/theory/bpkr';
import { between, rises } from '../checks.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import { BPKR } from './common.ts';

const NAME = 'bpkr/representations';
const TITLE = 'Targets grow into the hidden layers, towards the output';

interface Setting {
  readonly samples: number;
  readonly each: number;
  readonly inputs: number;
  readonly width: number;
}

/** Gram matrices of every hidden layer for clustered data, and how much of the targets is in them. */
export const representations: Reproduction = defineReproduction<Setting>({
  name: NAME,
  title: TITLE,
  source: `${BPKR}, section 4, equations 7 and 8`,
  summary: 'Mean Gram matrices of three hidden layers: exact posterior, saddle point and independent networks.',
  settings: {
    quick: { samples: 600, each: 8, inputs: 60, width: 16 },
    paper: { samples: 20_000, each: 16, inputs: 120, width: 32 },
    test: { samples: 40, each: 2, inputs: 12, width: 8 },
  },
  run: async ({ samples, each, inputs, width }, context) => {
    const { linalg, seed } = context;
    const data = clusters(each, inputs, seed);
    const setting = { widths: [width, width, width], sigma: 1, temperature: 0 };
    const prepared = await prepareBpkr(data, { linalg });
    const saddle = layerGrams(prepared, setting, await solvePreparedBpkr(prepared, setting));
    const exact = await exactLayerGrams(prepared, setting);
    const { layerNormExcess } = await exactBpkr({ ...data, ...setting }, { linalg });
    const sampled = await sampleGrams(data, setting, samples, context);
    const depth = setting.widths.length;
    const layer = (grams: readonly Matrix[], l: number) => grams[depth - l];
    const below = linalg.syrk(data.X, { alpha: 1 / inputs });
    const along = (gram: Matrix) => quadratic(gram, data.y);
    const rows: Row[] = [0, 1, 2, 3].flatMap((l) => {
      const cells = { layer: l, metric: 'along' };
      const line = (source: string, grams: readonly Matrix[]) => ({
        ...cells,
        source,
        role: 'theory',
        value: along(l === 0 ? below : layer(grams, l)),
        stderr: null,
      });
      const points =
        l === 0 ? [] : [{ ...cells, source: 'independent', role: 'exact-sampling', ...sampled.along[l - 1] }];
      return [line('exact', exact), line('saddle', saddle), ...points];
    });
    const theory = [1, 2, 3].map((l) => along(layer(exact, l)));
    const scores = sampled.along.map(({ value, stderr }, i) => Math.abs(value - theory[i]) / stderr);
    const norms = sampled.excess.map(({ value, stderr }) => Math.abs(value - layerNormExcess) / stderr);
    return {
      tables: { table: createTable(rows) },
      arrays: {
        X: data.X,
        y: matrix(data.y.length, 1, data.y),
        ...Object.fromEntries(
          [1, 2, 3].flatMap((l) => [
            [`exact/gram${l}`, layer(exact, l)],
            [`saddle/gram${l}`, layer(saddle, l)],
            [`independent/gram${l}`, sampled.grams[l - 1]],
          ]),
        ),
      },
      figures: {
        grams: heatMap({
          title: TITLE,
          subtitle: `Four clusters of ${each} inputs, two with y = +1 and two with y = −1 · N0 = ${inputs} · N = ${width} · L = 3 · σ = 1 · T = 0`,
          panels: [
            { title: 'Inputs', note: 'before the first layer', matrix: below },
            ...[1, 2, 3].map((l) => ({
              title: `Layer ${l}, theory`,
              note: 'exact posterior',
              matrix: layer(exact, l),
            })),
            { title: 'Targets', note: 'products of two targets', matrix: outer(data.y) },
            ...[1, 2, 3].map((l) => ({
              title: `Layer ${l}, sampled`,
              note: `${samples} networks`,
              matrix: sampled.grams[l - 1],
            })),
          ],
          columns: 4,
          label: 'mean product of the activities of two inputs, per unit; dimensionless',
          footer: footerOf(NAME, context),
        }),
        figure: sweepFigure(createTable(rows), {
          title: 'How much of the targets is in each layer',
          subtitle: 'Projection of the mean Gram matrix on the targets',
          x: { column: 'layer', label: 'layer l (0: inputs)', scale: 'linear' },
          frames: [{ metric: 'along', title: 'Projection', note: 'exact; faint: saddle point', label: 'y·Φ y / |y|²' }],
          footer: footerOf(NAME, context),
          width: 700,
        }),
      },
      checks: [
        rises('projection on the targets against the layer', [along(below), ...theory]),
        between(
          'projection: largest |sampled − exact| over 3 layers, in standard errors',
          { value: Math.max(...scores) },
          0,
          4,
        ),
        between(
          'E|θ|²/σ² − dim θ is the same in all layers: largest |sampled − exact|, in standard errors',
          { value: Math.max(...norms) },
          0,
          4,
        ),
        between(
          'projection on layer 3: saddle over exact',
          { value: along(layer(saddle, 3)) / theory[2], stderr: null },
          0.85,
          1.15,
        ),
      ],
      notes: ['Rows and columns are ordered by cluster: +1, +1, −1, −1.'],
    };
  },
});

/** Clusters of Gaussian inputs around random centres, in order of their labels. */
function clusters(each: number, inputs: number, seed: number): { readonly X: Matrix; readonly y: Float64Array } {
  const rng = createRandom(seed).stream('clusters');
  const X = matrix(4 * each, inputs);
  const y = new Float64Array(4 * each);
  for (let cluster = 0; cluster < 4; cluster++) {
    const centre = rng.fillGaussian(new Float64Array(inputs));
    for (let i = 0; i < each; i++) {
      const row = cluster * each + i;
      y[row] = cluster < 2 ? 1 : -1;
      for (let j = 0; j < inputs; j++) X.data[row * inputs + j] = 0.5 * centre[j] + 0.87 * rng.gaussian();
    }
  }
  return { X, y };
}

const outer = (y: Float64Array): Matrix =>
  matrix(
    y.length,
    y.length,
    Float64Array.from({ length: y.length ** 2 }, (_, at) => y[Math.floor(at / y.length)] * y[at % y.length]),
  );

const quadratic = ({ data, cols }: Matrix, y: Float64Array): number => {
  let [sum, norm] = [0, 0];
  for (let i = 0; i < cols; i++) {
    norm += y[i] ** 2;
    for (let j = 0; j < cols; j++) sum += y[i] * data[i * cols + j] * y[j];
  }
  return sum / norm;
};

interface Mean {
  readonly value: number;
  readonly stderr: number;
}

/** Gram matrices of layers 1, 2, …, their projections, and the excess norms of all weight layers, bottom first. */
async function sampleGrams(
  data: { readonly X: Matrix; readonly y: Float64Array },
  setting: { readonly widths: readonly number[]; readonly sigma: number; readonly temperature: number },
  samples: number,
  { linalg, seed, signal, onProgress }: ReproductionContext,
): Promise<{ readonly grams: readonly Matrix[]; readonly along: readonly Mean[]; readonly excess: readonly Mean[] }> {
  const sampler = await createExactSampler(await prepareBpkr(data, { linalg }), setting, { linalg });
  const rng = createRandom(seed).stream('networks');
  const { rows } = data.X;
  const depth = setting.widths.length;
  const grams = setting.widths.map(() => matrix(rows, rows));
  const along = setting.widths.map(() => new Float64Array(samples));
  const excess = Array.from({ length: depth + 1 }, () => new Float64Array(samples));
  const pace = createPacer();
  for (let k = 0; k < samples; k++) {
    throwIfCancelled(signal, NAME);
    const { parameters } = sampler.sample(rng.stream(k));
    let activity = data.X;
    for (let l = 1; l <= depth; l++) {
      const weights = parameters[`W${l}`];
      const W = matrix(weights.length / activity.cols, activity.cols, weights);
      activity = linalg.gemm(activity, W, { transB: true, alpha: 1 / Math.sqrt(activity.cols) });
      const gram = linalg.syrk(activity, { alpha: 1 / activity.cols });
      gram.data.forEach((value, i) => {
        grams[l - 1].data[i] += value / samples;
      });
      along[l - 1][k] = quadratic(gram, data.y);
      excess[l - 1][k] = excessNorm(weights, setting.sigma);
    }
    excess[depth][k] = excessNorm(parameters.a, setting.sigma);
    onProgress?.({ stage: 'independent networks', done: k + 1, total: samples, unit: 'networks' });
    await pace();
  }
  return { grams, along: along.map(meanOf), excess: excess.map(meanOf) };
}

const excessNorm = (weights: Float64Array, sigma: number): number =>
  weights.reduce((sum, weight) => sum + (weight / sigma) ** 2, 0) - weights.length;

function meanOf(values: Float64Array): Mean {
  const value = values.reduce((sum, entry) => sum + entry, 0) / values.length;
  const squares = values.reduce((sum, entry) => sum + (entry - value) ** 2, 0);
  return { value, stderr: Math.sqrt(squares / (values.length * (values.length - 1))) };
}
