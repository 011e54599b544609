import { CONTRACT_VERSION, type DatasetEntry, defineDataset, integer, number, type Plugin } from '@ggdln/core';
import { noisyTeacher } from '@ggdln/datasets';
import { matrix } from '@ggdln/linalg';

/** The noisy linear teacher with outputs of a chosen size; noise is absolute. */
const scaledTeacher: DatasetEntry = defineDataset({
  title: 'Scaled teacher',
  summary: 'Gaussian inputs, a linear teacher with outputs of a chosen standard deviation, label noise.',
  options: {
    scale: number({ title: 'Size of targets', min: 1e-9, default: 1, help: 'Standard deviation of the teacher.' }),
    noise: number({ title: 'Label noise', min: 0, default: 0.1, help: 'Standard deviation on training targets.' }),
    inputs: integer({ title: 'Input dimension', symbol: 'N0', min: 1, default: 12, help: 'Input dimension.' }),
    trainSize: integer({ title: 'Training examples', symbol: 'P', min: 1, default: 24, help: 'Training examples.' }),
    testSize: integer({ title: 'Test examples', min: 1, default: 60, help: 'Test examples, without noise.' }),
  },
  create: async ({ scale, noise, ...sizes }, { rng }) => {
    const { train, test, provenance } = noisyTeacher({ ...sizes, noise: noise / scale }, rng);
    const scaled = ({ X, Y }: typeof train) => ({
      X,
      Y: matrix(
        Y.rows,
        Y.cols,
        Y.data.map((y) => scale * y),
      ),
    });
    return { train: scaled(train), test: scaled(test), provenance: { ...provenance, scale } };
  },
});

/** The dataset as a plugin, for the registry of one reproduction. */
export const scaledTeacherPlugin: Plugin = {
  name: '@ggdln/reproductions',
  contract: CONTRACT_VERSION,
  dataset: { 'scaled-teacher': scaledTeacher },
};
