import { createRandom, type Matrix, type Row } from '@ggdln/core';
import { type SecondHeadSample, sampleSecondHead } from '@ggdln/learning';
import { add, matrix } from '@ggdln/linalg';
import { type SameInputs, sameInputs } from '@ggdln/studies';
import { type MultiHeadPrediction, multiHeadPredictor } from '@ggdln/theory/continual';
import { between, type Check, near } from '../checks.ts';
import type { ReproductionContext } from '../reproduction.ts';
import { pointRow } from '../rows.ts';
import { estimate } from './common.ts';
import { ALPHA, type MultiHeadSizes } from './phaseDiagram.ts';
import { type AtWidth, extrapolated } from './widths.ts';

/** Two tasks on the same inputs whose rules have exactly the cosine γ; test targets are those of task 2's least rule. */
function drawTasks(
  gamma: number,
  width: number,
  { seed, linalg }: ReproductionContext,
  draw: number | string,
): SameInputs {
  const rng = createRandom(seed).stream('same inputs').stream(draw);
  return sameInputs(gamma, sizesAt(width), rng, linalg);
}

const sizesAt = (width: number) => ({ examples: ALPHA * width, features: Math.round(1.5 * ALPHA * width), tests: 100 });

/** Two tasks on Gaussian inputs of their own, whose linear teachers have the cosine γ in the mean. */
function drawOtherInputs(
  gamma: number,
  width: number,
  { seed, linalg }: ReproductionContext,
  draw: number | string,
): SameInputs {
  const rng = createRandom(seed).stream('other inputs').stream(draw);
  const { examples, features, tests } = sizesAt(width);
  const gaussian = (name: string, rows: number, cols: number) =>
    matrix(rows, cols, rng.stream(name).fillGaussian(new Float64Array(rows * cols)));
  const [one, other] = [gaussian('teacher 1', features, 1), gaussian('teacher 2', features, 1)];
  const two = add(one, other, gamma, Math.sqrt(1 - gamma * gamma));
  const task = (name: string, rows: number, teacher: Matrix) => {
    const X = gaussian(name, rows, features);
    return { X, y: linalg.gemm(X, teacher, { alpha: 1 / Math.sqrt(features) }).data };
  };
  return { tasks: [task('X1', examples, one), task('X2', examples, two)], test: task('test', tests, two) };
}

/** A sampled second head, and theory on the same data. */
interface HeadBesideTheory {
  readonly sample: SecondHeadSample;
  readonly theory: MultiHeadPrediction;
  /** Expected mean squared error on held-out inputs of task 2. */
  readonly testError: number;
}

/** Which pair of tasks, and how stiff the hidden weights are. */
interface HeadPlace {
  readonly gamma: number;
  readonly lambda: number;
  /** Default: the inputs of task 1 again. */
  readonly inputs?: 'same' | 'other';
}

/** A second head of finite width, and theory on the same data. */
export async function headBesideTheory(
  {
    gamma,
    lambda,
    inputs = 'same',
    width,
    draw,
  }: HeadPlace & { readonly width: number; readonly draw: number | string },
  context: ReproductionContext,
): Promise<HeadBesideTheory> {
  const data = (inputs === 'same' ? drawTasks : drawOtherInputs)(gamma, width, context, draw);
  const problem = { ...data, width, sigma2: 1, lambda };
  const rng = createRandom(context.seed).stream('second heads').stream(`${lambda}/${gamma}/${draw}`);
  const { linalg, signal } = context;
  const sample = await sampleSecondHead(problem, { rng, linalg, samples: 150, ...(signal ? { signal } : {}) });
  const theory = await multiHeadPredictor(problem, problem.test.X, context);
  const misses = theory.mean.map((f, i) => (f - problem.test.y[i]) ** 2 + theory.variance[i]);
  return { sample, theory, testError: misses.reduce((sum, miss) => sum + miss, 0) / misses.length };
}

/**
 * In C and for N ≪ λ^(3/2) levels at the edge of the spectrum are farther apart, N^(−2/3), than ζ is from it, 1/λ: there −φ0′ is
 * about N^(1/3) in place of √λ, and the relative variance of what the overlap depends on is N^(1/3)/N.
 */
const EDGE = 2 / 3;

