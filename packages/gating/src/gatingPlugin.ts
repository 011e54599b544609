import { CONTRACT_VERSION, type Plugin } from '@ggdln/core';
import { alwaysOn } from './alwaysOn.ts';
import { halfSpaces } from './halfSpaces.ts';
import { oneHotTasks } from './oneHotTasks.ts';

/** The gatings of this package. */
export const gatingPlugin: Plugin = {
  name: '@ggdln/gating',
  contract: CONTRACT_VERSION,
  gating: { 'half-spaces': halfSpaces, 'always-on': alwaysOn, 'one-hot-tasks': oneHotTasks },
};
