import { type Architecture, createRandom } from '@ggdln/core';
import { createMlMatrixBackend, matrix } from '@ggdln/linalg';
import { sampleProblem, testDataset, testTheory } from '@ggdln/plugin-testkit';
import { expect, it } from 'vitest';
import { plugin } from '../index.js';

const linalg = createMlMatrixBackend();
const [N, sigma] = [3, 0.8];

/** A globally gated network with one hidden layer, in plain loops: f = Σ_im a_im g_m W_i·x / √(N M N0). */
const architecture: Architecture = {
  family: 'ggdln',
  widths: [N],
  sigma,
  shapes: ({ inputs, gates: [M] }) => ({ a: [N, M], W: [N, inputs] }),
  predict({ a, W }, { X, gates: [phi] }) {
    const out = matrix(X.rows, 1);
    const scale = 1 / Math.sqrt(N * phi.cols * X.cols);
    for (let row = 0; row < X.rows; row++) {
      for (let i = 0; i < N; i++) {
        let [hidden, readout] = [0, 0];
        for (let j = 0; j < X.cols; j++) hidden += W[i * X.cols + j] * X.data[row * X.cols + j];
        for (let m = 0; m < phi.cols; m++) readout += a[i * phi.cols + m] * phi.data[row * phi.cols + m];
        out.data[row] += scale * hidden * readout;
      }
    }
    return out;
  },
};
const problem = sampleProblem(architecture);

testDataset('circle', plugin.dataset.circle);
testDataset('noisy circle', plugin.dataset.circle, { options: { noise: 0.3, trainSize: 5 } });
testTheory('prior', plugin.theory.prior, { problem });

it('has the variance of networks that are drawn, at a small width', async () => {
  const context = { rng: createRandom(1), linalg };
  const { predictor } = await plugin.theory.prior.create({}).solve(problem, context);
  const [M, N0] = [problem.test.gates[0].cols, problem.test.X.cols];
  const draws = 4000;
  const sums = problem.test.X.data.slice(0, problem.test.X.rows).fill(0);
  const squares = sums.slice();
  for (let i = 0; i < draws; i++) {
    const rng = createRandom(2).stream(i);
    const draw = (size: number) => rng.fillGaussian(new Float64Array(size), sigma);
    const weights = { a: draw(N * M), W: draw(N * N0) };
    architecture.predict(weights, problem.test, linalg).data.forEach((f, row) => {
      sums[row] += (f * f) / draws;
      squares[row] += f ** 4 / draws;
    });
  }
  sums.forEach((found, row) => {
    const stderr = Math.sqrt((squares[row] - found ** 2) / draws);
    expect(Math.abs(found - predictor.variance.data[row])).toBeLessThan(4 * stderr);
  });
});

it('repeats around the circle', async () => {
  const context = { rng: createRandom(1), linalg };
  const { test } = await plugin.dataset.circle.create({ trainSize: 1, testSize: 12, waves: 4, noise: 0 }, context);
  for (let i = 0; i < 12; i++) expect(test.Y.data[i]).toBeCloseTo(test.Y.data[(i + 3) % 12], 12);
});