/** Where widths are compared: in B, where the first head forgets most, and in C, where finite networks forget more. */
const [REUSED, LOST, APART] = [
  { gamma: 0.9, lambda: 10 },
  { gamma: 0.5, lambda: 100 },
  { gamma: 0.9, lambda: 1000, inputs: 'other' },
] as const satisfies readonly HeadPlace[];

interface Ratios {
  /** Forgetting of the first head over that of theory. */
  readonly forgetting: readonly AtWidth[];
  /** Its mean change along theory's, over theory's. */
  readonly change: readonly AtWidth[];
  /** Mean over draws. */
  readonly crossoverWidth: number;
}

/** Sampled over theory at several widths, the more draws the narrower. */
async function ratiosAt(
  place: HeadPlace,
  widths: readonly number[],
  draws: number,
  context: ReproductionContext,
): Promise<Ratios> {
  const [forgetting, change]: AtWidth[][] = [[], []];
  const crossovers: number[] = [];
  const widest = widths[widths.length - 1];
  for (const width of widths) {
    const [forgotten, changed]: number[][] = [[], []];
    for (let k = 0; k < Math.round(draws * Math.sqrt(widest / width)); k++) {
      const { sample, theory } = await headBesideTheory({ ...place, width, draw: `${width}/${k}` }, context);
      forgotten.push(sample.forgetting / theory.forgetting);
      changed.push(shareOf(sample.firstHeadChange, theory.firstHeadChange));
      crossovers.push(theory.saddle.crossoverWidth);
    }
    forgetting.push({ width, ...estimate(forgotten) });
    change.push({ width, ...estimate(changed) });
  }
  return { forgetting, change, crossoverWidth: estimate(crossovers).value };
}

/** Forgetting of the first head, and its mean change along theory's, over what theory says, at several widths. */
export async function firstHeadWidths(
  { forgettingWidths, apartWidths, draws }: MultiHeadSizes,
  context: ReproductionContext,
): Promise<{ readonly rows: readonly Row[]; readonly checks: readonly Check[] }> {
  const reused = await ratiosAt(REUSED, forgettingWidths, 4 * draws, context);
  const lost = await ratiosAt(LOST, forgettingWidths, 4 * draws, context);
  const apart = await ratiosAt(APART, apartWidths, 4 * draws, context);
  const rowsOf = (group: string, found: readonly AtWidth[]) =>
    found.map(({ width, value, stderr }) => pointRow({ width, group }, 'ratio', value, stderr, 'exact-sampling'));
  return {
    rows: [
      // One line for all.
      { width: null, group: null, source: 'theory', role: 'infinite-width', metric: 'ratio', value: 1, stderr: null },
      ...rowsOf('B, λ = 10', reused.forgetting),
      ...rowsOf('B, λ = 10: mean change', reused.change),
      ...rowsOf('C, λ = 100', lost.forgetting),
      ...rowsOf('C, other inputs, λ = 1000', apart.forgetting),
    ],
    checks: [
      near('B: forgetting of task 1 over theory as N → ∞, by 1/N', extrapolated(reused.forgetting), 1, 0),
      near(
        'B: forgetting of task 1 over theory at the largest width, finite width of theory',
        reused.forgetting[forgettingWidths.length - 1],
        1,
        reused.crossoverWidth / forgettingWidths[forgettingWidths.length - 1],
      ),
      near('C: forgetting of task 1 over theory as N → ∞, by N^(−2/3)', extrapolated(lost.forgetting, EDGE), 1, 0),
      near('C, other inputs: the same', extrapolated(apart.forgetting, EDGE), 1, 0),
      between(
        'C, other inputs: (forgetting over theory − 1) at the largest width over that at the smallest',
        shrinkage(apart.forgetting),
        Number.NEGATIVE_INFINITY,
        0.75,
      ),
    ],
  };
}

/** Of value − 1, from the first width to the last. */
function shrinkage(points: readonly AtWidth[]): { readonly value: number; readonly stderr: number } {
  const [first, last] = [points[0], points[points.length - 1]];
  const value = (last.value - 1) / (first.value - 1);
  return { value, stderr: Math.hypot(last.stderr, value * first.stderr) / Math.abs(first.value - 1) };
}

/** a·b/|b|²: 1 where a is b, up to what is orthogonal to b. */
function shareOf(a: Float64Array, b: Float64Array): number {
  let [along, size] = [0, 0];
  b.forEach((value, i) => {
    along += value * a[i];
    size += value * value;
  });
  return along / size;
}
