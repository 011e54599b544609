import { createRandom, type RandomStream, type RunContext } from '@ggdln/core';
import { createMlMatrixBackend, matrix } from '@ggdln/linalg';
import { type KPathOptions, type KPathTask, relabellings } from '../../src/kPath/index.ts';

const linalg = createMlMatrixBackend();
export const context = (): Pick<RunContext, 'linalg' | 'rng'> => ({ linalg, rng: createRandom(1).stream('k-path') });
/** A network that learns the task in a moment. */
export const options: KPathOptions = {
  gate: { mode: '2_plus_mod_permute' },
  network: { width: 8 },
  start: { gain: 0.5 },
  optimizer: { use: 'sgd', rate: 0.1, momentum: 0.9 },
  batch: 10,
  epochs: 30,
  scoreEvery: 10,
};

interface Sizes {
  readonly domains: number;
  readonly features: number;
  readonly classes: number;
  readonly train: number;
  readonly test: number;
  readonly noise: number;
}

/** Gaussian classes in D dimensions, features shuffled by input domain, labels by output domain. */
function gaussianTask(
  rng: RandomStream,
  { domains, features, classes, train, test, noise }: Sizes = {
    domains: 4,
    features: 6,
    classes: 3,
    train: 40,
    test: 60,
    noise: 0.5,
  },
): KPathTask {
  const means = Array.from({ length: classes }, () => rng.fillGaussian(new Float64Array(features)));
  const draw = (count: number) => {
    const labels = Int32Array.from({ length: count }, () => rng.integer(classes));
    const X = matrix(count, features);
    X.data.forEach((_, i) => {
      X.data[i] = means[labels[Math.floor(i / features)]][i % features] + noise * rng.gaussian();
    });
    return { X, labels };
  };
  return {
    train: draw(train),
    test: draw(test),
    classes,
    inputs: Array.from({ length: domains }, (_, a) => rng.stream(`order/${a}`).permutation(features)),
    labels: relabellings(domains, classes, 'random', rng),
  };
}

export const task: KPathTask = gaussianTask(createRandom(3).stream('task'));
