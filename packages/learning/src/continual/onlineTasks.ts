import { type Gln, isGln } from '@ggdln/architectures';
import {
  createPacer,
  GgdlnError,
  inputError,
  type Matrix,
  type OnProgress,
  type Parameters,
  type RandomStream,
  throwIfCancelled,
  type Warning,
} from '@ggdln/core';
import { type GlnRun, openGlnRun } from '../gln/glnRun.ts';
import { onceForEachCode } from '../gln/onceForEachCode.ts';
import type { OnlineState, StepSize } from '../gln/online.ts';
import { stepSizeOf } from '../gln/stepSize.ts';
import { emptyOutputs, requireSequence, type TaskOutputs, type TaskSequence } from './tasks.ts';

/** How a gated linear network goes through a sequence of tasks. */
export interface OnlineTasksOptions {
  /** One output neuron for all tasks (default), or one of its own for each; neurons below are shared. */
  readonly heads?: 'single' | 'own';
  /** Largest step size. 0 (default) chooses as the learner `online` does. */
  readonly stepSize?: number;
  /** `constant` (default, since tasks change) or `decaying` over all examples of the sequence. */
  readonly schedule?: 'constant' | 'decaying';
  /** How often each task's examples are gone through in order. Default 1: each is seen once. */
  readonly passes?: number;
  /** See `BernoulliLearnerOptions`. Default `paper`. */
  readonly clipGradient?: 'paper' | 'stop';
  /** Half-spaces and weights to begin with. Default: new half-spaces from the stream `half-spaces`, equal weights. */
  readonly start?: Parameters;
  readonly rng: RandomStream;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly onWarning?: (warning: Warning) => void;
}

/** Expected targets of one network after every task. */
export interface OnlineTasks extends TaskOutputs {
  /** What was expected of each task's examples, first pass, before learning from them: P_t each. */
  readonly online: readonly Float64Array[];
  /** All weights, and the examples learned from, at the end; of the last task's head. */
  readonly state: OnlineState;
}

const where = '@ggdln/learning learnTasksOnline';

/**
 * A gated linear network learns one task after the other by the local rules of its neurons, each example once and in
 * order (theory page gln, sections 1 and 2). It isn't told which task it is in, unless inputs or heads say so. With one
 * head it is the learner `online` on the examples of all tasks in a row. Neurons below the output predict the target
 * themselves, so that what they learn doesn't depend on the heads. Targets are those of the network's kind and coding.
 * @throws GGDLN_INPUT for tasks, targets, gates or numbers that don't fit; GGDLN_INCOMPATIBLE for other networks;
 * GGDLN_CANCELLED.
 */
export async function learnTasksOnline(sequence: TaskSequence, options: OnlineTasksOptions): Promise<OnlineTasks> {
  requireSequence(where, sequence);
  const gln = requireGln(sequence);
  const { heads = 'single', passes = 1, onProgress } = options;
  const { rate, dimensions, start } = prepare(sequence, gln, options);
  const { tasks } = sequence;
  const readout = `W${gln.widths.length + 1}`;
  const own: Parameters[] = tasks.map(() => ({ [readout]: start.weights[readout] }));
  const { clipGradient = 'paper', onWarning } = options;
  const how = { clipGradient, ...(onWarning ? { onWarning: onceForEachCode(onWarning) } : {}) };
  const open = ({ weights, steps }: OnlineState, t: number) =>
    openGlnRun(gln, { weights: heads === 'own' ? { ...weights, ...own[t] } : weights, steps }, dimensions, how);
  const outputs = emptyOutputs(sequence);
  const online: Float64Array[] = [];
  let state = start;
  for (const [t, task] of tasks.entries()) {
    const run = open(state, t);
    const first = await pass(run, task.inputs.X, task.y, rate, options.signal);
    online.push(first);
    for (let again = 1; again < passes; again++) await pass(run, task.inputs.X, task.y, rate, options.signal);
    state = run.state();
    own[t] = { [readout]: state.weights[readout] };
    for (const [s, { inputs, test }] of tasks.entries()) {
      const reader = open(state, s);
      expectations(reader, inputs.X, outputs.train[s], t);
      if (test) expectations(reader, test.X, outputs.test[s], t);
    }
    onProgress?.({ stage: 'tasks, gln', done: t + 1, total: tasks.length, unit: 'tasks' });
  }
  return { ...outputs, online, state };
}

function prepare(sequence: TaskSequence, gln: Gln, options: OnlineTasksOptions) {
  const { stepSize = 0, schedule = 'constant', passes = 1, heads = 'single', rng } = options;
  if (!(stepSize >= 0 && Number.isFinite(stepSize)))
    throw inputError(where, `stepSize is ${stepSize}`, 'Give a number > 0, or 0 to have it chosen');
  if (!Number.isSafeInteger(passes) || passes < 1)
    throw inputError(where, `passes is ${passes}`, 'Give a whole number ≥ 1');
  if (schedule !== 'decaying' && schedule !== 'constant')
    throw inputError(where, `schedule is ${JSON.stringify(schedule)}`, 'Give "constant" or "decaying"');
  if (heads !== 'single' && heads !== 'own')
    throw inputError(where, `heads is ${JSON.stringify(heads)}`, 'Give "single" or "own"');
  const [{ inputs }] = sequence.tasks;
  const dimensions = { inputs: inputs.X.cols, gates: inputs.gates.map(({ cols }) => cols), outputs: 1 };
  const weights = options.start ?? gln.start(dimensions, rng.stream('half-spaces'));
  return { rate: stepSizeOf({ stepSize, schedule }, gln, dimensions.inputs), dimensions, start: { weights, steps: 0 } };
}

/** Learns each example once. @returns What was expected before. */
async function pass(
  run: GlnRun,
  X: Matrix,
  y: Float64Array,
  rate: StepSize,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const pace = createPacer();
  const expected = new Float64Array(y.length);
  for (let i = 0; i < y.length; i++) {
    throwIfCancelled(signal, where);
    const step = typeof rate === 'function' ? rate(run.steps) : rate;
    [expected[i]] = run.step(rowOf(X, i), y.subarray(i, i + 1), step).outputs;
    await pace();
  }
  return expected;
}

function expectations(run: GlnRun, X: Matrix, into: Matrix, t: number): void {
  for (let i = 0; i < X.rows; i++) [into.data[t * into.cols + i]] = run.predict(rowOf(X, i)).outputs;
}

function rowOf({ data, cols }: Matrix, row: number): Float64Array {
  return data.subarray(row * cols, (row + 1) * cols);
}

/** @throws GGDLN_INCOMPATIBLE for any other network; GGDLN_INPUT for gates that aren't ones, which it has no use for. */
function requireGln({ architecture, tasks }: TaskSequence): Gln {
  if (!isGln(architecture)) {
    throw new GgdlnError({
      code: 'GGDLN_INCOMPATIBLE',
      where,
      problem: `learning task after task by local rules is for gated linear networks (gln), not ${architecture.family}`,
      remedy: 'Use the architecture gln, or descendTasks for networks that have a gradient',
    });
  }
  const layers = architecture.widths.length;
  tasks.forEach(({ inputs, test }, t) => {
    for (const { gates } of test ? [inputs, test] : [inputs]) {
      if (gates.length === layers && gates.every(({ cols, data }) => cols === 1 && data.every((g) => g === 1)))
        continue;
      const problem = `tasks[${t}] has gates other than one column of ones for each of ${layers} hidden layers`;
      throw inputError(
        where,
        problem,
        'Give those of always-on: half-spaces are the network’s own, and read the inputs',
      );
    }
  });
  return architecture;
}
