import { createBernoulliGln, createGaussianGln, drawGlnHalfSpaces } from '@ggdln/architectures';
import { createRandom, createTable, type RandomStream, type Row } from '@ggdln/core';
import { bernoulliLearner, gaussianLearner, learnOnline, type StepSize } from '@ggdln/learning';
import { sweepFigure } from '@ggdln/plot';
import { type Check, momentsOf, near } from '../checks.ts';
import { meansBy, seedsFrom } from '../draws.ts';
import { footerOf } from '../figures.ts';
import { defineReproduction, type Reproduction, type ReproductionContext } from '../reproduction.ts';
import { GLN, type GlnShape, nameOf } from './common.ts';
import { sineExamples, spiralExamples, xorExamples } from './toyStreams.ts';

const NAME = 'gln/streams';
const TITLE = 'Streams of a few inputs: contexts do what a linear rule cannot';

/** Kinds of networks, which have a colour each. */
type Kind = 'no contexts' | 'fewer' | 'most';

/** A network on one stream, and what the theory page, section 1 or 3, has of its last examples. */
interface Case extends GlnShape {
  readonly stream: 'exclusive or' | 'spirals' | 'sine';
  readonly kind: Kind;
  /** Share of right predictions, or root mean square distance of predictions from the clean sine. */
  readonly target: number;
  readonly band: number;
  /** Mean predicted variance. */
  readonly variance?: number;
}

const CASES: readonly Case[] = [
  { stream: 'exclusive or', kind: 'no contexts', layers: [1], bits: 0, target: 0.495, band: 0.06 },
  { stream: 'exclusive or', kind: 'most', layers: [8, 1], bits: 2, target: 0.998, band: 0.008 },
  { stream: 'spirals', kind: 'no contexts', layers: [1], bits: 0, target: 0.66, band: 0.04 },
  { stream: 'spirals', kind: 'fewer', layers: [100, 1], bits: 4, target: 0.988, band: 0.01 },
  { stream: 'spirals', kind: 'most', layers: [40, 20, 1], bits: 4, target: 0.997, band: 0.004 },
  { stream: 'sine', kind: 'no contexts', layers: [1], bits: 0, target: 0.7, band: 0.02, variance: 0.47 },
  { stream: 'sine', kind: 'fewer', layers: [16, 8, 1], bits: 2, target: 0.215, band: 0.025, variance: 0.06 },
  { stream: 'sine', kind: 'most', layers: [16, 8, 1], bits: 4, target: 0.11, band: 0.025, variance: 0.025 },
];

/** Examples of a stream, how many of the last count, deviation of the half-spaces' offsets, step sizes. */
const STREAMS = {
  'exclusive or': { count: 600, last: 300, offsets: 0.3, stepSize: 0.1 },
  spirals: { count: 4000, last: 1000, offsets: 0.5, stepSize: (t: number) => Math.max(0.02, Math.min(0.3, 30 / t)) },
  sine: { count: 4000, last: 1000, offsets: 0.8, stepSize: (t: number) => (t < 3000 ? 0.02 : 0.005) },
} as const satisfies Record<string, { count: number; last: number; offsets: number; stepSize: StepSize }>;
/** Points of a curve. */
const BLOCKS = 12;

interface Setting {
  readonly seeds: number;
  /** Share of each stream, for a short run. */
  readonly part: number;
}

/** Bernoulli networks on two streams of labels, Gaussian ones on a noisy sine, each example seen once. */
export const streams: Reproduction = defineReproduction<Setting>({
  name: NAME,
  title: TITLE,
  source: `${GLN}, sections 1 and 3`,
  summary: 'Gated linear networks on exclusive or, two spirals and a noisy sine, one pass, beside linear rules.',
  settings: { quick: { seeds: 3, part: 1 }, paper: { seeds: 12, part: 1 }, test: { seeds: 1, part: 0.05 } },
  run: async ({ seeds, part }, context) => {
    const rows: Row[] = [];
    const lasts: { readonly shape: Case; readonly value: number; readonly variance: number | undefined }[] = [];
    for (const shape of CASES) {
      for (const seed of seedsFrom(context.seed, seeds)) {
        const found = await learn(shape, part, createRandom(seed).stream(NAME), context);
        lasts.push({ shape, ...summary(found, STREAMS[shape.stream].last * part) });
        rows.push(...blocksOf(found, shape, seed));
        context.onProgress?.({ stage: NAME, done: lasts.length, total: CASES.length * seeds, unit: 'passes' });
      }
    }
    const of = (shape: Case) => lasts.filter((each) => each.shape === shape);
    return {
      tables: { table: createTable(rows) },
      arrays: {},
      figures: { figure: draw(rows, context) },
      checks: part < 1 ? [] : CASES.flatMap((shape) => checksOf(shape, of(shape), seeds)),
      notes: [
        'Every prediction is made before learning from its example; numbers are of the last 300 (exclusive or) or 1000.',
        'The predicted variance of the sine should be its noise, 0.01, and the squared error: it is calibrated.',
      ],
    };
  },
});

