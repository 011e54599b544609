import { type Matrix, matrix } from '@ggdln/linalg';
import { squareNorms } from './recursion.ts';

/** Rounding of a cosine, two units in the last place below 1. */
const COSINE = 2 ** -52;
/** The angle that this opens between parallel inputs. */
const LARGEST_ANGLE = Math.sqrt(2 * COSINE);

/**
 * How far rounding carries each entry of a ReLU tangent kernel, in double precision (theory page bpkr, section 6). The
 * angle θ = arccos(·) between two inputs is known to 2e-16/θ only, and to 2e-8 where they are parallel; it enters
 * E[φ′φ′] = (π − θ)/2π of every layer. Between inputs that are not nearly parallel this is far below any tolerance.
 * @param kernel P × Q. @param layers Hidden layers. @param Xa The inputs of its rows, P × N0. @param Xb Q × N0.
 * @returns Absolute errors, P × Q.
 */
export function parallelRounding(kernel: Matrix, layers: number, Xa: Matrix, Xb: Matrix): Matrix {
  const out = matrix(kernel.rows, kernel.cols);
  const [a, b] = [directions(Xa), directions(Xb)];
  for (let i = 0, at = 0; i < kernel.rows; i++) {
    for (let j = 0; j < kernel.cols; j++, at++) {
      const angle = Math.min(LARGEST_ANGLE, COSINE / distance(a, i, b, j));
      out.data[at] = (Math.abs(kernel.data[at]) * layers * angle) / Math.PI;
    }
  }
  return out;
}

/** Every input over its norm; zero inputs stay. */
function directions(X: Matrix): Matrix {
  const norms = squareNorms(X);
  return matrix(
    X.rows,
    X.cols,
    X.data.map((value, at) => value / (Math.sqrt(X.cols * norms[Math.floor(at / X.cols)]) || 1)),
  );
}

/** For unit vectors, the angle where that is small. */
function distance(a: Matrix, i: number, b: Matrix, j: number): number {
  let sum = 0;
  for (let k = 0; k < a.cols; k++) sum += (a.data[i * a.cols + k] - b.data[j * b.cols + k]) ** 2;
  return Math.sqrt(sum);
}
