import type { LinalgBackend, Matrix } from '@ggdln/core';
import { add, identity, inner, symmetrise } from '@ggdln/linalg';
import { inverseCurvature } from './curvature.ts';
import type { Evaluation, State } from './evaluate.ts';
import type { PreparedGgdln } from './prepare.ts';
import { type Secant, secantsKept } from './secants.ts';
import type { Proposals } from './stepProposals.ts';
import type { GgdlnSetting } from './types.ts';

/** Longest step in the logarithm of U (Frobenius norm), to begin with. */
const LONGEST_STEP = 3;
/** A refused step shortens the longest one to this times its length; each accepted step doubles it. */
const SHORTER = 0.4;
/** Least cosine between a step and the change of gradient along it for its curvature to be used. */
const LEAST_CURVATURE = 1e-5;

/** U = exp(S) by eigenvectors, with the gradient of (2/N) S(U) in log U. */
interface LogPoint {
  readonly state: State;
  readonly logarithm: Matrix;
  readonly values: Float64Array;
  readonly vectors: Matrix;
}

/**
 * Limited-memory BFGS in log U for one hidden layer (Nocedal, Math. Comp. 35, 773 (1980)), on top of a model of the
 * curvature (`inverseCurvature`). It takes half of the evaluations of the fixed point with Anderson mixing.
 * @param secants Where the curvature is kept; those of a neighbouring width serve well.
 */
export function createQuasiNewton(
  { linalg, inputs, y }: PreparedGgdln,
  { sigma, widths: [width] }: Pick<GgdlnSetting, 'sigma' | 'widths'>,
  secants: Secant[],
): Proposals {
  const usable = secants.map((secant) => curvatureAt(width, secant)).filter(isUsable);
  let proposed: LogPoint | undefined;
  let last: { logarithm: Matrix; prior: Matrix; data: Matrix } | undefined;
  let longest = LONGEST_STEP;
  let length = 0;
  return {
    next: (evaluation: Evaluation) => {
      const { state, data } = evaluation;
      if (proposed?.state === state) longest = Math.max(longest, Math.min(LONGEST_STEP, 2 * length));
      const point = proposed?.state === state ? proposed : logarithmOf(state, linalg);
      const prior = add(state[0], identity(data.A.rows), sigma ** -2, -1);
      const pulled = logGradient(point, add(data.A, data.B, width, -width), linalg);
      const gradient = add(prior, pulled, 1, 1 / width);
      if (last) {
        const secant = {
          step: add(point.logarithm, last.logarithm, 1, -1),
          prior: add(prior, last.prior, 1, -1),
          data: add(pulled, last.data, 1, -1),
        };
        remember(secants, usable, secant, width, secantsKept(y.length, secant.step.rows));
      }
      last = { logarithm: point.logarithm, prior, data: pulled };
      const root = fromSpectrum(
        point.values.map((value) => Math.exp(value / 2)),
        point.vectors,
        linalg,
      );
      const pull = symmetrise(linalg.gemm(root, linalg.gemm(data.B, root)));
      const share = Math.min(1, data.effectiveDof / (inputs * pull.rows));
      const ease = inverseCurvature(pull, share, linalg);
      const newton = newtonStep(gradient, usable, ease);
      const step = inner(newton, gradient) < 0 ? newton : newtonStep(gradient, [], ease);
      length = Math.sqrt(inner(step, step));
      const factor = Math.min(1, longest / length);
      length *= factor;
      proposed = exponentialOf(add(point.logarithm, step, 1, factor), linalg);
      return proposed.state;
    },
    refused: () => {
      longest = SHORTER * length;
    },
  };
}

/** A step, how the gradient changed along it at one width, and the inner product of both. */
interface Curvature {
  readonly step: Matrix;
  readonly change: Matrix;
  readonly slope: number;
}

function curvatureAt(width: number, { step, prior, data }: Secant): Curvature {
  const change = add(prior, data, 1, 1 / width);
  return { step, change, slope: inner(step, change) };
}

function isUsable({ step, change, slope }: Curvature): boolean {
  return slope > LEAST_CURVATURE * Math.sqrt(inner(step, step) * inner(change, change));
}

function remember(secants: Secant[], usable: Curvature[], secant: Secant, width: number, most: number): void {
  const curvature = curvatureAt(width, secant);
  if (!isUsable(curvature)) return;
  secants.push(secant);
  usable.push(curvature);
  if (secants.length > most) secants.shift();
  if (usable.length > most) usable.shift();
}

/** −H⁻¹g by the two loops. @param ease The inverse curvature before anything is remembered. */
function newtonStep(gradient: Matrix, secants: readonly Curvature[], ease: (E: Matrix) => Matrix): Matrix {
  const left = add(gradient, gradient, -1, 0);
  const weights: number[] = [];
  for (let k = secants.length - 1; k >= 0; k--) {
    const { step, change, slope } = secants[k];
    weights[k] = inner(step, left) / slope;
    addTo(left, change, -weights[k]);
  }
  const taken = ease(left);
  secants.forEach(({ step, change, slope }, k) => {
    addTo(taken, step, weights[k] - inner(change, taken) / slope);
  });
  return taken;
}

/** A ← A + factor · B. */
function addTo(a: Matrix, b: Matrix, factor: number): void {
  for (let i = 0; i < a.data.length; i++) a.data[i] += factor * b.data[i];
}

/** The gradient of tr(D U) in S = log U (Daleckii–Krein), with D held. */
function logGradient({ values, vectors }: LogPoint, D: Matrix, linalg: LinalgBackend): Matrix {
  const rotated = linalg.gemm(vectors, linalg.gemm(D, vectors), { transA: true });
  const size = values.length;
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) rotated.data[a * size + b] *= meanExponential(values[a], values[b]);
  }
  return symmetrise(linalg.gemm(vectors, linalg.gemm(rotated, vectors, { transB: true })));
}

/** (eᵃ − eᵇ)/(a − b), eᵃ at a = b. */
function meanExponential(a: number, b: number): number {
  const half = (a - b) / 2;
  return Math.exp((a + b) / 2) * (Math.abs(half) < 1e-5 ? 1 + (half * half) / 6 : Math.sinh(half) / half);
}

function logarithmOf(state: State, linalg: LinalgBackend): LogPoint {
  const { values: eigenvalues, vectors } = linalg.symmetricEigen(state[0]);
  const values = eigenvalues.map((value) => Math.log(Math.max(value, Number.MIN_VALUE)));
  return { state, values, vectors, logarithm: fromSpectrum(values, vectors, linalg) };
}

function exponentialOf(logarithm: Matrix, linalg: LinalgBackend): LogPoint {
  const { values, vectors } = linalg.symmetricEigen(logarithm);
  return { state: [fromSpectrum(values.map(Math.exp), vectors, linalg)], values, vectors, logarithm };
}

/** V diag(values) Vᵀ. */
function fromSpectrum(values: Float64Array, vectors: Matrix, linalg: LinalgBackend): Matrix {
  const scaled = vectors.data.map((value, at) => value * values[at % vectors.cols]);
  return symmetrise(linalg.gemm({ ...vectors, data: scaled }, vectors, { transB: true }));
}
