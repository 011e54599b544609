import type { GatingEntry, Plugin } from '@ggdln/core';

export declare const plugin: Plugin & { readonly gating: { readonly stripes: GatingEntry } };
