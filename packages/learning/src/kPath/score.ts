import type { LinalgBackend, Matrix } from '@ggdln/core';
import { add, matrix } from '@ggdln/linalg';
import type { KPathCentre } from './centre.ts';
import type { KPathLayout, KPathSizes } from './network.ts';
import { createKPathProgram } from './program.ts';
import { type KPathTask, showExamples } from './task.ts';

/** How a network does on all pairs; means over pairs are null where there is none of the kind. */
export interface KPathScores {
  /** Mean cross-entropy of each pair in nats, and share of right answers; M × M, input domains in rows. */
  readonly losses: Matrix;
  readonly accuracies: Matrix;
  readonly selectedLoss: number | null;
  readonly unselectedLoss: number | null;
  readonly selectedAccuracy: number | null;
  readonly unselectedAccuracy: number | null;
}

/** Scores after an epoch. */
export interface KPathEpoch {
  readonly epoch: number;
  /** Mean training loss over the steps of the epoch; null before any. */
  readonly loss: number | null;
  readonly train: KPathScores;
  readonly test: KPathScores;
}

/** Examples scored at a time. */
const CHUNK = 250;

/** Scores parameters on all pairs of one half of a task, in chunks, with a pause between them. */
export function createScorer(
  task: KPathTask,
  { domains, features }: KPathSizes,
  layout: KPathLayout,
  gate: Matrix,
  linalg: LinalgBackend,
  centre?: KPathCentre<Float32Array>,
) {
  const rows = Math.min(CHUNK, Math.max(task.train.labels.length, task.test.labels.length));
  const program = createKPathProgram<Float32Array>(layout, gate, rows, Float32Array, linalg, centre);
  const inputs = Array.from({ length: domains }, () => new Float32Array(rows * features));
  return async (
    theta: Float32Array,
    part: 'train' | 'test',
    pause: () => Promise<void> | undefined,
  ): Promise<KPathScores> => {
    const examples = task[part];
    const count = examples.labels.length;
    let [losses, correct] = [matrix(domains, domains), matrix(domains, domains)];
    for (let first = 0; first < count; first += rows) {
      const picked = Int32Array.from({ length: Math.min(rows, count - first) }, (_, i) => first + i);
      inputs.forEach((out, a) => {
        showExamples(examples, task.inputs, a, picked, out);
      });
      const labels = task.labels.map((map) => Array.from(picked, (p) => map[examples.labels[p]]));
      const sums = program.score(theta, { rows: picked.length, inputs, labels });
      losses = add(losses, sums.losses, 1, 1 / count);
      correct = add(correct, sums.correct, 1, 1 / count);
      await pause();
    }
    const mean = (values: Matrix, kind: number): number | null => {
      const chosen = values.data.filter((_, pair) => gate.data[pair] === kind);
      return chosen.length === 0 ? null : chosen.reduce((sum, value) => sum + value, 0) / chosen.length;
    };
    return {
      losses,
      accuracies: correct,
      selectedLoss: mean(losses, 1),
      unselectedLoss: mean(losses, 0),
      selectedAccuracy: mean(correct, 1),
      unselectedAccuracy: mean(correct, 0),
    };
  };
}
