import { createTable, type Row, type RunContext, type StudyResult, type StudySnapshot } from '@ggdln/core';
import { sampleSecondHead } from '@ggdln/learning';
import { matrix } from '@ggdln/linalg';
import { multiHeadPredictor, solveMultiHead } from '@ggdln/theory/continual';
import { diagnostic, type Estimate, estimate, simulatedRow, theoryRow } from '../rows.ts';
import { createWatch, snapshotAt } from '../watch.ts';
import { sameInputs } from './sameInputs.ts';

/** What the second head learns. */
export interface TwoHeadsOptions {
  /** α = P/N. */
  readonly load: number;
  /** N of the sampled networks. */
  readonly width: number;
  /** Stiffness of the hidden weights. */
  readonly lambdas: readonly number[];
  /** Rule similarities at which heads are sampled. */
  readonly gammas: readonly number[];
  /** Draws of data and of the first task's weights for each. */
  readonly draws: number;
  /** Settled trajectories a head. */
  readonly samples: number;
}

const where = '@ggdln/studies two-heads';
const SAMPLED = { source: 'heads by HMC', role: 'exact-sampling' } as const;
const TESTS = 100;
const METRICS = ['overlap', 'size', 'test error', 'forgetting'] as const;
/** Metrics whose theory is that of each draw's own data. */
const OF_DATA = ['test error', 'forgetting'] as const;
type Metric = (typeof METRICS)[number];

/** One sampled head and, of the same data, the theory. */
interface Head {
  readonly gamma: number;
  readonly lambda: number;
  readonly found: Readonly<Record<Metric, number>>;
  readonly expected: Readonly<Record<(typeof OF_DATA)[number], number>>;
}

/**
 * A second head on the inputs of the first: its size, overlap and test error, and what the first head forgets, against rule
 * similarity; saddle and heads of finite width, sampled by Hamiltonian Monte Carlo of their posterior (asymptotically
 * exact). One step is one sampled head.
 * Source: Shan, Li, Sompolinsky, arXiv:2407.10315; theory page continual, sections 6 and 8.
 * @throws GGDLN_CANCELLED; NotConvergedError where the saddle has no solution.
 */
export async function* twoHeadsStudy(
  options: TwoHeadsOptions,
  context: RunContext,
): AsyncGenerator<StudySnapshot, StudyResult, void> {
  const watch = createWatch(context, where);
  const lines = saddleRows(options);
  const heads: Head[] = [];
  // All similarities of a draw first, so that every point has its bar early.
  const jobs = Array.from({ length: options.draws }, (_, draw) =>
    options.gammas.flatMap((gamma) => options.lambdas.map((lambda) => ({ draw, gamma, lambda }))),
  ).flat();
  const at = (step: number, stage: string) => ({ step, total: jobs.length, stage, unit: 'heads' });
  yield snapshotAt(at(0, 'theory'), resultOf(lines, heads, options));
  for (const [done, job] of jobs.entries()) {
    heads.push(await headOf(job, options, context));
    const here = at(done + 1, 'second heads');
    if ((await watch.after(here)) && done + 1 < jobs.length) yield snapshotAt(here, resultOf(lines, heads, options));
  }
  return resultOf(lines, heads, options);
}

/** The same inputs, σ² = 1 and rules with zᵀz = P: u1 = 1, |w|² = α, ρ = γ and Q = α (theory page continual, section 6). */
function settingOf(load: number, gamma: number, lambda: number) {
  return { alpha: load, sigma2: 1, lambda, w2: load, rho: gamma, Q: load };
}

function saddleRows({ load, lambdas, gammas }: TwoHeadsOptions): Row[] {
  const dense = Array.from({ length: 40 }, (_, k) => 0.05 + (k * 0.94) / 39);
  const places = [...new Set([...dense, ...gammas])].sort((a, b) => a - b);
  return lambdas.flatMap((lambda) =>
    places.flatMap((gamma) => {
      const { u, cosSquared } = solveMultiHead(settingOf(load, gamma, lambda));
      const place = { gamma, lambda: nameOf(lambda) };
      return [theoryRow(place, 'overlap', cosSquared), theoryRow(place, 'size', u)];
    }),
  );
}

