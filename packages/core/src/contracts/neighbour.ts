import type { Matrix } from './linalg.ts';

/** A solution of the same problem, but for the widths of the network. */
export interface Neighbour {
  /** Hidden widths, top first. */
  readonly widths: readonly number[];
  /** As the theory gave them. */
  readonly orderParameters: { readonly [name: string]: Matrix };
}
