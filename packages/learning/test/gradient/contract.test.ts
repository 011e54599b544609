import { createGgdln } from '@ggdln/architectures';
import { sampleProblem, testLearner } from '@ggdln/plugin-testkit';
import { learningPlugin } from '../../src/index.ts';

const { langevin, 'gradient-descent': descent } = learningPlugin.learner!;

for (const widths of [[4], [3, 2, 4]]) {
  const problem = sampleProblem(createGgdln({ depth: widths.length, widths, sigma: 1 }));
  for (const dynamics of ['underdamped', 'overdamped']) {
    const options = { steps: 120, thin: 2, dynamics };
    testLearner(`langevin (${dynamics}) on widths ${widths}`, langevin, { problem, options });
  }
  const conditional = { steps: 120, thin: 2, estimator: 'conditional' };
  testLearner(`langevin (conditional) on widths ${widths}`, langevin, { problem, options: conditional });
  for (const starts of [1, 3]) {
    const options = { steps: 130, starts };
    testLearner(`gradient-descent (${starts} starts) on widths ${widths}`, descent, { problem, options });
  }
}
