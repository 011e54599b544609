import { createLoopMemory, type LoopMemory, type Matrix, matrix } from '@ggdln/linalg';
import { BLOCK_ROWS } from './kernelBlocks.ts';

/** The large memory of a search, used again by every evaluation. One search at a time may use it. */
export interface Workspace {
  /** rows × rows: K + TI, then its Cholesky factor, then its inverse H, in one place where the backend can. */
  kernel: Matrix;
  /** BLOCK_ROWS rows of the kernel. */
  readonly block: Float64Array;
  /** The data terms whose H is in `kernel`. */
  holder: object | undefined;
  /** Whether the upper triangle of `kernel` is filled too. */
  isWhole: boolean;
}

/** Where the arrays of a problem with rows × rows numbers live. */
export interface LargeMemory {
  /** Has room for K0 and one workspace. */
  readonly loops: LoopMemory;
  readonly rows: number;
  /** P × P zeros for K0. */
  readonly K0: Matrix;
  /** For a row of K0 with its entries repeated over the outputs; empty for one output. */
  readonly repeated: Float64Array;
  /** For sums over the rows of a kernel. */
  readonly sums: Float64Array;
  readonly ones: Float64Array;
  /** Workspaces that were given back. */
  readonly spare: Workspace[];
}

/** @param P Examples. @param rows Examples times outputs. */
export function createLargeMemory(P: number, rows: number): LargeMemory {
  const repeated = rows === P ? 0 : rows;
  const loops = createLoopMemory([P * P, repeated, rows, rows, rows * rows, blockLength(rows)]);
  return {
    loops,
    rows,
    K0: matrix(P, P, loops.float64(P * P)),
    repeated: loops.float64(repeated),
    sums: loops.float64(rows),
    ones: loops.float64(rows).fill(1),
    spare: [],
  };
}

/** A workspace that nobody else uses until it is given back; the first one taken is where loops are fast. */
export function takeWorkspace({ loops, rows, spare }: LargeMemory): Workspace {
  return (
    spare.shift() ?? {
      kernel: matrix(rows, rows, loops.float64(rows * rows)),
      block: loops.float64(blockLength(rows)),
      holder: undefined,
      isWhole: false,
    }
  );
}

/** Gives a workspace back for others to take. What it holds is lost then. */
export function giveBack({ spare }: LargeMemory, workspace: Workspace): void {
  workspace.holder = undefined;
  spare.push(workspace);
}

const blockLength = (rows: number) => Math.min(rows, BLOCK_ROWS) * rows;
