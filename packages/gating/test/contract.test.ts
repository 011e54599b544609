import { createRegistry, type Matrix } from '@ggdln/core';
import { testGating } from '@ggdln/plugin-testkit';
import { gatingPlugin } from '../src/index.ts';
import { randomInputs } from './samples.ts';

/** Gatings for inputs of one dimension only. */
const inputs: { readonly [name: string]: { readonly X: Matrix } } = { 'drawn-half-spaces': { X: randomInputs(14, 2) } };
for (const { name, entry } of createRegistry([gatingPlugin]).list('gating')) testGating(name, entry, inputs[name]);

const { gating = {} } = gatingPlugin;
testGating('half-spaces with a threshold', gating['half-spaces'], {
  options: { gates: 20, threshold: 0.4, centre: false },
});
testGating('half-spaces without always-on', gating['half-spaces'], { options: { gates: 1, alwaysOn: false } });
testGating('one-hot-tasks with always-on', gating['one-hot-tasks'], { options: { tasks: 5, alwaysOn: true } });
testGating('k-means without always-on', gating['k-means'], { options: { gates: 9, restarts: 1, alwaysOn: false } });
testGating('pca on both sides', gating.pca, { options: { gates: 11, bothSides: true } });
testGating('nearest-centroid, one gate', gating['nearest-centroid'], { options: { gates: 1, alwaysOn: false } });
for (const codes of ['random', 'opposite']) {
  testGating(`task-code with ${codes} codes`, gating['task-code'], {
    options: { gates: 8, strength: 3, codes, codeSize: 2, tasks: 3, threshold: -0.1, alwaysOn: false },
  });
}
testGating('task-mask, disjoint', gating['task-mask'], { options: { gates: 8, subsets: 'disjoint', alwaysOn: false } });
testGating('task-permutation with spare tasks', gating['task-permutation'], { options: { gates: 8, tasks: 9 } });
testGating('drawn-half-spaces without always-on', gating['drawn-half-spaces'], {
  ...inputs['drawn-half-spaces'],
  options: { angles: [10, 70], thresholds: [0.4, -0.3], alwaysOn: false },
});