/** What a network made of its examples, in order. */
interface Outcome {
  /** 1 for a right label, or the squared distance from the clean sine. */
  readonly scores: readonly number[];
  readonly variances: readonly number[];
}

async function learn(shape: Case, part: number, rng: RandomStream, { signal }: ReproductionContext): Promise<Outcome> {
  const { count, offsets, stepSize } = STREAMS[shape.stream];
  const [examples, draws] = [Math.round(count * part), rng.stream('half-spaces')];
  const { layers: layerSizes, bits: contextBits, stream } = shape;
  const sideInputs = stream === 'sine' ? 1 : 2;
  const halfSpaces = drawGlnHalfSpaces({ sideInputs, layerSizes, contextBits, offsetDeviation: offsets }, draws);
  const options = { stepSize, ...(signal ? { signal } : {}) };
  const outcome: { scores: number[]; variances: number[] } = { scores: [], variances: [] };
  if (stream === 'sine') {
    const network = createGaussianGln({ inputs: 1, halfSpaces, biasMeans: [-2, 0, 2], varianceMin: 0.01 });
    const learner = gaussianLearner(network);
    const data = sineExamples(examples, rng.stream(stream));
    await learnOnline(learner, learner.init(), data, {
      ...options,
      onPrediction({ mean, variance }, i) {
        outcome.scores.push((mean - data[i].clean) ** 2);
        outcome.variances.push(variance);
      },
    });
    return outcome;
  }
  const learner = bernoulliLearner(createBernoulliGln({ inputs: 2, halfSpaces }));
  const data = (stream === 'spirals' ? spiralExamples : xorExamples)(examples, rng.stream(stream));
  await learnOnline(learner, learner.init(), data, {
    ...options,
    onPrediction: ({ probability }, i) => outcome.scores.push(Number(probability > 0.5 === (data[i].target === 1))),
  });
  return outcome;
}

function summary({ scores, variances }: Outcome, last: number) {
  const share = momentsOf(scores.slice(-last)).mean;
  const isSine = variances.length > 0;
  return {
    value: isSine ? Math.sqrt(share) : share,
    variance: isSine ? momentsOf(variances.slice(-last)).mean : undefined,
  };
}

function blocksOf({ scores, variances }: Outcome, { stream, kind }: Case, seed: number): Row[] {
  const size = Math.max(1, Math.floor(scores.length / BLOCKS));
  return Array.from({ length: Math.floor(scores.length / size) }, (_, b): Row => {
    const { mean } = momentsOf(scores.slice(b * size, (b + 1) * size));
    const value = variances.length > 0 ? Math.sqrt(mean) : mean;
    return {
      seen: ((b + 0.5) * size) / scores.length,
      seed,
      metric: stream,
      group: kind,
      source: kind,
      role: 'online',
      value,
      stderr: null,
    };
  });
}

function checksOf(
  shape: Case,
  found: readonly { value: number; variance: number | undefined }[],
  seeds: number,
): Check[] {
  const { stream, target, band, variance } = shape;
  const where = `${stream}, ${nameOf(shape)}`;
  const mean = { value: momentsOf(found.map(({ value }) => value)).mean };
  const allowed = band * Math.sqrt(1 / Math.min(seeds, 3) + 1 / 3) * Math.sqrt(3 / 2);
  const what = stream === 'sine' ? 'root mean square error' : 'share of right predictions';
  const first = near(`${what}, ${where}`, mean, target, allowed);
  if (variance === undefined) return [first];
  const predicted = { value: momentsOf(found.map((each) => each.variance ?? 0)).mean };
  return [first, near(`predicted variance, ${where}`, predicted, variance, 0.35 * variance)];
}

function draw(rows: readonly Row[], context: ReproductionContext) {
  const means = meansBy(rows, ['metric', 'group', 'seen']);
  const kinds: readonly Kind[] = ['no contexts', 'fewer', 'most'];
  return sweepFigure(createTable(kinds.flatMap((kind) => means.filter(({ group }) => group === kind))), {
    title: TITLE,
    subtitle:
      'One pass over 600, 4000 and 4000 examples, predictions before learning · means over draws of half-spaces and examples',
    x: { column: 'seen', label: 'share of the stream seen', unit: '', scale: 'linear' },
    frames: [
      {
        metric: 'exclusive or',
        title: 'Exclusive or',
        note: '[8, 1], B = 2',
        label: 'share of right predictions',
        unit: '',
      },
      {
        metric: 'spirals',
        title: 'Two spirals',
        note: '[100, 1], [40, 20, 1]',
        label: 'share of right predictions',
        unit: '',
      },
      { metric: 'sine', title: 'Noisy sine', note: '[16, 8, 1], B = 2, 4', label: 'root mean square error', unit: '' },
    ],
    groupBy: 'group',
    residuals: false,
    caption: 'No contexts: logistic, or linear, regression. Fewer, most: the networks named above each frame.',
    footer: footerOf(NAME, context),
    width: 1040,
  });
}
