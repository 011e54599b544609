import { createRandom, type Row } from '@ggdln/core';
import { type SecondHeadSample, sampleSecondHead } from '@ggdln/learning';
import { type SameInputs, sameInputs } from '@ggdln/studies';
import { type MultiHeadPrediction, multiHeadPredictor } from '@ggdln/theory/continual';
import { between, type Check, near } from '../checks.ts';
import type { ReproductionContext } from '../reproduction.ts';
import { lineRow, pointRow } from '../rows.ts';
import { estimate } from './common.ts';
import { ALPHA, type MultiHeadSizes } from './phaseDiagram.ts';

/** Two tasks on the same inputs whose rules have exactly the cosine γ; test targets are those of task 2's least rule. */
function drawTasks(
  gamma: number,
  width: number,
  { seed, linalg }: ReproductionContext,
  draw: number | string,
): SameInputs {
  const examples = ALPHA * width;
  const sizes = { examples, features: Math.round(1.5 * examples), tests: 100 };
  return sameInputs(gamma, sizes, createRandom(seed).stream('same inputs').stream(draw), linalg);
}

/** A sampled second head, and theory on the same data. */
interface HeadBesideTheory {
  readonly sample: SecondHeadSample;
  readonly theory: MultiHeadPrediction;
  /** Expected mean squared error on held-out inputs of task 2. */
  readonly testError: number;
}

/** A second head of finite width, and theory on the same data. */
export async function headBesideTheory(
  { gamma, lambda, width, draw }: { gamma: number; lambda: number; width: number; draw: number | string },
  context: ReproductionContext,
): Promise<HeadBesideTheory> {
  const problem = { ...drawTasks(gamma, width, context, draw), width, sigma2: 1, lambda };
  const rng = createRandom(context.seed).stream('second heads').stream(`${lambda}/${gamma}/${draw}`);
  const sample = sampleSecondHead(problem, { rng, linalg: context.linalg, samples: 150 });
  const theory = await multiHeadPredictor(problem, problem.test.X, context);
  const misses = theory.mean.map((f, i) => (f - problem.test.y[i]) ** 2 + theory.variance[i]);
  return { sample, theory, testError: misses.reduce((sum, miss) => sum + miss, 0) / misses.length };
}

/** Where widths are compared: in B, where the first head forgets most, and in C, where finite networks forget more. */
const PLACES = [
  { gamma: 0.9, lambda: 10 },
  { gamma: 0.5, lambda: 100 },
] as const;

/** Forgetting of the first head, and its mean change along theory's, over what theory says, at several widths. */
export async function firstHeadWidths(
  { forgettingWidths, draws }: MultiHeadSizes,
  context: ReproductionContext,
): Promise<{ readonly rows: readonly Row[]; readonly checks: readonly Check[] }> {
  const rows: Row[] = [];
  const found: { readonly value: number; readonly stderr: number }[][] = [];
  for (const place of PLACES) {
    const name = `γ = ${place.gamma}, λ = ${place.lambda}`;
    const own: { readonly value: number; readonly stderr: number }[] = [];
    for (const width of forgettingWidths) {
      const [forgetting, change]: number[][] = [[], []];
      for (let k = 0; k < 4 * draws; k++) {
        const { sample, theory } = await headBesideTheory({ ...place, width, draw: `${width}/${k}` }, context);
        forgetting.push(sample.forgetting / theory.forgetting);
        change.push(shareOf(sample.firstHeadChange, theory.firstHeadChange));
      }
      const record = (group: string, { value, stderr }: ReturnType<typeof estimate>) => {
        rows.push(lineRow({ width, group }, 'ratio', 1));
        rows.push(pointRow({ width, group }, 'ratio', value, stderr, 'exact-sampling'));
      };
      record(`${name}: squared error`, estimate(forgetting));
      if (place === PLACES[0]) record(`${name}: mean change`, estimate(change));
      own.push(estimate(forgetting));
    }
    found.push(own);
  }
  const [reused, lost] = found;
  const last = lost.length - 1;
  const shrinks = { value: (lost[last].value - 1) / (lost[0].value - 1) };
  return {
    rows,
    checks: [
      near('B: forgetting of task 1 over theory at the largest width', reused[last], 1, 0.02),
      between('C: deviation of forgetting at the largest width over that at the smallest', shrinks, -0.6, 0.6),
    ],
  };
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
