import {
  type Dataset,
  defineDataset,
  type Examples,
  integer,
  number,
  type Plugin,
  type RandomStream,
} from '@ggdln/core';
import { columnVector, matrix } from '@ggdln/linalg';

const NAME = 'ggdln-plugin-template';

interface SpiralsOptions {
  readonly trainSize: number;
  readonly testSize: number;
  readonly turns: number;
  readonly noise: number;
}

/** Two spirals around the origin, turned by half a turn against each other: y = +1 on one, −1 on the other. */
function spirals({ trainSize, testSize, turns, noise }: SpiralsOptions, rng: RandomStream): Dataset {
  // Streams with names of their own: the test set doesn't depend on how large the training set is.
  const draw = (size: number, stream: RandomStream): Examples => {
    const X = matrix(size, 2);
    const y = Float64Array.from({ length: size }, (_, i) => (i % 2 === 0 ? 1 : -1));
    y.forEach((sign, i) => {
      const along = Math.sqrt(stream.uniform());
      const angle = 2 * Math.PI * turns * along + (sign > 0 ? 0 : Math.PI);
      X.data[2 * i] = along * Math.cos(angle) + noise * stream.gaussian();
      X.data[2 * i + 1] = along * Math.sin(angle) + noise * stream.gaussian();
    });
    return { X, Y: columnVector(y) };
  };
  return {
    train: draw(trainSize, rng.stream('train')),
    test: draw(testSize, rng.stream('test')),
    // Goes into the results: what was made, and how.
    provenance: { dataset: 'template-entry', trainSize, testSize, turns, noise },
  };
}

export const plugin: Plugin = {
  name: NAME,
  contract: '1.0.0',
  dataset: {
    'template-entry': defineDataset({
      title: 'Template title',
      summary: 'Two interleaved spirals in the plane, which no straight line separates.',
      options: {
        trainSize: integer({
          title: 'Training examples',
          symbol: 'P',
          min: 2,
          max: 100_000,
          default: 40,
          help: 'Half on each spiral.',
        }),
        testSize: integer({ title: 'Test examples', min: 2, max: 100_000, default: 40, help: 'Half on each spiral.' }),
        turns: number({
          title: 'Turns',
          min: 0,
          max: 20,
          default: 0.75,
          help: 'Of each spiral, from its centre to its end.',
        }),
        noise: number({
          title: 'Noise',
          min: 0,
          max: 10,
          default: 0.05,
          help: 'Standard deviation added to every input.',
        }),
      },
      create: (options, { rng }) => spirals(options, rng),
    }),
  },
};
