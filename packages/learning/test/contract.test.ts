import { createGgdln } from '@ggdln/architectures';
import { sampleProblem, testLearner } from '@ggdln/plugin-testkit';
import { learningPlugin } from '../src/index.ts';

const entry = learningPlugin.learner!['block-gibbs'];

for (const widths of [[4], [3, 2], [3, 2, 4]]) {
  const problem = sampleProblem(createGgdln({ depth: widths.length, widths, sigma: 1 }));
  for (const estimator of ['conditional', 'sampled']) {
    testLearner(`block-gibbs (${estimator}) on widths ${widths}`, entry, {
      problem,
      options: { sweeps: 60, estimator },
    });
  }
}
