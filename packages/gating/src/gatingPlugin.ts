import { CONTRACT_VERSION, type Plugin } from '@ggdln/core';
import { alwaysOnEntry } from './alwaysOn.ts';
import { drawnHalfSpacesEntry } from './drawnHalfSpaces.ts';
import { halfSpacesEntry } from './halfSpaces.ts';
import { kMeansEntry } from './kMeans.ts';
import { nearestCentroidEntry } from './nearestCentroid.ts';
import { oneHotTasksEntry } from './oneHotTasks.ts';
import { principalSidesEntry } from './principalSides.ts';
import { taskCodeEntry } from './taskCode.ts';
import { taskMaskEntry } from './taskMask.ts';
import { taskPermutationEntry } from './taskPermutation.ts';

/** The gatings of this package. */
export const gatingPlugin: Plugin = {
  name: '@ggdln/gating',
  contract: CONTRACT_VERSION,
  gating: {
    'half-spaces': halfSpacesEntry,
    'drawn-half-spaces': drawnHalfSpacesEntry,
    'always-on': alwaysOnEntry,
    'k-means': kMeansEntry,
    pca: principalSidesEntry,
    'nearest-centroid': nearestCentroidEntry,
    'one-hot-tasks': oneHotTasksEntry,
    'task-code': taskCodeEntry,
    'task-mask': taskMaskEntry,
    'task-permutation': taskPermutationEntry,
  },
};
