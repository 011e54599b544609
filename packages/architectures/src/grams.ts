import type { GramOptions, Matrix } from '@ggdln/core';
import { createLoopMemory, type LoopMemory, matrix, mirrorLower } from '@ggdln/linalg';
import { cached } from './cache.ts';
import { gatesOf, hidden, type Pass } from './passes.ts';

/** Where the P × P matrices of the blocks live: one memory for all sweeps, over which SIMD loops run. */
export interface GramMemory {
  readonly loops: LoopMemory;
  /** The matrix of one of these uses: the same at every call where there is a cache, a new one where there is none. */
  matrix(use: string): Matrix;
}

/**
 * A ∘ (B ⊗ 1) as a Gram matrix is wanted.
 * @param sides `rows` of A; `own` puts its lower triangle into a matrix; `other` gives that of B, P × P.
 */
export function hadamardGram(
  pass: Pass,
  sides: {
    readonly rows: number;
    readonly own: (out: Matrix) => void;
    readonly other: (memory: GramMemory) => Matrix;
  },
  { lowerOnly = false }: GramOptions = {},
): Matrix {
  const memory = gramMemory(pass);
  const { rows } = sides;
  const out = lowerOnly && rows === pass.inputs.X.rows ? memory.matrix('gram') : matrix(rows, rows);
  sides.own(out);
  multiplyLower(memory.loops, out, sides.other(memory));
  if (!lowerOnly) mirrorLower(out);
  return out;
}

/** The lower triangle of G Gᵀ of the features of a layer, without building them: (ΦΦᵀ) ∘ (hhᵀ). */
export function featureGram(pass: Pass, layer: number, memory: GramMemory): Matrix {
  if (layer === 0) return constantGram(pass, 'X', pass.inputs.X, memory);
  const out = pass.linalg.syrk(hidden(pass, layer), { lowerOnly: true, out: memory.matrix('features') });
  multiplyLower(memory.loops, out, gateGram(pass, layer, memory));
  return out;
}

/** The lower triangle of ΦΦᵀ. */
export function gateGram(pass: Pass, layer: number, memory: GramMemory): Matrix {
  return constantGram(pass, `gates${layer}`, gatesOf(pass, layer), memory);
}

function constantGram({ cache, label, linalg }: Pass, name: string, a: Matrix, memory: GramMemory): Matrix {
  const key = `gram of ${name}`;
  return cached(cache, `${label} ${key}`, [a], () => linalg.syrk(a, { lowerOnly: true, out: memory.matrix(key) }));
}

function gramMemory({ cache, label, inputs: { X, gates } }: Pass): GramMemory {
  const P = X.rows;
  if (!cache) return { loops: createLoopMemory([]), matrix: () => matrix(P, P) };
  return cached(cache, `${label} memory of grams`, [X], () => {
    // Those of the block, the features, X and each layer's gates.
    const loops = createLoopMemory(new Array<number>(3 + gates.length).fill(P * P));
    const made = new Map<string, Matrix>();
    return {
      loops,
      matrix(use) {
        const known = made.get(use) ?? matrix(P, P, loops.float64(P * P));
        made.set(use, known);
        return known;
      },
    };
  });
}

/** A ∘ (B ⊗ 1) over the lower triangle of A: row (μ, c) and column (ν, d) of A meet entry (μ, ν) of B. */
function multiplyLower(loops: LoopMemory, a: Matrix, b: Matrix): void {
  const copies = a.rows / b.rows;
  for (let row = 0; row < a.rows; row++) {
    const [at, from] = [row * a.cols, Math.floor(row / copies) * b.cols];
    if (copies === 1) loops.multiply(row + 1, a.data, at, b.data, from, a.data, at);
    else for (let col = 0; col <= row; col++) a.data[at + col] *= b.data[from + Math.floor(col / copies)];
  }
}
