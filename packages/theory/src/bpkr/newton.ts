import { type LinalgBackend, type Matrix, NotConvergedError } from '@ggdln/core';
import { columnVector, matrix, maxAbs, symmetrise } from '@ggdln/linalg';
import { logShrinkage } from './scalarSaddle.ts';
import { rotateSpectrum, type Spectrum } from './spectrum.ts';
import type { BpkrSetting } from './types.ts';

/** Residual of log G at which a search ends, and the one that it has to reach. */
const GOAL = 1e-12;
const REQUIRED = 1e-9;
const MAX_STEPS = 60;
/** Step of the central differences that make the Jacobian. */
const DIFFERENCE = 1e-5;

/** Where a search begins: log G in some basis. */
export interface Start {
  readonly basis: Matrix;
  readonly logG: Float64Array;
}

/** A point of the search: M = log G and the residual there. */
interface Point {
  readonly M: Matrix;
  /** Symmetric, C × C; its largest entry is `size`. */
  readonly residual: Matrix;
  readonly size: number;
  /** Eigenvectors and eigenvalues of G^{1/2}ΓG^{1/2}, which is ΓG at a solution. */
  readonly basis: Matrix;
  readonly dataTerm: Float64Array;
}

/** How a search ended. */
export type NewtonEnd =
  | { readonly converged: false; readonly error: NotConvergedError }
  | {
      readonly converged: true;
      readonly basis: Matrix;
      readonly logG: Float64Array;
      readonly dataTerm: Float64Array;
      readonly residual: number;
    };

/**
 * Solves M = 2L log σ + Σ_l log(I − H/N_l), H = G^{1/2}ΓG^{1/2}, G = e^M, by damped Newton steps. A solution M is a
 * function of H, so that M, G and Γ commute and equation (6) holds.
 */
export function newtonSearch(spectrum: Spectrum, setting: BpkrSetting, start: Start, linalg: LinalgBackend): NewtonEnd {
  const at = (M: Matrix) => pointAt(spectrum, setting, M, linalg);
  let point = feasiblePoint(at, start, linalg);
  for (let step = 0; step < MAX_STEPS && point.size > GOAL; step++) {
    const better = damped(at, point, newtonStep(at, point, linalg));
    if (!better) break;
    point = better;
  }
  const { M, basis, dataTerm, size } = point;
  if (size <= REQUIRED) {
    const rotated = linalg.gemm(linalg.gemm(basis, M, { transA: true }), basis);
    const logG = dataTerm.map((_, a) => rotated.data[a * rotated.cols + a]);
    return { converged: true, basis, logG, dataTerm, residual: size };
  }
  const error = new NotConvergedError(
    {
      where: '@ggdln/theory bpkr',
      problem: `the search for several outputs ended at a residual of ${size.toExponential(1)}`,
      remedy: `It should be below ${REQUIRED}: try a slightly different temperature, or solve the outputs one by one`,
    },
    { logG: M, residual: size },
  );
  return { converged: false, error };
}

/** The start, moved towards G = 0 until all U_l are positive definite. */
function feasiblePoint(at: (M: Matrix) => Point | undefined, { basis, logG }: Start, linalg: LinalgBackend): Point {
  for (let shift = 0; ; shift += 0.5) {
    const scaled = matrix(basis.rows, basis.cols);
    for (let i = 0; i < basis.data.length; i++) scaled.data[i] = basis.data[i] * (logG[i % basis.cols] - shift);
    const point = at(symmetrise(linalg.gemm(scaled, basis, { transB: true })));
    if (point) return point;
  }
}

