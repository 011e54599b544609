import { randomOrthogonal } from '@ggdln/architectures/gdln';
import type { LinalgBackend, Matrix, RandomStream } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import type { RoutingNetwork, RoutingState } from '@ggdln/theory/race';

/** A network to be started. */
export interface RoutingSetting {
  /** The map that every pair of domains should have, N3 × N0. */
  readonly target: Matrix;
  /** M × M: 1 where a pair is trained. */
  readonly gate: Matrix;
  /** Units H of both hidden layers. */
  readonly hidden: number;
}

/** Every matrix (semi-)orthogonal, drawn uniformly, times `scale`. */
export function randomRouting(
  { target, gate, hidden }: RoutingSetting,
  scale: number,
  rng: RandomStream,
  linalg: LinalgBackend,
): RoutingNetwork {
  const draw = (rows: number, cols: number, name: string) =>
    randomOrthogonal(rows, cols, scale, rng.stream(name), linalg);
  const each = (make: (domain: number) => Matrix) => Array.from({ length: gate.rows }, (_, domain) => make(domain));
  return {
    target,
    gate,
    W1: each((a) => draw(hidden, target.cols, `encoder/${a}`)),
    W2: draw(hidden, hidden, 'shared'),
    W3: each((b) => draw(target.rows, hidden, `decoder/${b}`)),
  };
}

/** All encoders, and all decoders, alike and along the modes of the target with strength b0: the scalar race is exact. */
export function decoupledRouting(
  { target, gate, hidden }: RoutingSetting,
  b0: number,
  rng: RandomStream,
  linalg: LinalgBackend,
): RoutingNetwork {
  const modes = Math.min(target.rows, target.cols);
  const { u, v } = linalg.svd(target);
  const [lower, upper] = ['lower', 'upper'].map((name) => randomOrthogonal(hidden, modes, 1, rng.stream(name), linalg));
  const encoder = linalg.gemm(lower, columns(v, 0, modes), { transB: true, alpha: b0 });
  const decoder = linalg.gemm(columns(u, 0, modes), upper, { transB: true, alpha: b0 });
  return {
    target,
    gate,
    W1: Array.from({ length: gate.rows }, () => encoder),
    W2: linalg.gemm(upper, lower, { transB: true, alpha: b0 }),
    W3: Array.from({ length: gate.rows }, () => decoder),
  };
}

/** The network that a state is of, to train on from there. */
export function networkOf(
  { encoders, shared, decoders }: Pick<RoutingState, 'encoders' | 'shared' | 'decoders'>,
  { target, gate }: Pick<RoutingSetting, 'target' | 'gate'>,
): RoutingNetwork {
  const { rows: N3, cols: N0 } = target;
  const { cols: H } = shared;
  return {
    target,
    gate,
    W1: Array.from({ length: gate.rows }, (_, a) => columns(encoders, a * N0, N0)),
    W2: shared,
    W3: Array.from({ length: gate.rows }, (_, b) => matrix(N3, H, decoders.data.slice(b * N3 * H, (b + 1) * N3 * H))),
  };
}

/** The largest singular values of a matrix, from the smaller of its two Gram matrices. */
export function strongest(weights: Matrix, count: number, linalg: LinalgBackend): Float64Array {
  const { values } = linalg.symmetricEigen(linalg.syrk(weights, { trans: weights.cols <= weights.rows }));
  return Float64Array.from({ length: count }, (_, k) => Math.sqrt(Math.max(0, values[values.length - 1 - k] ?? 0)));
}

function columns(from: Matrix, first: number, count: number): Matrix {
  const out = matrix(from.rows, count);
  for (let i = 0; i < from.rows; i++) {
    out.data.set(from.data.subarray(i * from.cols + first, i * from.cols + first + count), i * count);
  }
  return out;
}
