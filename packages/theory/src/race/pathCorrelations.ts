import type { Matrix } from '@ggdln/core';

/** What data are to the paths of a gated graph: `gdlnPathStatistics` of @ggdln/architectures/gdln gives it. */
export interface PathCorrelations {
  /** Paths by their edges, input to output. */
  readonly paths: readonly (readonly string[])[];
  /** Input and output node of each path. */
  readonly ends: readonly { readonly source: string; readonly target: string }[];
  /** Σ^yx(p) = ⟨g_p y x_pᵀ⟩. */
  readonly sigmaYX: readonly Matrix[];
  /** Σ^x(j, p) = ⟨g_j x_j x_pᵀ g_p⟩ of pairs with the same output. */
  readonly sigmaX: readonly { readonly j: number; readonly p: number; readonly value: Matrix }[];
}
