import { architecturesPlugin } from '@ggdln/architectures';
import type { Plugin } from '@ggdln/core';
import { datasetsPlugin } from '@ggdln/datasets';
import { gatingPlugin } from '@ggdln/gating';
import { learningPlugin } from '@ggdln/learning';
import { linalgPlugin } from '@ggdln/linalg';
import { studiesPlugin } from '@ggdln/studies';
import { tensorPlugin } from '@ggdln/tensor';
import { theoryPlugin } from '@ggdln/theory';

/** Every built-in plugin that runs in Node and in browsers alike: `createRegistry([...standardPlugins, myPlugin])`. */
export const standardPlugins: readonly Plugin[] = [
  linalgPlugin,
  tensorPlugin,
  datasetsPlugin,
  gatingPlugin,
  architecturesPlugin,
  learningPlugin,
  theoryPlugin,
  studiesPlugin,
];
