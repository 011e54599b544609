import type { RandomStream } from '@ggdln/core';
import { relatedTeachers } from '@ggdln/datasets';
import { matrix } from '@ggdln/linalg';
import type { ContinualTask } from '@ggdln/theory/continual';

/** A sequence of related regression tasks. */
export interface TaskSequenceOptions {
  /** T. */
  readonly tasks: number;
  /** P of each. */
  readonly examples: number;
  /** N0. */
  readonly features: number;
  /** Share that the inputs of two tasks have in common, 0 to 1. */
  readonly inputSimilarity: number;
  /** Cosine of the teachers of two tasks. */
  readonly ruleSimilarity: number;
}

/** Teachers and inputs that are alike from task to task, the training examples of each apart. */
export function taskSequence(
  { tasks, examples, features, inputSimilarity, ruleSimilarity }: TaskSequenceOptions,
  rng: RandomStream,
): ContinualTask[] {
  const sizes = { tasks, inputs: features, trainSize: tasks * examples, testSize: tasks };
  const { train } = relatedTeachers({ ...sizes, inputSimilarity, ruleSimilarity }, rng);
  return Array.from({ length: tasks }, (_, t) => {
    const rows = Array.from({ length: train.X.rows }, (__, i) => i).filter((i) => train.tasks?.[i] === t);
    const X = matrix(rows.length, features);
    rows.forEach((row, i) => {
      X.data.set(train.X.data.subarray(row * features, (row + 1) * features), i * features);
    });
    return { X, y: Float64Array.from(rows, (row) => train.Y.data[row]) };
  });
}
