import { type Matrix, matrix, requireMatrix } from '@ggdln/linalg';

const where = '@ggdln/theory galuLimitKernels';

/** Cosines below it have an arc cosine to rounding; nearer to ±1 it loses digits. */
const PLAIN = 0.9;

/** Kernels of infinitely many neurons with standard normal gate vectors, each m1 × m2; θ is the angle of the inputs. */
export interface GaluLimitKernels {
  /** GaLU with s = 1/√k, α = ±1: x·x' (π − θ)/2π. */
  readonly galu: Matrix;
  /** E[g(x) g(x')] = (π − θ)/2π. */
  readonly gates: Matrix;
  /** Covariance Σ of the features of a ReLU network: ‖x‖‖x'‖ (sin θ + (π − θ) cos θ)/2π. */
  readonly reluFeatures: Matrix;
  /** Neural tangent kernel of that ReLU network with both layers trained: `galu` + `reluFeatures`. */
  readonly reluTangent: Matrix;
}

/**
 * Infinite-width kernels (theory page galu, section 2). The GaLU kernel is the part of the ReLU tangent kernel that is
 * due to the first layer. A zero vector has no angle, but its gates are all open (the boundary counts as open):
 * E[gg'] is 1/2 beside another vector, 1 beside a zero vector; the other kernels vanish there.
 * @param X1 Inputs, m1 × d. @param X2 Others, m2 × d; default X1.
 * @throws GGDLN_INPUT for different dimensions or numbers that aren't finite.
 */
export function galuLimitKernels(X1: Matrix, X2: Matrix = X1): GaluLimitKernels {
  requireMatrix(where, 'X1 (m1 × d)', X1);
  requireMatrix(where, 'X2 (m2 × d)', X2, { cols: X1.cols });
  const [first, second] = [directions(X1), directions(X2)];
  const make = () => matrix(X1.rows, X2.rows);
  const [galu, gates, reluFeatures, reluTangent] = [make(), make(), make(), make()];
  for (let i = 0, at = 0; i < X1.rows; i++) {
    for (let j = 0; j < X2.rows; j++, at++) {
      const norms = first.norms[i] * second.norms[j];
      const product = rowDot(X1, i, X2, j);
      const cosine = norms > 0 ? product / norms : 0;
      const isPlain = Math.abs(cosine) < PLAIN;
      const theta = isPlain ? Math.acos(cosine) : angle(first.unit, i, second.unit, j);
      const open = norms > 0 ? (Math.PI - theta) / (2 * Math.PI) : 1 / 2;
      gates.data[at] = first.norms[i] > 0 || second.norms[j] > 0 ? open : 1;
      galu.data[at] = product * open;
      reluFeatures.data[at] = (norms * Math.sin(theta)) / (2 * Math.PI) + product * open;
      reluTangent.data[at] = galu.data[at] + reluFeatures.data[at];
    }
  }
  return { galu, gates, reluFeatures, reluTangent };
}

/** Rows of length 1 (zero rows stay zero) and the lengths they had. */
function directions(X: Matrix): { readonly unit: Matrix; readonly norms: Float64Array } {
  const norms = Float64Array.from({ length: X.rows }, (_, i) =>
    Math.hypot(...X.data.subarray(i * X.cols, (i + 1) * X.cols)),
  );
  const unit = matrix(
    X.rows,
    X.cols,
    X.data.map((value, at) => value / (norms[Math.floor(at / X.cols)] || 1)),
  );
  return { unit, norms };
}

/** Angle of unit rows as 2 atan2(‖a − b‖, ‖a + b‖): acos of their product loses half the digits near 0 and π. */
function angle(a: Matrix, i: number, b: Matrix, j: number): number {
  let [difference, sum] = [0, 0];
  for (let t = 0; t < a.cols; t++) {
    const [u, v] = [a.data[i * a.cols + t], b.data[j * a.cols + t]];
    difference += (u - v) ** 2;
    sum += (u + v) ** 2;
  }
  return 2 * Math.atan2(Math.sqrt(difference), Math.sqrt(sum));
}

function rowDot(a: Matrix, i: number, b: Matrix, j: number): number {
  let sum = 0;
  for (let t = 0; t < a.cols; t++) sum += a.data[i * a.cols + t] * b.data[j * a.cols + t];
  return sum;
}
