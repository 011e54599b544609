import type { FlatArray, GatedExamples, GradientProgram } from '@ggdln/core';
import { type Engine, inPrecision, requireTargetMatrix, requireWeights, residualEnergy } from './flat.ts';

/** What the program is of; see `createTrainedGalu`. */
interface TrainedGaluNetwork {
  readonly neurons: number;
  readonly beta: number;
  /** 1[u·x ≥ 0] forward, the sigmoid's slope backward. */
  readonly hard: boolean;
}

/**
 * The gradient program of gated linear units with trained gates, checked inputs assumed. With r = f − y and
 * g̃ = σ(β u·x/√d): ∂E/∂W_cj = Σ_μ r_μc g_j x_μ/√(kd), ∂E/∂u_j = Σ_μ β g̃_j (1 − g̃_j) Σ_c r_μc (W_cj·x_μ) x_μ/(√(kd) √d).
 * @throws GGDLN_INPUT for targets that don't fit.
 */
export function trainedGaluProgram<Numbers extends FlatArray>(
  { neurons: k, beta, hard }: TrainedGaluNetwork,
  { inputs: { X }, targets }: Omit<GatedExamples, 'inputs'> & { readonly inputs: Pick<GatedExamples['inputs'], 'X'> },
  engine: Engine<Numbers>,
): GradientProgram<Numbers> {
  requireTargetMatrix(engine.where, targets, X.rows);
  const { precision, linalg } = engine;
  const [P, d, C] = [X.rows, X.cols, targets.cols];
  const one = k * d;
  const [x, y] = [X, targets].map((values) => inPrecision(engine, values));
  const [drive, gates, slopes] = [0, 1, 2].map(() => new precision(P * k));
  const linear = new precision(P * C * k);
  const f = new precision(P * C);
  const alpha = 1 / Math.sqrt(k * d);
  const gateScale = 1 / Math.sqrt(d);
  const forward = (theta: Numbers) => {
    linalg.multiplyInto({ m: P, n: k, k: d, transB: true, alpha: gateScale }, x, theta, drive);
    linalg.multiplyInto({ m: P, n: C * k, k: d, transB: true, alpha, offsets: { b: one } }, x, theta, linear);
    for (let i = 0; i < drive.length; i++) {
      const soft = 1 / (1 + Math.exp(-beta * drive[i]));
      slopes[i] = beta * soft * (1 - soft);
      gates[i] = hard ? Number(drive[i] >= 0) : soft;
    }
    for (let row = 0; row < f.length; row++) {
      const at = Math.floor(row / C) * k;
      let sum = 0;
      for (let j = 0; j < k; j++) sum += gates[at + j] * linear[row * k + j];
      f[row] = sum;
    }
    return f;
  };
  return {
    size: one * (C + 1),
    outputs(theta) {
      requireWeights(engine.where, one * (C + 1), theta);
      return forward(theta);
    },
    evaluate(theta, gradient) {
      requireWeights(engine.where, one * (C + 1), theta, gradient);
      const energy = residualEnergy(forward(theta), y);
      // The arrays of drives and linear parts become their errors.
      drive.fill(0);
      for (let row = 0; row < f.length; row++) {
        const at = Math.floor(row / C) * k;
        for (let j = 0; j < k; j++) {
          drive[at + j] += f[row] * linear[row * k + j] * slopes[at + j];
          linear[row * k + j] = f[row] * gates[at + j];
        }
      }
      linalg.multiplyInto({ m: k, n: d, k: P, transA: true, alpha: gateScale }, drive, x, gradient);
      linalg.multiplyInto({ m: C * k, n: d, k: P, transA: true, alpha, offsets: { c: one } }, linear, x, gradient);
      return energy;
    },
  };
}
