import { CONTRACT_VERSION, type Plugin } from '@ggdln/core';
import { alwaysOnEntry } from './alwaysOn.ts';
import { halfSpacesEntry } from './halfSpaces.ts';
import { oneHotTasksEntry } from './oneHotTasks.ts';

/** The gatings of this package. */
export const gatingPlugin: Plugin = {
  name: '@ggdln/gating',
  contract: CONTRACT_VERSION,
  gating: { 'half-spaces': halfSpacesEntry, 'always-on': alwaysOnEntry, 'one-hot-tasks': oneHotTasksEntry },
};
