import { GgdlnError, inputError, type Matrix } from '@ggdln/core';
import { copy, createMlMatrixBackend, matrix, requireMatrix, stableRate } from '@ggdln/linalg';
import { requireFinite } from './checks.ts';

const where = '@ggdln/theory trainGatedUnits';

/** One hidden layer of gated units of width 1 and one output, f(x) = Σ_k w2_k g_k(x) w1_k·x, with its data. */
export interface GatedUnits {
  /** Inputs, P × n. */
  readonly X: Matrix;
  /** Targets, (P). */
  readonly y: ArrayLike<number>;
  /** Lower weights, H × n. */
  readonly W1: Matrix;
  /** Upper weights, (H). */
  readonly w2: ArrayLike<number>;
  /** Gates of the units on the samples, P × H, or `relu`: each unit is open where its own w1·x is above 0. */
  readonly gates: Matrix | 'relu';
}

/** The network before the step of the same number. */
export interface GatedUnitsState {
  readonly epoch: number;
  /** ½ ⟨(y − f)²⟩. */
  readonly loss: number;
  readonly W1: Matrix;
  readonly w2: Float64Array;
}

/**
 * Full-batch gradient descent on ½⟨(y − f)²⟩ in float64, read at the given ascending epochs. A ReLU network does what
 * the network gated by its activation pattern does for as long as that pattern stays.
 * @throws GGDLN_INPUT for shapes that don't fit; GGDLN_NUMERICAL where the rate is too large and the weights diverge.
 */
export function trainGatedUnits(
  network: GatedUnits,
  { rate, epochs }: { readonly rate: number; readonly epochs: readonly number[] },
): GatedUnitsState[] {
  requireNetwork(network);
  requireFinite(where, { rate });
  const [W1, w2] = [copy(network.W1), Float64Array.from(network.w2)];
  let epoch = 0;
  return epochs.map((end) => {
    for (; epoch < end; epoch++) step(network, W1, w2, rate);
    const { loss } = passOf(network, W1, w2);
    if (!Number.isFinite(loss)) throw diverged(network, rate, epoch);
    return { epoch: end, loss, W1: copy(W1), w2: w2.slice() };
  });
}

function step(network: GatedUnits, W1: Matrix, w2: Float64Array, rate: number): void {
  const { hidden, open, error } = passOf(network, W1, w2);
  const { rows: P, cols: n, data: x } = network.X;
  for (let k = 0; k < w2.length; k++) {
    let up = 0;
    const down = new Float64Array(n);
    for (let p = 0; p < P; p++) {
      up += (error[p] * hidden.data[p * w2.length + k]) / P;
      const back = (error[p] * open.data[p * w2.length + k] * w2[k]) / P;
      for (let i = 0; i < n; i++) down[i] += back * x[p * n + i];
    }
    w2[k] += rate * up;
    for (let i = 0; i < n; i++) W1.data[k * n + i] += rate * down[i];
  }
}

function passOf({ X, y, gates }: GatedUnits, W1: Matrix, w2: Float64Array) {
  const [P, n, H] = [X.rows, X.cols, w2.length];
  const [hidden, open, error] = [matrix(P, H), matrix(P, H), new Float64Array(P)];
  let loss = 0;
  for (let p = 0; p < P; p++) {
    error[p] = y[p];
    for (let k = 0; k < H; k++) {
      let drive = 0;
      for (let i = 0; i < n; i++) drive += W1.data[k * n + i] * X.data[p * n + i];
      const gate = gates === 'relu' ? Number(drive > 0) : gates.data[p * H + k];
      open.data[p * H + k] = gate;
      hidden.data[p * H + k] = gate * drive;
      error[p] -= w2[k] * gate * drive;
    }
    loss += error[p] ** 2 / (2 * P);
  }
  return { hidden, open, error, loss };
}

function requireNetwork({ X, y, W1, w2, gates }: GatedUnits): void {
  requireMatrix(where, 'X (P × n)', X);
  requireMatrix(where, 'W1 (H × n)', W1, { cols: X.cols });
  if (y.length !== X.rows) throw inputError(where, `y has ${y.length} targets`, `Give ${X.rows}, one for each input`);
  if (w2.length !== W1.rows) throw inputError(where, `w2 has ${w2.length} weights`, `Give ${W1.rows}, one a unit`);
  if (gates !== 'relu') requireMatrix(where, 'gates (P × H)', gates, { rows: X.rows, cols: W1.rows });
}

function diverged(network: GatedUnits, rate: number, epoch: number): GgdlnError {
  const limit = Number(limitAtStart(network).toPrecision(3));
  return new GgdlnError({
    code: 'GGDLN_NUMERICAL',
    where,
    problem:
      `the loss is not finite after ${epoch} steps of rate ${rate}; the stability limit 2/λ_max was ${limit} at the ` +
      'start, and falls while the network learns',
    remedy: `Lower the rate, e.g. to ${Number((Math.min(rate, limit) / 5).toPrecision(2))}`,
  });
}

/** 2/λ_max of the Hessian at the initial weights; a step of rate 1 gives the gradient. */
function limitAtStart(network: GatedUnits): number {
  const { rows, cols } = network.W1;
  const gradient = (theta: Float64Array): Float64Array => {
    const [W1, w2] = [matrix(rows, cols, theta.slice(0, rows * cols)), theta.slice(rows * cols)];
    step(network, W1, w2, 1);
    return theta.map((value, i) => value - (i < rows * cols ? W1.data[i] : w2[i - rows * cols]));
  };
  const start = Float64Array.from([...network.W1.data, ...Array.from(network.w2)]);
  return stableRate(gradient, start, createMlMatrixBackend()).limit;
}
