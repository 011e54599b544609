import type { LinalgBackend, Matrix } from '@ggdln/core';
import { chooseLinalg, matrix, rowKronecker } from '@ggdln/linalg';
import { type GgdlnSizes, requireMemory } from './memoryPlan.ts';
import { type KernelRange, kernelRange } from './range.ts';
import { gateRowSpace } from './reduction.ts';
import type { GgdlnData, PrepareOptions } from './types.ts';
import { checkData } from './validate.ts';
import { createLargeMemory, type LargeMemory } from './workspace.ts';

/** Test inputs as the solver wants them; rows are (example, output). */
interface PreparedTest {
  /** K0 between test and training rows. */
  readonly K0: Matrix;
  /** K0(x, x) of each row. */
  readonly norms: Float64Array;
  /** Composite gates, one row a row. */
  readonly F: Matrix;
}

/**
 * Data made ready once for any number of solves: linear kernel, composite gates, their row space. Several outputs are
 * single-output rows (μ, c) with index μC + c (section 4). Treat it as opaque.
 */
export interface PreparedGgdln {
  readonly linalg: LinalgBackend;
  /** P, without outputs. */
  readonly examples: number;
  /** N0. */
  readonly inputs: number;
  /** C. */
  readonly outputs: number;
  /** Gates of each layer as given, top first. */
  readonly gateCounts: readonly number[];
  /** By how much each layer multiplies the composite gates, top first: M_l, at the top M_L · C. */
  readonly branching: readonly number[];
  /** D_l, top first. */
  readonly dimensions: readonly number[];
  /** Targets of the rows. */
  readonly y: Float64Array;
  /** The training inputs, P × N0. */
  readonly X: Matrix;
  /** P × P. */
  readonly K0: Matrix;
  /** Composite gates of the lowest layer, rows × D. */
  readonly F: Matrix;
  /** Orthonormal basis of the row space of F, D × R, and F in it; absent where R = D or P = 0. */
  readonly reduced?: { readonly Q: Matrix; readonly F: Matrix };
  /** rank F. */
  readonly gateRank: number;
  /** Mean of the diagonal of K0 ∘ FFᵀ. */
  readonly meanNorm: number;
  /** The range of K0 ∘ FFᵀ, computed on first use; `undefined` when that is everything. */
  readonly range: (cut: number) => KernelRange | undefined;
  readonly deadInputs: readonly number[];
  readonly test: PreparedTest;
  readonly memory: LargeMemory;
}

/**
 * Prepares data for `solvePreparedGgdln`, for instance for a sweep over widths. @param data With the temperature where it
 * is known, memory that only T = 0 takes is refused before anything is computed, else when it is needed.
 * @throws GGDLN_INPUT for shapes that don't fit, numbers that aren't finite, no gates, no inputs, too little memory.
 */
export async function prepareGgdln(
  data: GgdlnData & { readonly temperature?: number },
  options: PrepareOptions = {},
): Promise<PreparedGgdln> {
  checkData(data);
  const linalg = options.linalg ?? (await chooseLinalg()).backend;
  const { memoryLimit } = options;
  const sizes = sizesOf(data, linalg);
  if (memoryLimit !== undefined) requireMemory(sizes, memoryLimit);
  const requireRange = () => {
    if (memoryLimit !== undefined) requireMemory({ ...sizes, rangeNeeded: true }, memoryLimit);
  };
  return prepareWith(data, linalg, options.reduce ?? true, requireRange);
}

function sizesOf(
  { X, y, gates, test, temperature }: Parameters<typeof prepareGgdln>[0],
  linalg: LinalgBackend,
): GgdlnSizes {
  return {
    ...(temperature === undefined ? {} : { temperature }),
    P: X.rows,
    N0: X.cols,
    gates: gates.map((layer) => layer.cols),
    outputs: y instanceof Float64Array ? 1 : y.cols,
    tests: test?.X.rows ?? 0,
    linalg: linalg.name,
  };
}

