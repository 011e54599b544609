import { createGalu, createGgdln, createMlp } from '@ggdln/architectures';
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

const twoOutputs = sampleProblem(createGgdln({ depth: 2, widths: [3, 2], sigma: 1 }), { outputs: 2 });
testLearner('block-gibbs on two outputs', entry, { problem: twoOutputs, options: { sweeps: 60 } });
const galu = sampleProblem(createGalu({ sigma: 1 }), { outputs: 2 });
testLearner('block-gibbs on two outputs of a galu network', entry, { problem: galu, options: { sweeps: 60 } });

const hmc = learningPlugin.learner!.hmc;
testLearner('hmc on two outputs', hmc, { problem: twoOutputs, options: { trajectories: 60 } });
const relu = createMlp({ depth: 2, width: 3, sigma: 1, activation: 'relu' });
testLearner('hmc on a ReLU network', hmc, {
  problem: sampleProblem(relu, { gates: [1, 1] }),
  options: { trajectories: 60 },
});
