import { createGaussianGln, drawGlnHalfSpaces } from '@ggdln/architectures';
import { createRandom } from '@ggdln/core';
import { describe, expect, it } from 'vitest';
import { bernoulliLearner, gaussianLearner, learnOnline, type StepSize } from '../../src/index.ts';
import { makeNetwork, sineStream, spiralStream, xorStream } from './streams.ts';

// One pass, no second look; every number is of predictions made before learning from the example.

/** Share of the last examples of a stream whose class was predicted. */
async function accuracyOfLast(
  last: number,
  network: ReturnType<typeof makeNetwork>,
  stream: ReturnType<typeof xorStream>,
  stepSize: StepSize,
) {
  const learner = bernoulliLearner(network);
  let right = 0;
  await learnOnline(learner, learner.init(), stream, {
    stepSize,
    onPrediction({ probability }, index) {
      if (index >= stream.length - last && probability > 0.5 === (stream[index].target === 1)) right += 1;
    },
  });
  return right / last;
}

describe.each([1, 2, 3])('XOR, seed %i', (seed) => {
  const stream = xorStream(600, seed);

  it('is learned by gated neurons (reference 0.997, 1.000, 0.997)', async () => {
    expect(await accuracyOfLast(300, makeNetwork([8, 1], 2, { seed }), stream, 0.1)).toBeGreaterThanOrEqual(0.98);
  });

  it('is not by logistic regression (reference 0.47–0.52)', async () => {
    expect(await accuracyOfLast(300, makeNetwork([1], 0), stream, 0.1)).toBeLessThan(0.6);
  });
});

describe('two spirals', () => {
  const stepSize = (t: number) => Math.max(0.02, Math.min(0.3, 30 / t));

  it.each([
    [[40, 20, 1], 4, 0.99, 1], // reference 0.997; six seeds give 0.996–1.000
    [[100, 1], 4, 0.975, 1], // reference 0.988; 0.988–0.999
    [[1], 0, 0.6, 0.7], // reference 0.66; 0.62–0.66
  ])('layers %j with %i bits', async (layers, bits, least, most) => {
    const network = makeNetwork(layers, bits, { offsetDeviation: 0.5 });
    const accuracy = await accuracyOfLast(1000, network, spiralStream(4000, 1), stepSize);
    expect(accuracy).toBeGreaterThanOrEqual(least);
    expect(accuracy).toBeLessThanOrEqual(most);
  });
});

/** Error of the mean against the clean function, and mean predicted variance, over the last 1000 of 4000 examples. */
async function sineErrors(layerSizes: readonly number[], contextBits: number, seed: number) {
  const rng = createRandom(seed).stream('half-spaces');
  const halfSpaces = drawGlnHalfSpaces({ sideInputs: 1, layerSizes, contextBits, offsetDeviation: 0.8 }, rng);
  const network = createGaussianGln({ inputs: 1, halfSpaces, biasMeans: [-2, 0, 2], varianceMin: 0.01 });
  const learner = gaussianLearner(network);
  const stream = sineStream(4000, seed);
  let [square, predicted] = [0, 0];
  await learnOnline(learner, learner.init(), stream, {
    stepSize: (t) => (t < 3000 ? 0.02 : 0.005),
    onPrediction({ mean, variance }, index) {
      if (index < 3000) return;
      square += (mean - stream[index].clean) ** 2 / 1000;
      predicted += variance / 1000;
    },
  });
  return { rmse: Math.sqrt(square), variance: predicted, noisySquare: square + 0.01 };
}

describe.each([1, 2, 3])('a sine, seed %i', (seed) => {
  it('is fitted the better the more contexts there are', async () => {
    const linear = await sineErrors([1], 0, seed);
    const coarse = await sineErrors([16, 8, 1], 2, seed);
    const fine = await sineErrors([16, 8, 1], 4, seed);
    // References: rmse 0.70(1), 0.215(9), 0.110(14); variance 0.47, 0.06, 0.025.
    expect(Math.abs(linear.rmse - 0.7)).toBeLessThan(0.03);
    expect(Math.abs(coarse.rmse - 0.215)).toBeLessThan(0.04);
    expect(Math.abs(fine.rmse - 0.11)).toBeLessThan(0.04);
  });

  it('comes with the variance that its errors have', async () => {
    const { variance, noisySquare } = await sineErrors([16, 8, 1], 4, seed);
    expect(variance / noisySquare).toBeGreaterThan(0.7);
    expect(variance / noisySquare).toBeLessThan(1.6);
  });
});
