import type { FlatArray } from '@ggdln/core';

/** A batch as every input domain shows it and every output domain names it. */
export interface KPathBatch<Numbers extends FlatArray> {
  readonly rows: number;
  /** By input domain, rows × features; longer arrays are read from their start. */
  readonly inputs: readonly Numbers[];
  /** By output domain, (rows). */
  readonly labels: readonly ArrayLike<number>[];
}
