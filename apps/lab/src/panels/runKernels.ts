import type { Matrix, ProblemView, RunView, Selection } from '@ggdln/core';
import {
  gatedKernel,
  gateOverlap,
  inputKernel,
  jointGates,
  orderByTarget,
  type Spectrum,
  spectrumOf,
} from './kernels.ts';
import { isInfinite, pointsAt, shownX, sidesOf, specValue } from './run.ts';

interface Made {
  readonly matrix: Matrix;
  readonly spectrum: Spectrum;
}

/** Kernels of one output on the training inputs, in the order of its targets. */
export interface Kernels {
  readonly K0: Matrix;
  readonly overlap: Matrix | undefined;
  readonly theory: Made | undefined;
  readonly sampled: Made | undefined;
  readonly infinite: Made | undefined;
}

interface Basis {
  readonly K0: Matrix;
  readonly overlap: Matrix | undefined;
  readonly psi: Matrix | undefined;
  readonly kernels: WeakMap<Matrix, Made>;
}

const bases = new WeakMap<ProblemView, Map<number, Basis>>();
/** Joint gates beyond this many make no picture of K(U). */
const MOST_GATES = 128;

function basisOf(problem: ProblemView, output: number): Basis {
  const known = bases.get(problem) ?? new Map<number, Basis>();
  bases.set(problem, known);
  const before = known.get(output);
  if (before) return before;
  const rows = orderByTarget(problem, output);
  const joint = problem.trainGates.reduce((count, { cols }) => count * cols, 1);
  const made: Basis = {
    K0: inputKernel(problem.trainX, rows),
    overlap: problem.trainGates[0] ? gateOverlap(problem.trainGates[0], rows) : undefined,
    psi: joint <= MOST_GATES ? jointGates(problem.trainGates, rows) : undefined,
    kernels: new WeakMap(),
  };
  known.set(output, made);
  return made;
}

/** Everything there is for one output; what was made once is kept with what it was made of. */
export function kernelsOf(view: RunView, selection: Selection, output: number): Kernels | undefined {
  const { problem } = view;
  if (!problem) return undefined;
  const basis = basisOf(problem, output);
  const { theory, sampled } = sidesOf(view, selection, ({ arrays }) => arrays.U1 !== undefined);
  const infinite = pointsAt(view, shownX(view, selection), isInfinite).find(({ arrays }) => arrays.U1)?.arrays.U1;
  const sigma2 = sigmaSquared(view, problem, infinite);
  const make = (U1: Matrix | undefined): Made | undefined => {
    const own = U1 && basis.psi && ofOutput(U1, problem, output);
    if (!U1 || !own || !basis.psi || own.rows !== basis.psi.cols) return undefined;
    const known = basis.kernels.get(U1);
    if (known) return known;
    const matrix = gatedKernel(basis.K0, basis.psi, own, sigma2);
    const made = { matrix, spectrum: spectrumOf(matrix) };
    basis.kernels.set(U1, made);
    return made;
  };
  return {
    K0: basis.K0,
    overlap: basis.overlap,
    theory: make(theory?.arrays.U1),
    sampled: make(sampled?.arrays.U1),
    infinite: make(infinite),
  };
}

/**
 * The block of U₁ that one output's kernel has. With C outputs the gates of the top layer stand for each of them (Φ ⊗ I,
 * theory page ggdln, section 4); the gates of lower layers go fastest.
 */
function ofOutput(U1: Matrix, { trainGates, trainY }: ProblemView, output: number): Matrix {
  const outputs = trainY.cols;
  const joint = trainGates.reduce((count, { cols }) => count * cols, 1);
  if (outputs === 1 || U1.rows !== joint * outputs) return U1;
  const lower = joint / Math.max(1, trainGates[0]?.cols ?? 1);
  const place = (gate: number) => (Math.floor(gate / lower) * outputs + output) * lower + (gate % lower);
  const data = new Float64Array(joint * joint);
  for (let i = 0; i < joint; i++) {
    for (let j = 0; j < joint; j++) data[i * joint + j] = U1.data[place(i) * U1.cols + place(j)];
  }
  return { rows: joint, cols: joint, data };
}

/** σ²: at infinite width U₁ = σ^{2L} I. */
function sigmaSquared(view: RunView, problem: ProblemView, infinite: Matrix | undefined): number {
  const depth = Math.max(1, problem.trainGates.length);
  if (infinite && infinite.data[0] > 0) return infinite.data[0] ** (1 / depth);
  const sigma = specValue(view, 'architecture.sigma');
  return typeof sigma === 'number' ? sigma ** 2 : 1;
}
