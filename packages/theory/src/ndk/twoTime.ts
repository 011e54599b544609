import { type Matrix, matrix } from '@ggdln/linalg';
import { decayRate, type NdkNetwork, weightCovariance, weightVariance } from './network.ts';

/**
 * A two-time kernel (theory page ndk, section 3). `features`: Φ_L. `prior`: Q_L, the covariance of the output without
 * data. `tangent`: Θ_L. `dynamical`: K^d_L, the neural dynamical kernel. `hidden`: Φ̇_L Θ_{L−1}, the part of Θ_L that
 * the weights below the readout make, per unit of m.
 */
export type NdkKind = 'features' | 'prior' | 'tangent' | 'dynamical' | 'hidden';

/** Inner products x·x′/N0 (times gate overlaps) of some rows and columns, from which the kernels are made. */
export interface BaseKernel {
  readonly gram: Matrix;
  /** Of each row's point with itself. */
  readonly rowNorms: Float64Array;
  readonly colNorms: Float64Array;
  /** Rows and columns are the same points, so that `gram` is symmetric. Default false. */
  readonly symmetric?: boolean;
}

/** Writes the kernel of rows at time t and columns at time t′ into `out`, row-major. */
export type FillKernel = (kind: NdkKind, t: number, other: number, out: Float64Array) => void;

/** The recursion over layers, entry by entry: no layer's kernel is ever stored. */
export function twoTimeKernel(network: NdkNetwork, base: BaseKernel): FillKernel {
  const { activation, depth } = network;
  const { gram, rowNorms, colNorms } = base;
  const rowsAt = lastOnly((t) => layerVariances(network, rowNorms, t));
  const colsAt = lastOnly((t) => layerVariances(network, colNorms, t));
  const half = base.symmetric === true && activation.homogeneous === true;
  const pair = new Float64Array(2);
  const moments = activation.moments?.bind(activation) ?? separately(activation);
  return (kind, t, other, out) => {
    const m = weightCovariance(network, t, other);
    const [a, b] = [rowsAt(t), colsAt(other)];
    const factor = factorOf(kind, network, t, other, m);
    const [learns, hidden] = [kind !== 'features' && kind !== 'prior', kind === 'hidden'];
    for (let i = 0; i < gram.rows; i++) {
      for (let j = 0, end = half ? i + 1 : gram.cols; j < end; j++) {
        let phi = gram.data[i * gram.cols + j];
        let tangent = phi;
        for (let l = 0; l < depth; l++) {
          const [k11, k12, k22] = [a[i * depth + l], m * phi, b[j * depth + l]];
          if (!learns) {
            phi = activation.moment(k11, k12, k22);
            continue;
          }
          moments(k11, k12, k22, pair);
          phi = pair[0];
          const lower = pair[1] * tangent;
          tangent = hidden && l === depth - 1 ? lower : phi + m * lower;
        }
        const value = factor * (learns ? tangent : phi);
        out[i * gram.cols + j] = value;
        if (half) out[j * gram.cols + i] = value;
      }
    }
  };
}

function separately(activation: NdkNetwork['activation']): NonNullable<NdkNetwork['activation']['moments']> {
  return (k11, k12, k22, out) => {
    out[0] = activation.moment(k11, k12, k22);
    out[1] = activation.derivativeMoment(k11, k12, k22);
  };
}

function factorOf(kind: NdkKind, network: NdkNetwork, t: number, other: number, m: number): number {
  if (kind === 'prior') return m;
  return kind === 'dynamical' ? Math.exp(-decayRate(network) * Math.abs(t - other)) : 1;
}

/** Variances of the preactivations of all layers, bottom first, at [point · L + layer]. */
function layerVariances(network: NdkNetwork, norms: Float64Array, t: number): Float64Array {
  const { activation, depth } = network;
  const s = weightVariance(network, t);
  const out = new Float64Array(norms.length * depth);
  norms.forEach((norm, i) => {
    let phi = norm;
    for (let l = 0; l < depth; l++) {
      const k = s * phi;
      out[i * depth + l] = k;
      phi = activation.moment(k, k, k);
    }
  });
  return out;
}

/** Remembers the last value: the rows' time stays the same over a whole integral. */
function lastOnly<Value>(compute: (t: number) => Value): (t: number) => Value {
  let last: { t: number; value: Value } | undefined;
  return (t) => {
    if (last?.t !== t) last = { t, value: compute(t) };
    return last.value;
  };
}

/** The kernel as a matrix. */
export function kernelAt(base: BaseKernel, fill: FillKernel, kind: NdkKind, t: number, other: number): Matrix {
  const out = matrix(base.gram.rows, base.gram.cols);
  fill(kind, t, other, out.data);
  return out;
}

/** One kernel for each row's point with itself, at one time. */
export function kernelDiagonalAt(network: NdkNetwork, norms: Float64Array, kind: NdkKind, t: number): Float64Array {
  const out = new Float64Array(norms.length);
  norms.forEach((_, i) => {
    const own = norms.subarray(i, i + 1);
    twoTimeKernel(network, { gram: matrix(1, 1, own), rowNorms: own, colNorms: own })(
      kind,
      t,
      t,
      out.subarray(i, i + 1),
    );
  });
  return out;
}
