import type { DatasetEntry, Plugin, TheoryEntry } from '@ggdln/core';

export declare const plugin: Plugin & {
  readonly dataset: { readonly circle: DatasetEntry };
  readonly theory: { readonly prior: TheoryEntry };
};
