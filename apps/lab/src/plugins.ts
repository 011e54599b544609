import type { Plugin } from '@ggdln/core';
import { standardPlugins } from '@ggdln/standard';

/** Every plugin that is part of this build: one that is added here appears everywhere. */
export const labPlugins: readonly Plugin[] = standardPlugins;
