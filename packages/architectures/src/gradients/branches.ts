import type { FlatArray, Matrix } from '@ggdln/core';

/**
 * How branches and gates are indexed: branches as (m, c, q), m < `heads`, c < `outputs`, q < `rest`; gates as (m, q).
 * Each row has `heads · outputs · rest` branches and `heads · rest` gates.
 */
export interface BranchShape {
  readonly rows: number;
  readonly heads: number;
  readonly outputs: number;
  readonly rest: number;
}

/** f_μc = Σ_mq F_μ(mq) B_μ(mcq), rows × outputs, over `f`. */
export function sumBranches(
  { rows, heads, outputs, rest }: BranchShape,
  gates: FlatArray,
  branches: FlatArray,
  f: FlatArray,
): void {
  let at = 0;
  f.fill(0);
  for (let row = 0; row < rows; row++) {
    for (let m = 0; m < heads; m++) {
      const gate = (row * heads + m) * rest;
      for (let c = 0; c < outputs; c++) {
        let sum = 0;
        for (let q = 0; q < rest; q++, at++) sum += gates[gate + q] * branches[at];
        f[row * outputs + c] += sum;
      }
    }
  }
}

/** The gradient of `sumBranches`: ∂E/∂B_μ(mcq) = r_μc F_μ(mq), over `branches`. */
export function spreadResiduals(
  { rows, heads, outputs, rest }: BranchShape,
  gates: FlatArray,
  residuals: FlatArray,
  branches: FlatArray,
): void {
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let m = 0; m < heads; m++) {
      const gate = (row * heads + m) * rest;
      for (let c = 0; c < outputs; c++) {
        const residual = residuals[row * outputs + c];
        for (let q = 0; q < rest; q++, at++) branches[at] = residual * gates[gate + q];
      }
    }
  }
}

/** Φ_μm h_μj as P × M·N, gate index slowest, over `features`. */
export function gateUnits(gates: Matrix, units: number, h: FlatArray, features: FlatArray): void {
  const { rows, cols, data } = gates;
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let m = 0; m < cols; m++) {
      const gate = data[row * cols + m];
      for (let j = row * units; j < (row + 1) * units; j++, at++) features[at] = gate * h[j];
    }
  }
}

/** The gradient of `gateUnits`: Σ_m Φ_μm D_μ(mj), over `h`. */
export function sumOverGates(gates: Matrix, units: number, features: FlatArray, h: FlatArray): void {
  const { rows, cols, data } = gates;
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let m = 0; m < cols; m++) {
      const gate = data[row * cols + m];
      if (m === 0) for (let j = row * units; j < (row + 1) * units; j++, at++) h[j] = gate * features[at];
      else for (let j = row * units; j < (row + 1) * units; j++, at++) h[j] += gate * features[at];
    }
  }
}
