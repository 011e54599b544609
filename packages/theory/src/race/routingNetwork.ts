import { GgdlnError, inputError, type LinalgBackend, type Matrix } from '@ggdln/core';
import { add, copy, matrix, requireMatrix, stableRate } from '@ggdln/linalg';
import { requireFinite } from './checks.ts';

const where = '@ggdln/theory trainRoutingNetwork';

/** M encoders, one shared layer and M decoders, and what is asked of them. */
export interface RoutingNetwork {
  /** The map T that every trained pair of domains should have, N3 × N0. */
  readonly target: Matrix;
  /** Γ, M × M: 1 where the pair (input domain, output domain) is trained. Need not be symmetric. */
  readonly gate: Matrix;
  /** Encoders, M times H × N0. */
  readonly W1: readonly Matrix[];
  /** The shared layer, H × H. */
  readonly W2: Matrix;
  /** Decoders, M times N3 × H. */
  readonly W3: readonly Matrix[];
}

/** A routing network before the step of the same number. */
export interface RoutingState {
  readonly epoch: number;
  /** κ Σ_ab Γ_ab ‖T − W3_b W2 W1_a‖². */
  readonly loss: number;
  /** ½‖T − W3_b W2 W1_a‖² of every pair, M × M: rows are input domains, as in the gate. */
  readonly pairErrors: Matrix;
  /** Means of `pairErrors` over trained and over other pairs; null where there are none. */
  readonly trainedError: number | null;
  readonly untrainedError: number | null;
  /** Encoders side by side, H × M N0; the shared layer; decoders on top of one another, M N3 × H. */
  readonly encoders: Matrix;
  readonly shared: Matrix;
  readonly decoders: Matrix;
}

/** How to train: rate η, loss factor κ (the mean over the entries of T is 1/(N3 N0)), and the ascending epochs to read. */
export interface RoutingTraining {
  readonly rate: number;
  readonly kappa: number;
  readonly epochs: readonly number[];
  /** Learn with the initial output subtracted from the model, which makes large starts lazy. Default false. */
  readonly centred?: boolean;
}

/**
 * Full-batch gradient descent of a routing network in float64: the block matrix of all pairs is completed from the
 * trained ones. Saxe, Sodhani and Lewallen 2022, arXiv:2207.10430.
 * @throws GGDLN_INPUT for shapes that don't fit; GGDLN_NUMERICAL where the rate is too large and the weights diverge.
 */
export function trainRoutingNetwork(
  network: RoutingNetwork,
  { rate, kappa, epochs, centred = false }: RoutingTraining,
  linalg: LinalgBackend,
): RoutingState[] {
  requireNetwork(network);
  requireFinite(where, { rate, kappa });
  let [A, W2, B] = [sideBySide(network.W1), copy(network.W2), stacked(network.W3)];
  const start = linalg.gemm(linalg.gemm(B, W2), A);
  const wanted = wantedOf(network, centred ? start : undefined);
  let epoch = 0;
  return epochs.map((end) => {
    for (; epoch < end; epoch++) {
      const [lower, upper] = [linalg.gemm(W2, A), linalg.gemm(B, W2)];
      const error = errorOf(network, wanted, linalg.gemm(B, lower), true);
      const back = linalg.gemm(B, error, { transA: true });
      const alpha = 2 * rate * kappa;
      const shared = linalg.gemm(back, A, { transB: true, alpha });
      const decoders = linalg.gemm(error, lower, { transB: true, alpha });
      A = add(A, linalg.gemm(upper, error, { transA: true, alpha }));
      W2 = add(W2, shared);
      B = add(B, decoders);
      requireBounded(network, [A, W2, B], { rate, kappa, epoch }, linalg);
    }
    const output = linalg.gemm(linalg.gemm(B, W2), A);
    return { epoch: end, ...measure(network, wanted, output, kappa), encoders: A, shared: W2, decoders: B };
  });
}

/** T in every block (b, a), plus what the network is at the start where it learns centred. */
function wantedOf({ target, gate }: RoutingNetwork, start: Matrix | undefined): Matrix {
  const wanted = matrix(gate.rows * target.rows, gate.rows * target.cols);
  for (let i = 0; i < wanted.rows; i++) {
    for (let j = 0; j < wanted.cols; j++) {
      wanted.data[i * wanted.cols + j] = target.data[(i % target.rows) * target.cols + (j % target.cols)];
    }
  }
  return start ? add(wanted, start) : wanted;
}

/** What is wanted minus the output in every block (b, a), or in the trained ones and 0 elsewhere. */
function errorOf({ target, gate }: RoutingNetwork, wanted: Matrix, output: Matrix, trainedOnly: boolean): Matrix {
  const error = add(wanted, output, 1, -1);
  if (!trainedOnly) return error;
  for (let i = 0; i < output.rows; i++) {
    const b = Math.floor(i / target.rows);
    for (let j = 0; j < output.cols; j++) {
      error.data[i * output.cols + j] *= gate.data[Math.floor(j / target.cols) * gate.cols + b];
    }
  }
  return error;
}

