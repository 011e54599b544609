import {
  CONTRACT_VERSION,
  type DatasetEntry,
  defineDataset,
  type Examples,
  integer,
  type Plugin,
  type RandomStream,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';

/**
 * Two tasks on the same Gaussian inputs with opposite answers: y = ± w·x/√N0. Rows 2i and 2i + 1 are one input under
 * task 0 and task 1 (theory page ggdln, section 9, conflicting labels).
 */
const conflictingTeacher: DatasetEntry = defineDataset({
  title: 'Conflicting teacher',
  summary: 'Two tasks with the same inputs and opposite linear answers.',
  options: {
    inputs: integer({ title: 'Input dimension', symbol: 'N0', min: 1, default: 20, help: 'Input dimension.' }),
    trainSize: integer({ title: 'Training examples', symbol: 'P', min: 1, default: 40, help: 'Of each task.' }),
    testSize: integer({ title: 'Test examples', min: 1, default: 100, help: 'Of each task.' }),
  },
  create: async ({ inputs, trainSize, testSize }, { rng }) => {
    const w = rng.stream('teacher').fillGaussian(new Float64Array(inputs), 1 / Math.sqrt(inputs));
    return {
      train: twoTasks(w, trainSize, rng.stream('train')),
      test: twoTasks(w, testSize, rng.stream('test')),
      provenance: { dataset: 'conflicting-teacher', inputs, trainSize, testSize },
    };
  },
});

function twoTasks(w: Float64Array, size: number, rng: RandomStream): Examples {
  const X = matrix(2 * size, w.length);
  const Y = matrix(2 * size, 1);
  for (let i = 0; i < size; i++) {
    const x = rng.fillGaussian(new Float64Array(w.length));
    const answer = x.reduce((sum, value, j) => sum + value * w[j], 0);
    for (const task of [0, 1]) {
      X.data.set(x, (2 * i + task) * w.length);
      Y.data[2 * i + task] = task === 0 ? answer : -answer;
    }
  }
  return { X, Y, tasks: Int32Array.from({ length: 2 * size }, (_, row) => row % 2) };
}

/** The dataset as a plugin, for the registry of one reproduction. */
export const conflictingTeacherPlugin: Plugin = {
  name: '@ggdln/reproductions',
  contract: CONTRACT_VERSION,
  dataset: { 'conflicting-teacher': conflictingTeacher },
};
