import { createRegistry } from '@ggdln/core';
import { testGating } from '@ggdln/plugin-testkit';
import { gatingPlugin } from '../src/index.ts';

for (const { name, entry } of createRegistry([gatingPlugin]).list('gating')) testGating(name, entry);

const { gating = {} } = gatingPlugin;
testGating('half-spaces with a threshold', gating['half-spaces'], {
  options: { gates: 20, threshold: 0.4, centre: false },
});
testGating('half-spaces without always-on', gating['half-spaces'], { options: { gates: 1, alwaysOn: false } });
testGating('one-hot-tasks with always-on', gating['one-hot-tasks'], { options: { tasks: 5, alwaysOn: true } });