function measure(network: RoutingNetwork, wanted: Matrix, output: Matrix, kappa: number) {
  const { target, gate } = network;
  const pairErrors = matrix(gate.rows, gate.cols);
  const error = errorOf(network, wanted, output, false);
  error.data.forEach((value, at) => {
    const [b, a] = [Math.floor(at / error.cols / target.rows), Math.floor((at % error.cols) / target.cols)];
    pairErrors.data[a * gate.cols + b] += value ** 2 / 2;
  });
  const [trained, others] = [1, 0].map((kind) => pairErrors.data.filter((_, pair) => gate.data[pair] === kind));
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const mean = (values: Float64Array) => (values.length === 0 ? null : sum(values) / values.length);
  return {
    loss: 2 * kappa * sum(trained),
    pairErrors,
    trainedError: mean(trained),
    untrainedError: mean(others),
  };
}

function requireNetwork({ target, gate, W1, W2, W3 }: RoutingNetwork): void {
  requireMatrix(where, 'target (N3 × N0)', target);
  requireMatrix(where, 'gate (M × M)', gate, { cols: gate.rows });
  requireMatrix(where, 'W2 (H × H)', W2, { cols: W2.rows });
  const bad = gate.data.find((value) => value !== 0 && value !== 1);
  if (bad !== undefined) throw inputError(where, `the gate has an entry ${bad}`, 'A pair is trained (1) or not (0)');
  for (const [name, list, rows, cols] of [
    ['W1', W1, W2.rows, target.cols],
    ['W3', W3, target.rows, W2.rows],
  ] as const) {
    if (list.length !== gate.rows) {
      throw inputError(where, `${name} has ${list.length} matrices`, `Give ${gate.rows}, one for each domain`);
    }
    for (const [k, weights] of list.entries()) requireMatrix(where, `${name}[${k}]`, weights, { rows, cols });
  }
}

function requireBounded(
  network: RoutingNetwork,
  weights: readonly Matrix[],
  { rate, kappa, epoch }: { readonly rate: number; readonly kappa: number; readonly epoch: number },
  linalg: LinalgBackend,
): void {
  // The next step multiplies five of them at most, which stays in the range of float64.
  if (weights.every(({ data }) => data.every((value) => Math.abs(value) < 1e40))) return;
  const limit = Number(rateLimitAtStart(network, kappa, linalg).toPrecision(3));
  throw new GgdlnError({
    code: 'GGDLN_NUMERICAL',
    where,
    problem:
      `the weights grow without end at rate ${rate} (epoch ${epoch}); the stability limit 2/λ_max was ${limit} ` +
      'at the start, and falls while the network learns',
    remedy: `Lower the rate, e.g. to ${Number((Math.min(rate, limit) / 2).toPrecision(3))}; it must fall roughly as the start scale to the −4`,
  });
}

/** 2/λ_max of the Hessian at the initial weights. */
function rateLimitAtStart(network: RoutingNetwork, kappa: number, linalg: LinalgBackend): number {
  const parts = [sideBySide(network.W1), network.W2, stacked(network.W3)];
  const wanted = wantedOf(network, undefined);
  const gradient = (theta: Float64Array): Float64Array => {
    let place = 0;
    const [A, W2, B] = parts.map(({ rows, cols }) => {
      place += rows * cols;
      return matrix(rows, cols, theta.slice(place - rows * cols, place));
    });
    const [lower, upper] = [linalg.gemm(W2, A), linalg.gemm(B, W2)];
    const error = errorOf(network, wanted, linalg.gemm(B, lower), true);
    const alpha = -2 * kappa;
    const pieces = [
      linalg.gemm(upper, error, { transA: true, alpha }),
      linalg.gemm(linalg.gemm(B, error, { transA: true }), A, { transB: true, alpha }),
      linalg.gemm(error, lower, { transB: true, alpha }),
    ];
    return Float64Array.from(pieces.flatMap(({ data }) => Array.from(data)));
  };
  const theta = Float64Array.from(parts.flatMap(({ data }) => Array.from(data)));
  return stableRate(gradient, theta, linalg).limit;
}

function sideBySide(blocks: readonly Matrix[]): Matrix {
  const cols = blocks.reduce((sum, block) => sum + block.cols, 0);
  const out = matrix(blocks[0]?.rows ?? 0, cols);
  let offset = 0;
  for (const block of blocks) {
    for (let i = 0; i < block.rows; i++) {
      out.data.set(block.data.subarray(i * block.cols, (i + 1) * block.cols), i * cols + offset);
    }
    offset += block.cols;
  }
  return out;
}

function stacked(blocks: readonly Matrix[]): Matrix {
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  const out = matrix(rows, blocks[0]?.cols ?? 0);
  let offset = 0;
  for (const block of blocks) {
    out.data.set(block.data, offset);
    offset += block.data.length;
  }
  return out;
}
