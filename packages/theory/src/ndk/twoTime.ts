import { type Matrix, matrix } from '@ggdln/linalg';
import type { Activation } from '../kernels/activation.ts';
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

/** The recursion over layers, row by row: no layer's kernel is ever stored. */
export function twoTimeKernel(network: NdkNetwork, base: BaseKernel): FillKernel {
  const { activation, depth } = network;
  const { gram, rowNorms, colNorms } = base;
  const { rows, cols } = gram;
  const rowsAt = lastOnly((t) => layerVariances(network, rowNorms, t));
  const colsAt = lastOnly((t) => layerVariances(network, colNorms, t));
  const half = base.symmetric === true && activation.homogeneous === true;
  const moments = rowMomentsOf(activation);
  const gramRows = Array.from({ length: rows }, (_, i) => gram.data.subarray(i * cols, (i + 1) * cols));
  const work = (count: number) => Array.from({ length: count }, () => new Float64Array(cols));
  const [phi, slope, tangent, k12] = work(4);
  return (kind, t, other, out) => {
    const m = weightCovariance(network, t, other);
    const [a, b] = [rowsAt(t), colsAt(other)];
    const factor = factorOf(kind, network, t, other, m);
    const [learns, hidden] = [kind !== 'features' && kind !== 'prior', kind === 'hidden'];
    for (let i = 0; i < rows; i++) {
      const count = half ? i + 1 : cols;
      for (let l = 0; l < depth; l++) {
        const [features, below] = l === 0 ? [gramRows[i], gramRows[i]] : [phi, tangent];
        for (let j = 0; j < count; j++) k12[j] = m * features[j];
        moments(a.layers[l][i], k12, b.layers[l], b.roots[l], count, phi, slope, learns);
        if (!learns) continue;
        const own = hidden && l === depth - 1 ? 0 : 1;
        const passed = own === 0 ? 1 : m;
        for (let j = 0; j < count; j++) tangent[j] = own * phi[j] + passed * slope[j] * below[j];
      }
      const found = learns ? tangent : phi;
      for (let j = 0; j < count; j++) {
        const value = factor * found[j];
        out[i * cols + j] = value;
        if (half) out[j * cols + i] = value;
      }
    }
  };
}

/** `Activation.rowMoments`, told whether slopes are asked for. */
type RowMoments = (...args: [...Parameters<NonNullable<Activation['rowMoments']>>, slopes: boolean]) => void;

function rowMomentsOf(activation: Activation): RowMoments {
  if (activation.rowMoments) return activation.rowMoments.bind(activation);
  const moments = activation.moments?.bind(activation) ?? separately(activation);
  const pair = new Float64Array(2);
  return (k11, k12, k22, _roots22, count, phi, slope, slopes) => {
    for (let j = 0; j < count; j++) {
      if (!slopes) {
        phi[j] = activation.moment(k11, k12[j], k22[j]);
        continue;
      }
      moments(k11, k12[j], k22[j], pair);
      phi[j] = pair[0];
      slope[j] = pair[1];
    }
  };
}

function separately(activation: Activation): NonNullable<Activation['moments']> {
  return (k11, k12, k22, out) => {
    out[0] = activation.moment(k11, k12, k22);
    out[1] = activation.derivativeMoment(k11, k12, k22);
  };
}

function factorOf(kind: NdkKind, network: NdkNetwork, t: number, other: number, m: number): number {
  if (kind === 'prior') return m;
  return kind === 'dynamical' ? Math.exp(-decayRate(network) * Math.abs(t - other)) : 1;
}

/** Variances of the preactivations, a list over layers, bottom first; and their square roots. */
interface LayerVariances {
  readonly layers: readonly Float64Array[];
  readonly roots: readonly Float64Array[];
}

function layerVariances(network: NdkNetwork, norms: Float64Array, t: number): LayerVariances {
  const { activation, depth } = network;
  const s = weightVariance(network, t);
  const layers: Float64Array[] = [];
  let phi = norms;
  for (let l = 0; l < depth; l++) {
    layers.push(phi.map((value) => s * value));
    phi = layers[l].map((k) => activation.moment(k, k, k));
  }
  return { layers, roots: layers.map((layer) => layer.map(Math.sqrt)) };
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
