import {
  createPacer,
  defineLearner,
  type Incompatibility,
  integer,
  type Learner,
  type LearnerResult,
  type LearnerSnapshot,
  type Matrix,
  type Parameters,
  type Plugin,
  type Problem,
  type RandomStream,
  type RunContext,
  throwIfCancelled,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';

const NAME = 'ggdln-plugin-template';
const BATCHES = 20;

interface SliceOptions {
  readonly sweeps: number;
  readonly burnIn: number;
}

/** `undefined` for what it can sample; otherwise what is wrong and what would do. It is asked before anything runs. */
function supports({ temperature }: { readonly temperature: number }): Incompatibility | undefined {
  if (temperature > 0) return undefined;
  return { reason: 'at T = 0 there is nothing to sample', remedy: 'Give T > 0' };
}

/**
 * Elliptical slice sampling of the posterior exp(−E/T − |θ|²/2σ²), E = ½ Σ (f − y)²: exact for any network with a
 * Gaussian prior, without step sizes, and slow where the data say much. It only needs `architecture.predict`.
 */
async function* sample(
  problem: Problem,
  { sweeps, burnIn }: SliceOptions,
  { rng, linalg, signal, onProgress }: RunContext,
): AsyncGenerator<LearnerSnapshot, LearnerResult, void> {
  const { train, test, architecture, temperature } = problem;
  const dimensions = { inputs: train.X.cols, gates: train.gates.map(({ cols }) => cols), outputs: train.Y.cols };
  const shapes = Object.entries(architecture.shapes(dimensions));
  const draw = (): Parameters =>
    Object.fromEntries(
      shapes.map(([name, shape]) => {
        const size = shape.reduce((product, count) => product * count, 1);
        return [name, rng.fillGaussian(new Float64Array(size), architecture.sigma)];
      }),
    );
  const energy = (weights: Parameters) => {
    const f = architecture.predict(weights, train, linalg).data;
    return 0.5 * f.reduce((sum, value, i) => sum + (value - train.Y.data[i]) ** 2, 0);
  };
  const moments = createMoments(test.Y.rows * test.Y.cols);
  const pause = createPacer();
  const total = burnIn + sweeps;
  let weights = draw();
  for (let step = 1; step <= total; step++) {
    throwIfCancelled(signal, NAME);
    await pause(); // lets Ctrl-C and progress through
    weights = sliceStep(weights, draw(), (candidate) => -energy(candidate) / temperature, rng);
    if (step > burnIn) {
      const batch = Math.floor(((step - burnIn - 1) * BATCHES) / sweeps);
      moments.add(batch, architecture.predict(weights, test, linalg).data);
    }
    onProgress?.({ stage: 'sampling', done: step, total, unit: 'sweeps' });
    yield { step, total, scalars: { trainError: (2 * energy(weights)) / train.Y.data.length } };
  }
  const predictor = moments.result(test.Y);
  return { predictor, orderParameters: {}, diagnostics: { sweeps: { value: sweeps } }, parameters: [weights] };
}

/** A point of the ellipse through `weights` and `other` whose likelihood is above a random level (Murray et al. 2010). */
function sliceStep(
  weights: Parameters,
  other: Parameters,
  logLikelihood: (weights: Parameters) => number,
  rng: RandomStream,
): Parameters {
  const level = logLikelihood(weights) + Math.log(1 - rng.uniform());
  let angle = 2 * Math.PI * rng.uniform();
  let [low, high] = [angle - 2 * Math.PI, angle];
  for (;;) {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const candidate = Object.fromEntries(
      Object.entries(weights).map(([name, values]) => [name, values.map((w, i) => cos * w + sin * other[name][i])]),
    );
    // The bracket shrinks towards the weights themselves, which are above the level.
    if (logLikelihood(candidate) > level || high - low < 1e-12) return candidate;
    if (angle < 0) low = angle;
    else high = angle;
    angle = low + (high - low) * rng.uniform();
  }
}

/** Means of f and f² over batches of consecutive samples; error bars come from how the batches differ. */
function createMoments(outputs: number) {
  const [mean, square] = [matrix(BATCHES, outputs), matrix(BATCHES, outputs)];
  const counts = new Float64Array(BATCHES);
  const over = (values: Matrix, output: number) =>
    Array.from({ length: BATCHES }, (_, batch) => values.data[batch * outputs + output] / counts[batch]);
  const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    add(batch: number, f: Float64Array) {
      counts[batch] += 1;
      f.forEach((value, i) => {
        mean.data[batch * outputs + i] += value;
        square.data[batch * outputs + i] += value * value;
      });
    },
    result({ rows, cols }: Matrix): LearnerResult['predictor'] {
      const of = (f: (means: readonly number[], squares: readonly number[]) => number) =>
        matrix(
          rows,
          cols,
          Float64Array.from({ length: outputs }, (_, i) => f(over(mean, i), over(square, i))),
        );
      const normalised = (values: Matrix) =>
        matrix(
          BATCHES,
          outputs,
          values.data.map((value, at) => value / counts[Math.floor(at / outputs)]),
        );
      return {
        mean: {
          value: of((means) => average(means)),
          stderr: of((means) => {
            const centre = average(means);
            return Math.sqrt(average(means.map((value) => (value - centre) ** 2)) / (BATCHES - 1));
          }),
        },
        variance: { value: of((means, squares) => Math.max(0, average(squares) - average(means) ** 2)) },
        batches: { mean: normalised(mean), square: normalised(square) },
      };
    },
  };
}

function create(options: SliceOptions): Learner {
  return { run: (problem, context) => sample(problem, options, context) };
}

export const plugin: Plugin = {
  name: NAME,
  contract: '1.0.0',
  learner: {
    'template-entry': defineLearner({
      title: 'Template title',
      summary: 'Elliptical slice sampling: exact for any network with a Gaussian prior, no step size to choose.',
      references: ['Murray, Adams & MacKay 2010, arXiv:1001.0175'],
      options: {
        sweeps: integer({ title: 'Sweeps', min: BATCHES, max: 10_000_000, default: 400, help: 'Samples that count.' }),
        burnIn: integer({ title: 'Burn-in', min: 0, max: 10_000_000, default: 100, help: 'Samples before them.' }),
      },
      role: 'exact-sampling',
      supports,
      create,
    }),
  },
};
