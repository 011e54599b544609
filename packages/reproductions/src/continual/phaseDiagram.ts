import { createRandom, type Matrix, type Row } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import type { HeatMapOverlay } from '@ggdln/plot';
import { type MultiHeadSetting, multiHeadLimit, multiHeadShortcut, solveMultiHead } from '@ggdln/theory/continual';
import { between, type Check, near } from '../checks.ts';
import type { ReproductionContext } from '../reproduction.ts';
import { lineRow, pointRow, rootMeanSquare } from '../rows.ts';
import { estimate } from './common.ts';

/** Load of the curves against similarity. */
export const ALPHA = 3;
/** Rule similarities of curves and diagram. */
export const GAMMAS: readonly number[] = Array.from({ length: 21 }, (_, k) => k / 20);

/** Sizes of what is drawn of second heads. */
export interface MultiHeadSizes {
  /** Width of the sampled networks. */
  readonly width: number;
  readonly draws: number;
  readonly gammas: readonly number[];
  /** Width and draws of the phase diagram. */
  readonly wide: number;
  readonly layers: number;
  readonly alphas: readonly number[];
  /** Widths at which the shortcut’s overlap is compared with theory. */
  readonly widths: readonly number[];
  /** Widths at which what the first head forgets is. */
  readonly forgettingWidths: readonly number[];
  /** The same where task 2 has inputs of its own and weights are stiff: theory holds from wider networks on. */
  readonly apartWidths: readonly number[];
}

/** X2 = X1, σ² = 1, q1 = Q = α: u1 = 1, |w|² = α and ρ = γ. */
export const settingOf = (alpha: number, gamma: number): Omit<MultiHeadSetting, 'lambda'> => ({
  alpha,
  sigma2: 1,
  w2: alpha,
  rho: gamma,
  Q: alpha,
});

/** c² over γ and α from the shortcut and from theory, and where it crosses one half. */
export function phaseDiagram(
  { wide, layers, alphas }: MultiHeadSizes,
  { seed, linalg }: ReproductionContext,
): {
  readonly rows: readonly Row[];
  readonly excess: number;
  readonly sampled: Matrix;
  readonly theory: Matrix;
  readonly worst: number;
  readonly distance: number;
} {
  const [sampled, theory] = [matrix(alphas.length, GAMMAS.length), matrix(alphas.length, GAMMAS.length)];
  const rng = createRandom(seed).stream('phase diagram');
  const rows: Row[] = [];
  let worst = 0;
  alphas.forEach((alpha, a) => {
    const crossings: number[] = [];
    GAMMAS.forEach((gamma, g) => {
      theory.data[a * GAMMAS.length + g] = overlapAt(alpha, gamma);
    });
    for (let layer = 0; layer < layers; layer++) {
      const curve = GAMMAS.map((gamma, g) => {
        const setting = settingOf(alpha, gamma);
        const found = multiHeadShortcut(setting, wide, rng.stream(`${alpha}/${layer}`), linalg).cosSquared;
        sampled.data[a * GAMMAS.length + g] += found / layers;
        return found;
      });
      crossings.push(crossing(curve));
    }
    const { value, stderr } = estimate(crossings);
    worst = Math.max(worst, Math.abs(value - halfOverlap(alpha)));
    rows.push(pointRow({ alpha, level: 'c² = 0.5' }, 'gamma', value, stderr, 'exact-sampling'));
  });
  const dense = Array.from({ length: 30 }, (_, k) => 1.05 * (Math.max(...alphas) / 1.05) ** (k / 29));
  let excess = 0;
  for (const alpha of [...new Set([...alphas, ...dense])]) {
    const boundary = alpha ** -0.25;
    excess = Math.max(excess, Math.abs(multiHeadLimit(settingOf(alpha, boundary)).transitionExcess ?? 1));
    rows.push(lineRow({ alpha, level: 'boundary, c² → 0' }, 'gamma', boundary));
    rows.push(lineRow({ alpha, level: 'c² = 0.5' }, 'gamma', halfOverlap(alpha)));
  }
  return { rows, excess, sampled, theory, worst, distance: rootMeanSquare(sampled.data, theory.data) };
}

/** The boundary of theory over a matrix of c², with the names of rows, columns and phases. */
export function boundaryOver({ alphas }: MultiHeadSizes): {
  readonly names: readonly string[];
  readonly columnNames: readonly string[];
  readonly overlay: HeatMapOverlay;
} {
  const last = GAMMAS.length - 1;
  const column = (alpha: number) => last * alpha ** -0.25 + 0.5;
  return {
    names: alphas.map(String),
    columnNames: GAMMAS.map((gamma, g) => (g % (last / 4) === 0 ? String(gamma) : '')),
    overlay: {
      line: alphas.map((alpha, a) => [column(alpha), a + 0.5] as const),
      labels: [
        { at: [last - 0.5, alphas.length - 1.5], text: 'B' },
        { at: [last / 4, alphas.length / 2], text: 'C' },
      ],
    },
  };
}

/** c² as λ → ∞. At γ = 1 the heads are one, and theory has no unique root: taken just below. */
const overlapAt = (alpha: number, gamma: number): number =>
  solveMultiHead({ ...settingOf(alpha, Math.min(gamma, 0.9999)), lambda: 1e8 }).cosSquared;

const halfOverlap = (alpha: number): number => bisect((gamma) => overlapAt(alpha, gamma) - 0.5, alpha ** -0.25, 0.9999);

/** Where a rising curve over GAMMAS crosses one half, linearly between its points. */
function crossing(curve: readonly number[]): number {
  const g = Math.max(
    1,
    curve.findIndex((value) => value > 0.5),
  );
  const [low, high] = [curve[g - 1], curve[g]];
  return GAMMAS[g - 1] + ((0.5 - low) / (high - low)) * (GAMMAS[g] - GAMMAS[g - 1]);
}

function bisect(f: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let k = 0; k < 50; k++) {
    const middle = (low + high) / 2;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** c² of the shortcut on both sides of the transition, at several widths. */
export function finiteSizes(
  { widths, layers }: MultiHeadSizes,
  { seed, linalg }: ReproductionContext,
): { readonly rows: readonly Row[]; readonly checks: readonly Check[] } {
  const rng = createRandom(seed).stream('finite sizes');
  const rows: Row[] = [];
  const gaps: number[][] = [];
  let widest = { value: 0, stderr: 0, expected: 0 };
  for (const gamma of [0.6, 0.9]) {
    const group = `γ = ${gamma}`;
    const expected = solveMultiHead({ ...settingOf(ALPHA, gamma), lambda: 1e8 }).cosSquared;
    gaps.push(
      widths.map((width) => {
        const values = Array.from(
          { length: 4 * layers },
          (_, k) => multiHeadShortcut(settingOf(ALPHA, gamma), width, rng.stream(`${width}/${k}`), linalg).cosSquared,
        );
        const { value, stderr } = estimate(values);
        rows.push(pointRow({ width, group }, 'overlap', value, stderr, 'exact-sampling'));
        rows.push(lineRow({ width, group }, 'overlap', expected));
        widest = { value, stderr, expected };
        return Math.abs(value - expected);
      }),
    );
  }
  const [outside] = gaps;
  const shrinks = { value: outside[outside.length - 1] / outside[0] };
  return {
    rows,
    checks: [
      between('C (γ = 0.6): deviation at the largest width over that at the smallest', shrinks, 0, 0.6),
      near('B (γ = 0.9): overlap at the largest width', widest, widest.expected, 0.01),
    ],
  };
}