/** `undefined` where some U_l would not be positive definite. */
function pointAt(spectrum: Spectrum, setting: BpkrSetting, M: Matrix, linalg: LinalgBackend): Point | undefined {
  const { widths, sigma, temperature } = setting;
  const { values: logG, vectors } = linalg.symmetricEigen(M);
  const H = dataTermMatrix(rotateSpectrum(spectrum, vectors, linalg), logG, temperature);
  const { values: dataTerm, vectors: turn } = linalg.symmetricEigen(H);
  if (dataTerm.some((value) => value >= Math.min(...widths))) return undefined;
  const basis = linalg.gemm(vectors, turn);
  const scaled = matrix(basis.rows, basis.cols);
  const target = dataTerm.map((h) => 2 * widths.length * Math.log(sigma) + logShrinkage(h, widths));
  for (let i = 0; i < basis.data.length; i++) scaled.data[i] = basis.data[i] * target[i % basis.cols];
  const goal = symmetrise(linalg.gemm(scaled, basis, { transB: true }));
  const residual = matrix(
    M.rows,
    M.cols,
    M.data.map((value, i) => value - goal.data[i]),
  );
  return { M, residual, size: maxAbs(residual), basis, dataTerm };
}

/** G^{1/2}ΓG^{1/2} in the eigenbasis of G. @param spectrum With its targets in that basis. */
function dataTermMatrix({ eigenvalues, c }: Spectrum, logG: Float64Array, temperature: number): Matrix {
  const C = c.cols;
  const H = matrix(C, C);
  const weighted = new Float64Array(C);
  for (let i = 0; i < eigenvalues.length; i++) {
    for (let a = 0; a < C; a++) {
      const signal = Math.exp(logG[a]) * eigenvalues[i];
      H.data[a * C + a] += 1 / (1 + temperature / signal);
      weighted[a] = (Math.sqrt(signal) * c.data[i * C + a]) / (signal + temperature);
    }
    for (let a = 0; a < C; a++) {
      for (let b = 0; b < C; b++) H.data[a * C + b] -= weighted[a] * weighted[b];
    }
  }
  return H;
}

/** −J⁻¹ R in the coordinates of symmetric matrices, J by central differences (one-sided at the border). */
function newtonStep(at: (M: Matrix) => Point | undefined, point: Point, linalg: LinalgBackend): Matrix {
  const C = point.M.rows;
  const pairs = Array.from({ length: C }, (_, a) => Array.from({ length: a + 1 }, (_, b) => [a, b] as const)).flat();
  const pack = (R: Matrix) => pairs.map(([a, b]) => R.data[a * C + b]);
  const J = matrix(pairs.length, pairs.length);
  for (const [k, [a, b]] of pairs.entries()) {
    const moved = (sign: number) => at(changed(point.M, a, b, sign * DIFFERENCE));
    const [up, down] = [moved(1) ?? point, moved(-1) ?? point];
    const distance = ((up === point ? 0 : 1) + (down === point ? 0 : 1)) * DIFFERENCE;
    const [above, below] = [pack(up.residual), pack(down.residual)];
    for (let i = 0; i < pairs.length; i++) J.data[i * pairs.length + k] = (above[i] - below[i]) / (distance || 1);
  }
  const solution = linalg.leastSquares(J, columnVector(pack(point.residual)));
  let step = matrix(C, C);
  for (const [k, [a, b]] of pairs.entries()) step = changed(step, a, b, -solution.data[k]);
  return step;
}

/** M with `value` added to entries (a, b) and (b, a). */
function changed(M: Matrix, a: number, b: number, value: number): Matrix {
  const out = matrix(M.rows, M.cols, M.data.slice());
  out.data[a * M.cols + b] += value;
  if (a !== b) out.data[b * M.cols + a] += value;
  return out;
}

/** The first of ever shorter steps that lowers the residual; `undefined` if none does. */
function damped(at: (M: Matrix) => Point | undefined, point: Point, step: Matrix): Point | undefined {
  for (let share = 1; share > 1e-6; share /= 2) {
    const next = at(
      matrix(
        step.rows,
        step.cols,
        point.M.data.map((value, i) => value + share * step.data[i]),
      ),
    );
    if (next && next.size < point.size) return next;
  }
  return undefined;
}