const nameOf = (lambda: number): string => `λ = ${lambda}`;

async function headOf(
  { draw, gamma, lambda }: { readonly draw: number; readonly gamma: number; readonly lambda: number },
  { load, width, samples }: TwoHeadsOptions,
  { rng, linalg, signal }: RunContext,
): Promise<Head> {
  const examples = Math.round(load * width);
  const sizes = { examples, features: Math.round(1.5 * examples), tests: TESTS };
  const data = sameInputs(gamma, sizes, rng.stream('data').stream(draw), linalg);
  const problem = { ...data, width, sigma2: 1, lambda };
  const stream = rng.stream('heads').stream(`${lambda}/${gamma}/${draw}`);
  const options = { rng: stream, linalg, samples, ...(signal ? { signal } : {}) };
  const { u, cosSquared, testError, forgetting } = await sampleSecondHead(problem, options);
  const theory = await multiHeadPredictor(problem, data.test.X, { linalg });
  const misses = theory.mean.map((f, i) => (f - data.test.y[i]) ** 2 + theory.variance[i]);
  return {
    gamma,
    lambda,
    found: { overlap: cosSquared, size: u, 'test error': testError, forgetting },
    expected: { 'test error': estimate(Array.from(misses)).value, forgetting: theory.forgetting },
  };
}

function resultOf(lines: readonly Row[], heads: readonly Head[], options: TwoHeadsOptions): StudyResult {
  const { load, lambdas, gammas } = options;
  const rows = lambdas.flatMap((lambda) =>
    gammas.flatMap((gamma): Row[] => {
      const own = heads.filter((head) => head.gamma === gamma && head.lambda === lambda);
      if (own.length === 0) return [];
      const place = { gamma, lambda: nameOf(lambda) };
      return [
        ...OF_DATA.map((metric) =>
          theoryRow(place, metric, estimate(own.map(({ expected }) => expected[metric])).value),
        ),
        ...METRICS.map((metric) =>
          simulatedRow(place, metric, estimate(own.map(({ found }) => found[metric])), SAMPLED),
        ),
      ];
    }),
  );
  return {
    table: createTable([...lines, ...rows]),
    arrays: { 'phase diagram': phases() },
    diagnostics: diagnosticsOf(load, lambdas),
  };
}

/** α and the critical similarity α^(−1/4) of the boundary between reuse (above) and interference (below). */
function phases() {
  const loads = Array.from({ length: 40 }, (_, k) => 1.05 * (8 / 1.05) ** (k / 39));
  const out = matrix(loads.length, 2);
  loads.forEach((load, k) => {
    out.data.set([load, load ** -0.25], 2 * k);
  });
  return out;
}

function diagnosticsOf(load: number, lambdas: readonly number[]): StudyResult['diagnostics'] {
  const critical = load > 1 ? load ** -0.25 : 0;
  const found: [string, Estimate][] = [];
  if (load > 1) found.push(['critical similarity α^(−1/4)', { value: critical, stderr: null }]);
  const [low, high] = [Math.min(...lambdas), Math.max(...lambdas)];
  if (high > low && load > 1) {
    const slope = (gamma: number) => {
      const [a, b] = [low, high].map((lambda) => solveMultiHead(settingOf(load, gamma, lambda)).u);
      return Math.log(b / a) / Math.log(high / low);
    };
    found.push(['d ln u/d ln λ at half the critical similarity', { value: slope(critical / 2), stderr: null }]);
    found.push(['d ln u/d ln λ halfway above it', { value: slope((1 + critical) / 2), stderr: null }]);
  }
  return Object.fromEntries(found.map(([name, value]) => [name, diagnostic(value)]));
}
