import { inputError } from '@ggdln/core';
import { BLOCK_ROWS } from './kernelBlocks.ts';
import { secantsKept } from './secants.ts';

const where = '@ggdln/theory ggdln';
const BYTES = 8;
/** Kernels that backends copy to factorise; those not named here copy as many as `wasm`. */
const COPIES: { readonly [linalg: string]: number } = { openblas: 0, 'ml-matrix': 5 };
/** Kernels that finding a range and keeping it take: K0 ∘ FFᵀ, its eigenvectors and what they are made in. */
const RANGE_KERNELS = 5;
/** What steps of deep networks leave behind is collected when it comes to about so many numbers. */
const UNCOLLECTED = { most: 8e6, arrays: 30 };

/** The sizes of a problem. */
export interface GgdlnSizes {
  /** Training examples. */
  readonly P: number;
  /** Inputs. */
  readonly N0: number;
  /** Gates of each layer, top first. */
  readonly gates: readonly number[];
  /** Default 1. */
  readonly outputs?: number;
  /** Test examples. Default 0. */
  readonly tests?: number;
  /** Name of the linear algebra; `openblas` factorises in place, others hold copies meanwhile. */
  readonly linalg?: string;
  /** At T = 0 the range of the kernel is computed too; see `rangeNeeded`. Default above 0. */
  readonly temperature?: number;
  /**
   * Whether the range of a singular kernel is computed. Default: at T = 0, and where there are more targets than the
   * kernel has rank for certain; a solve also needs it for dependent gates, and at temperatures close to 0.
   */
  readonly rangeNeeded?: boolean;
}

/** What a solve holds in memory. */
export interface GgdlnMemoryPlan {
  readonly objects: readonly { readonly name: string; readonly bytes: number }[];
  /** Bytes of all objects together, which is what they come to at the end of a solve. */
  readonly peak: number;
}

/**
 * The memory that a solve takes, object by object, for float64 arrays; small ones are left out. Gates count with all
 * their columns, though a solve in their row space needs less.
 * @throws GGDLN_INPUT for sizes that are no whole numbers.
 */
export function planGgdlnMemory(sizes: GgdlnSizes): GgdlnMemoryPlan {
  const { P, N0, gates, outputs = 1, tests = 0, linalg, temperature = 1 } = sizes;
  const layers = gates.map((count, t) => [`gates[${t}]`, count] as const);
  for (const [name, size] of [...Object.entries({ P, N0, outputs, tests }), ...layers]) {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw inputError(`${where} planGgdlnMemory`, `${name} is ${size}`, 'Sizes are whole numbers ≥ 0');
    }
  }
  const rows = P * outputs;
  const testRows = tests * outputs;
  const columns = gates.reduce((sum, count) => sum + count, 0);
  const composite = gates.reduce((product, count) => product * count, outputs);
  const { rangeNeeded = temperature === 0 || rows > N0 * Math.min(composite, rows) } = sizes;
  const secants = gates.length === 1 ? 4 * secantsKept(rows, composite) : 0;
  const numbers: readonly (readonly [name: string, count: number])[] = [
    ['inputs, targets and gates', (P + tests) * (N0 + columns) + rows],
    ['linear kernel K0', P * P],
    ['kernel K + TI, its factor and its inverse in one place', rows * rows],
    ['copies that the backend makes to factorise', (COPIES[linalg ?? ''] ?? 3) * rows * rows],
    ['range of a singular kernel', rangeNeeded ? RANGE_KERNELS * rows * rows : 0],
    ['composite gates and products with them', (4 * rows + 2 * testRows) * composite],
    ['rows of the kernel worked on', Math.min(rows, BLOCK_ROWS) * rows],
    ['order parameters and the curvature remembered', (20 + secants) * composite ** 2],
    ['kernel between test and training inputs, and the predictor', 4 * testRows * rows],
    [
      'arrays of earlier steps that are not collected yet',
      gates.length === 1 ? 0 : Math.min(UNCOLLECTED.most, UNCOLLECTED.arrays * rows * composite),
    ],
  ];
  const objects = numbers.filter(([, count]) => count > 0).map(([name, count]) => ({ name, bytes: BYTES * count }));
  return { objects, peak: objects.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** @throws GGDLN_INPUT with the plan and what would fit, when it doesn't fit into `limit` bytes. */
export function requireMemory(sizes: GgdlnSizes, limit: number): void {
  if (!(limit > 0)) throw inputError(where, `memoryLimit is ${limit}`, 'Give a number of bytes > 0');
  const { objects, peak } = planGgdlnMemory(sizes);
  if (peak <= limit) return;
  const largest = [...objects].sort((a, b) => b.bytes - a.bytes);
  const list = largest.slice(0, 4).map(({ name, bytes }) => `${name} ${readable(bytes)}`);
  const fits = largestP(sizes, limit);
  throw inputError(
    where,
    `${sizes.P} examples, ${sizes.N0} inputs and ${sizes.gates.join(' × ')} gates need ${readable(peak)} of memory, ` +
      `${readable(limit)} may be used: ${list.join('; ')}${objects.length > 4 ? '; …' : ''}`,
    `${fits > 0 ? `At most ${fits} examples fit` : 'Not even one example fits'}; use fewer examples, gates or outputs` +
      `${sizes.linalg === 'openblas' ? '' : ', or the openblas backend, which factorises in place'}, or raise memoryLimit`,
  );
}

/** The most examples that fit. */
function largestP(sizes: GgdlnSizes, limit: number): number {
  let [fits, fails] = [0, sizes.P];
  while (fails - fits > 1) {
    const P = Math.floor((fits + fails) / 2);
    if (planGgdlnMemory({ ...sizes, P }).peak <= limit) fits = P;
    else fails = P;
  }
  return fits;
}

function readable(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toPrecision(3)} MB` : `${(bytes / 1e9).toPrecision(3)} GB`;
}
