import { type Matrix, matrix } from '@ggdln/linalg';
import { BLOCK_ROWS } from './kernelBlocks.ts';
import type { PreparedGgdln } from './prepare.ts';

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

export function createWorkspace({ y }: Pick<PreparedGgdln, 'y'>): Workspace {
  const rows = y.length;
  return {
    kernel: matrix(rows, rows),
    block: new Float64Array(Math.min(rows, BLOCK_ROWS) * rows),
    holder: undefined,
    isWhole: false,
  };
}