/** `prepareGgdln` on checked data with a backend at hand. @param requireRange Called before the range is computed. */
function prepareWith(data: GgdlnData, linalg: LinalgBackend, reduce: boolean, requireRange: () => void): PreparedGgdln {
  const { X, gates } = data;
  const outputs = data.y instanceof Float64Array ? 1 : data.y.cols;
  const branching = gates.map((layer, t) => layer.cols * (t === 0 ? outputs : 1));
  const memory = createLargeMemory(X.rows, X.rows * outputs);
  const K0 = linalg.syrk(X, { alpha: 1 / X.cols, out: memory.K0 });
  const F = compositeGates(gates, outputs);
  const rowSpace = gateRowSpace(F, linalg);
  const reduced =
    reduce && rowSpace.rank > 0 && rowSpace.rank < F.cols
      ? { Q: rowSpace.Q, F: linalg.gemm(F, rowSpace.Q) }
      : undefined;
  return {
    linalg,
    examples: X.rows,
    inputs: X.cols,
    outputs,
    gateCounts: gates.map((layer) => layer.cols),
    branching,
    dimensions: cumulativeProducts(branching),
    y: data.y instanceof Float64Array ? data.y : data.y.data,
    X,
    K0,
    F,
    ...(reduced ? { reduced } : {}),
    gateRank: rowSpace.rank,
    meanNorm: meanNorm(K0, F, outputs),
    range: memoise((cut) => {
      requireRange();
      return kernelRange({ linalg, K0, outputs, memory }, reduced?.F ?? F, cut);
    }),
    deadInputs: inputsWithoutGates(gates, X.rows),
    test: prepareTest(data, outputs, linalg),
    memory,
  };
}

function prepareTest(data: GgdlnData, outputs: number, linalg: LinalgBackend): PreparedTest {
  const X = data.test?.X ?? matrix(0, data.X.cols);
  const gates = data.test?.gates ?? data.gates.map((layer) => matrix(0, layer.cols));
  const norms = new Float64Array(X.rows * outputs);
  for (let row = 0; row < X.rows; row++) {
    const x = X.data.subarray(row * X.cols, (row + 1) * X.cols);
    norms.fill(x.reduce((sum, value) => sum + value * value, 0) / X.cols, row * outputs, (row + 1) * outputs);
  }
  const K0 = linalg.gemm(X, data.X, { transB: true, alpha: 1 / X.cols });
  return { K0: repeatEntries(K0, outputs, outputs), norms, F: compositeGates(gates, outputs) };
}

/**
 * F: the row-wise Kronecker product of all layers' gates, top layer slowest; with C outputs the top gates become
 * Φ^(L) ⊗ I_C and the others repeat over the outputs (section 4).
 */
function compositeGates(gates: readonly Matrix[], outputs: number): Matrix {
  const [top, ...lower] = gates;
  return lower.reduce((F, layer) => rowKronecker(F, repeatEntries(layer, outputs, 1)), withOutputs(top, outputs));
}

/** Φ ⊗ I_C. */
function withOutputs(gates: Matrix, outputs: number): Matrix {
  if (outputs === 1) return gates;
  const out = matrix(gates.rows * outputs, gates.cols * outputs);
  for (let row = 0; row < gates.rows; row++) {
    for (let m = 0; m < gates.cols; m++) {
      for (let c = 0; c < outputs; c++) {
        out.data[(row * outputs + c) * out.cols + m * outputs + c] = gates.data[row * gates.cols + m];
      }
    }
  }
  return out;
}

/** A ⊗ 1_{rows × cols}: every entry repeated. */
function repeatEntries(a: Matrix, rows: number, cols: number): Matrix {
  if (rows === 1 && cols === 1) return a;
  const out = matrix(a.rows * rows, a.cols * cols);
  for (let i = 0; i < out.rows; i++) {
    const source = Math.floor(i / rows) * a.cols;
    for (let j = 0; j < out.cols; j++) out.data[i * out.cols + j] = a.data[source + Math.floor(j / cols)];
  }
  return out;
}

function cumulativeProducts(factors: readonly number[]): number[] {
  let product = 1;
  return factors.map((factor) => {
    product *= factor;
    return product;
  });
}

/** Rows that are zero in the gates of at least one layer. */
function inputsWithoutGates(gates: readonly Matrix[], rows: number): number[] {
  const isOff = (layer: Matrix, row: number) =>
    layer.data.subarray(row * layer.cols, (row + 1) * layer.cols).every((value) => value === 0);
  return Array.from({ length: rows }, (_, row) => row).filter((row) => gates.some((layer) => isOff(layer, row)));
}

function meanNorm(K0: Matrix, F: Matrix, outputs: number): number {
  let sum = 0;
  for (let row = 0; row < F.rows; row++) {
    const gates = F.data.subarray(row * F.cols, (row + 1) * F.cols);
    sum += K0.data[Math.floor(row / outputs) * (K0.cols + 1)] * gates.reduce((total, g) => total + g * g, 0);
  }
  return F.rows === 0 ? 0 : sum / F.rows;
}

function memoise<Value>(compute: (key: number) => Value): (key: number) => Value {
  const known = new Map<number, Value>();
  return (key) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key) as Value;
  };
}
