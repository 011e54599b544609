import { inputError, type Matrix } from '@ggdln/core';
import { requireMatrix } from '@ggdln/linalg';
import { requireCount, requirePositive } from './checks.ts';
import { type IntegrateOptions, integrate } from './integrate.ts';

const where = '@ggdln/theory';

/** n pathways between the same modes, each of `depth` layers that start alike. */
export interface CompetingPathways {
  /** Correlation of each pathway's input with the target: (n). */
  readonly s: ArrayLike<number>;
  /** Overlap of the gates of two pathways, n × n: how much one explains of what the other sees. */
  readonly D: Matrix;
  /** Strengths at the first time, (n), at least 0. */
  readonly a0: ArrayLike<number>;
  /** Layers N of each pathway. */
  readonly depth: number;
  /** Time unit. Default 1. */
  readonly tau?: number;
}

/**
 * Strengths a_i of competing pathways, times × n: τ da_i/dt = N a_i^(2−2/N) (s_i − Σ_j D_ij a_j), solved in the weights
 * of the layers, a_i = b_i^N. Saxe, Sodhani and Lewallen 2022, arXiv:2207.10430.
 * @throws GGDLN_INPUT for shapes that don't fit, a negative start or a depth that isn't a whole number.
 */
export function competingPathways(
  { s, D, a0, depth, tau = 1 }: CompetingPathways,
  times: ArrayLike<number>,
  options: IntegrateOptions = {},
): Float64Array[] {
  const at = `${where} competingPathways`;
  requireCount(at, { depth });
  requirePositive(at, { tau });
  requireMatrix(at, 'D', D, { rows: s.length, cols: s.length });
  if (a0.length !== s.length) throw inputError(at, `a0 has ${a0.length} strengths`, `Give ${s.length}, as many as s`);
  const negative = Array.from(a0).findIndex((a) => !(a >= 0));
  if (negative >= 0) throw inputError(at, `a0[${negative}] is ${a0[negative]}`, 'Strengths start at 0 or above');
  const strength = new Float64Array(s.length);
  const layers = integrate(
    (_, b, out) => {
      for (let i = 0; i < b.length; i++) strength[i] = b[i] ** depth;
      for (let i = 0; i < b.length; i++) {
        let error = s[i];
        for (let j = 0; j < b.length; j++) error -= D.data[i * b.length + j] * strength[j];
        out[i] = (b[i] ** (depth - 1) * error) / tau;
      }
    },
    Array.from(a0, (a) => a ** (1 / depth)),
    times,
    options,
  );
  return layers.map((b) => b.map((layer) => layer ** depth));
}

/**
 * Time at which a pathway leaves a small start a0: ln(s/(d a0))/(2s) for two layers, a0^−(1−2/N)/((N−2)s) for more
 * (leading order), in units of τ. A smaller start makes any head start in s count for more.
 * @throws GGDLN_INPUT unless s, d, a0 are above 0 and depth is a whole number ≥ 2.
 */
export function escapeTime(pathway: {
  readonly s: number;
  readonly d?: number;
  readonly a0: number;
  readonly depth: number;
}): number {
  const { s, d = 1, a0, depth } = pathway;
  requirePositive(`${where} escapeTime`, { s, d, a0 });
  requireCount(`${where} escapeTime`, { depth }, 2);
  return depth === 2 ? Math.log(s / (d * a0)) / (2 * s) : a0 ** (2 / depth - 1) / ((depth - 2) * s);
}
