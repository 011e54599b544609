import { createRandom } from '@ggdln/core';
import { type Matrix, matrix } from '@ggdln/linalg';
import { expect, it } from 'vitest';
import { type Activation, reluActivation } from '../../src/kernels/index.ts';
import { ndkDiffusivePhase, scaledErfActivation } from '../../src/ndk/index.ts';
import { gaussianMatrix } from '../helpers.ts';
import { linalg } from './problems.ts';

const [P, N0, TESTS, DRAWS] = [24, 10, 60, 2];
/** Of σ². */
const TAUS = [0, 0.1, 0.4, 1, 2, 6];

/** Rows with |x|² = N0. */
function onSphere(X: Matrix): Matrix {
  const norms = Array.from({ length: X.rows }, (_, i) => Math.hypot(...X.data.subarray(i * N0, (i + 1) * N0)));
  return matrix(
    X.rows,
    N0,
    X.data.map((x, k) => (x * Math.sqrt(N0)) / norms[Math.floor(k / N0)]),
  );
}

/** Signs of a linear teacher on training and test inputs. */
function drawn(seed: number) {
  const rng = createRandom(`early stopping ${seed}`);
  const teacher = gaussianMatrix(rng.stream('teacher'), N0, 1);
  const signs = (X: Matrix) => linalg.gemm(X, teacher).data.map(Math.sign);
  const [X, test] = [
    onSphere(gaussianMatrix(rng.stream('X'), P, N0)),
    onSphere(gaussianMatrix(rng.stream('test'), TESTS, N0)),
  ];
  return { X, y: signs(X), test: { X: test }, targets: signs(test) };
}

/**
 * Test error of the mean output along the second phase, mean over draws (theory page ndk, section 6). Meshes that settle
 * within 1e-3 give it to 1e-7, far below every difference that is asked for.
 */
async function errors(activation: Activation, depth: number, sigma0: number): Promise<number[]> {
  const found = TAUS.map(() => 0);
  for (let seed = 0; seed < DRAWS; seed++) {
    const { targets, ...problem } = drawn(seed);
    const network = { activation, depth, sigma: 1, sigma0, temperature: 1 };
    const { test } = await ndkDiffusivePhase({ network, ...problem }, TAUS, { linalg, tolerance: 1e-3 });
    test.data.forEach((f, k) => {
      found[Math.floor(k / TESTS)] += (f - targets[k % TESTS]) ** 2 / TESTS / DRAWS;
    });
  }
  return found;
}

it('erf from large weights: the test error has a minimum inside the second phase, so that stopping early is best', async () => {
  const found = await errors(scaledErfActivation(1), 2, 3);
  const best = Math.min(...found.slice(1, -1));
  expect(found[0] / best).toBeGreaterThan(1.02);
  expect((found.at(-1) ?? 0) / best).toBeGreaterThan(1.02);
});

it('erf from small weights: it falls all the way', async () => {
  const found = await errors(scaledErfActivation(1), 1, 0.3);
  for (let i = 1; i < TAUS.length; i++) expect(found[i]).toBeLessThan(found[i - 1]);
  expect(found[0] / (found.at(-1) ?? 0)).toBeGreaterThan(1.02);
});

it('ReLU from small weights: it has a maximum inside', async () => {
  const found = await errors(reluActivation, 1, 0.5);
  const worst = Math.max(...found.slice(1, -1));
  expect(worst / found[0]).toBeGreaterThan(1.02);
  expect(worst / (found.at(-1) ?? 0)).toBeGreaterThan(1.005);
});
