import { createMlp } from '@ggdln/architectures';
import { createTable, type Matrix, type Row, type RunContext, type StudyResult, type StudySnapshot } from '@ggdln/core';
import { descendTasks, forgettingOverRuns, type TaskSequence } from '@ggdln/learning';
import { matrix } from '@ggdln/linalg';
import {
  type ContinualTask,
  continualLimit,
  continualOrderParameters,
  forgettingMatrix,
  taskPair,
} from '@ggdln/theory/continual';
import { reluActivation } from '@ggdln/theory/kernels';
import { diagnostic, simulatedRow, theoryRow } from '../rows.ts';
import { createWatch, snapshotAt } from '../watch.ts';
import { type TaskSequenceOptions, taskSequence } from './taskSequence.ts';

/** What is learnt and forgotten. */
export interface ForgettingOptions extends TaskSequenceOptions {
  /** N of the trained networks. */
  readonly width: number;
  readonly networks: number;
}

const where = '@ggdln/studies forgetting';
const DESCENT = { source: 'gradient descent', role: 'gradient-descent' } as const;
const SIGMA2 = 2;
/** Tasks whose forgetting is drawn as a curve; the matrices hold all. */
const CURVES = 4;

/**
 * One task after the other: mean squared error on task s after task t, infinitely wide ReLU networks by theory and wide
 * ones by gradient descent. One step is one network that learns the whole sequence.
 * Source: Shan, Li, Sompolinsky, arXiv:2407.10315; theory page continual, sections 3 to 5.
 * @throws GGDLN_NUMERICAL for tasks whose kernel is singular; GGDLN_CANCELLED.
 */
export async function* forgettingStudy(
  options: ForgettingOptions,
  context: RunContext,
): AsyncGenerator<StudySnapshot, StudyResult, void> {
  const { networks } = options;
  const { rng, linalg, signal } = context;
  const watch = createWatch(context, where);
  const tasks = taskSequence(options, rng.stream('tasks'));
  const targets = tasks.map(({ y }) => y);
  const network = { activation: reluActivation, depth: 1 };
  const { mean } = await continualLimit(
    { network, tasks },
    { sigma2: SIGMA2, mode: 'gradient' },
    { linalg, jitter: 1e-10 },
  );
  const theory = forgettingMatrix({ mean }, targets);
  const similarities = await similaritiesOf(tasks, context);
  const runs: Matrix[][] = [];
  const result = () => resultOf(theory, runs, targets, similarities);
  const at = (step: number, stage: string) => ({ step, total: networks, stage, unit: 'networks' });
  yield snapshotAt(at(0, 'theory'), result());
  const sequence = sequenceFor(options, tasks);
  for (let k = 0; k < networks; k++) {
    const how = { rng: rng.stream('networks').stream(k), linalg, tolerance: 1e-3, ...(signal ? { signal } : {}) };
    const { train } = await descendTasks(sequence, how);
    runs.push([...train]);
    const here = at(k + 1, 'gradient descent');
    if ((await watch.after(here)) && k + 1 < networks) yield snapshotAt(here, result());
  }
  return result();
}

function sequenceFor({ width }: ForgettingOptions, tasks: readonly ContinualTask[]): TaskSequence {
  const architecture = createMlp({ activation: 'relu', depth: 1, width, sigma: Math.sqrt(SIGMA2) });
  const open = (rows: number) => matrix(rows, 1, new Float64Array(rows).fill(1));
  return { architecture, tasks: tasks.map(({ X, y }) => ({ inputs: { X, gates: [open(X.rows)] }, y })) };
}

/** γ_feature and γ_rule of the first two tasks; none for a single task. */
async function similaritiesOf(
  [one, two]: readonly ContinualTask[],
  { linalg }: RunContext,
): Promise<{ readonly feature: number; readonly rule: number } | undefined> {
  if (!two) return undefined;
  const network = { activation: reluActivation, depth: 1 };
  const pair = await taskPair(network, { kernel: 'ntk', sigma2: SIGMA2 }, [one, two], { linalg });
  return continualOrderParameters(pair, { linalg });
}

function resultOf(
  theory: Matrix,
  runs: readonly (readonly Matrix[])[],
  targets: readonly Float64Array[],
  similarities: { readonly feature: number; readonly rule: number } | undefined,
): StudyResult {
  const T = targets.length;
  const found = runs.length < 2 ? undefined : forgettingOverRuns(runs, targets);
  const places = Array.from({ length: T }, (_, t) => t);
  const rows = places.slice(0, CURVES).flatMap((s) =>
    // A task is forgotten from the next one on.
    places.slice(s + 1).flatMap((t): Row[] => {
      const place = { after: t + 1, task: `task ${s + 1}` };
      const at = t * T + s;
      const point = found && { value: found.value.data[at], stderr: found.stderr.data[at] };
      return [
        theoryRow(place, 'forgetting', theory.data[at]),
        ...(point ? [simulatedRow(place, 'forgetting', point, DESCENT)] : []),
      ];
    }),
  );
  return {
    table: createTable(rows),
    arrays: {
      'forgetting theory': theory,
      ...(found ? { 'forgetting simulated': found.value, 'forgetting simulated_stderr': found.stderr } : {}),
    },
    diagnostics: {
      ...(similarities
        ? { γ_feature: diagnostic({ value: similarities.feature, stderr: null }), γ_rule: { value: similarities.rule } }
        : {}),
      ...(found && T > 1 ? { 'relative distance below the diagonal': { value: distance(theory, found.value) } } : {}),
    },
  };
}

/** |found − theory|/|theory| over what was learnt before. */
function distance(theory: Matrix, found: Matrix): number {
  let [gap, size] = [0, 0];
  for (let t = 1; t < theory.rows; t++) {
    for (let s = 0; s < t; s++) {
      gap += (found.data[t * theory.cols + s] - theory.data[t * theory.cols + s]) ** 2;
      size += theory.data[t * theory.cols + s] ** 2;
    }
  }
  return size > 0 ? Math.sqrt(gap / size) : 0;
}
