import { drawPrior } from '@ggdln/architectures';
import {
  type GatedInputs,
  GgdlnError,
  type GradientProgram,
  inputError,
  type LinalgBackend,
  type OnProgress,
  type Parameters,
  type RandomStream,
} from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { learnTask, requireDescent, type TaskDescent } from './descent.ts';
import { emptyOutputs, requireSequence, type TaskOutputs, type TaskSequence } from './tasks.ts';

/** How a sequence of tasks is learnt by gradient descent. */
export interface DescendTasksOptions extends TaskDescent {
  /** One readout for all tasks (default), or a readout of its own for each; weights below are shared. */
  readonly heads?: 'single' | 'own';
  readonly rng: RandomStream;
  readonly linalg: LinalgBackend;
  readonly onProgress?: OnProgress;
}

/** Outputs of one network after every task. */
export interface DescentOfTasks extends TaskOutputs {
  /** Steps that each task took. */
  readonly steps: readonly number[];
}

const where = '@ggdln/learning descendTasks';

/**
 * Full-batch gradient descent on one task after the other, all weights moving, from an output of 0: one hidden layer starts
 * in pairs of units with the same input weights and opposite readouts; deeper networks have their outputs at the start
 * taken off. At infinite width this is `continualLimit` of the theory in the mode `gradient`.
 * Source: Shan, Li, Sompolinsky, arXiv:2407.10315; theory page continual, sections 3 and 8.2.
 * @throws GGDLN_INPUT for tasks or numbers that don't fit, GGDLN_INCOMPATIBLE for a network without a gradient, NotConvergedError
 * for a task that can't be fitted, GGDLN_CANCELLED.
 */
export async function descendTasks(sequence: TaskSequence, options: DescendTasksOptions): Promise<DescentOfTasks> {
  requireSequence(where, sequence);
  const { architecture, tasks } = sequence;
  const { rng, heads = 'single', onProgress } = options;
  requireDescent(where, options);
  if (heads !== 'single' && heads !== 'own')
    throw inputError(where, `heads is ${JSON.stringify(heads)}`, 'Give "single" or "own"');
  const start = startAt(sequence, rng);
  // a stands first in the flat weights.
  const readout = start.a.length;
  const theta = flat(start);
  const own = tasks.map((_, t) => (t === 0 ? start.a : headOf(sequence, rng.stream('head').stream(t))));
  const headFor = (t: number) => (heads === 'own' ? own[t] : undefined);
  const views = tasks.map(({ inputs, test }, t) => {
    const all = test ? stacked(inputs, test) : inputs;
    const program = programOf(sequence, all, matrix(all.X.rows, 1), options.linalg);
    return { program, offset: withHead(theta, headFor(t), readout, () => program.outputs(theta).slice()) };
  });
  const outputs = emptyOutputs(sequence);
  const steps: number[] = [];
  for (const [t, { inputs, y }] of tasks.entries()) {
    const targets = matrix(
      y.length,
      1,
      y.map((value, i) => value + views[t].offset[i]),
    );
    const program = programOf(sequence, inputs, targets, options.linalg);
    const scale = y.reduce((sum, value) => sum + value * value, 0);
    if (heads === 'own') theta.set(own[t]);
    steps.push(await learnTask(where, program, theta, scale, options));
    if (heads === 'own') own[t] = theta.slice(0, readout);
    views.forEach(({ program: view, offset }, s) => {
      const f = withHead(theta, headFor(s), readout, () => view.outputs(theta));
      const P = tasks[s].y.length;
      f.forEach((value, i) => {
        const to = i < P ? outputs.train[s] : outputs.test[s];
        to.data[t * to.cols + (i < P ? i : i - P)] = value - offset[i];
      });
    });
    onProgress?.({ stage: `tasks, ${architecture.family}`, done: t + 1, total: tasks.length, unit: 'tasks' });
  }
  return { ...outputs, steps };
}

/** Weights from the prior; of one hidden layer of an even number of units, in opposite pairs. */
function startAt(sequence: TaskSequence, rng: RandomStream): Parameters {
  const { architecture } = sequence;
  const drawn = drawPrior(architecture, dimensionsOf(sequence), rng.stream('start'));
  const [width] = architecture.widths;
  if (architecture.widths.length !== 1 || width % 2 === 1) return drawn;
  const paired = Object.entries(drawn).map(
    ([name, values]) => [name, opposite(values, name === 'a' ? -1 : 1)] as const,
  );
  return Object.fromEntries(paired);
}

/** The second half of the units copies the first, times a sign. */
function opposite(values: Float64Array, sign: number): Float64Array {
  const half = values.length / 2;
  return values.map((value, i) => (i < half ? value : sign * values[i - half]));
}

function headOf(sequence: TaskSequence, rng: RandomStream): Float64Array {
  return startAt(sequence, rng).a;
}

function dimensionsOf({ tasks: [{ inputs }] }: TaskSequence) {
  return { inputs: inputs.X.cols, gates: inputs.gates.map(({ cols }) => cols), outputs: 1 };
}

function flat(parameters: Parameters): Float64Array {
  const parts = Object.values(parameters);
  const theta = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    theta.set(part, offset);
    offset += part.length;
  }
  return theta;
}

/** Looks through another readout, and puts back the one that was there. */
function withHead(
  theta: Float64Array,
  head: Float64Array | undefined,
  readout: number,
  look: () => Float64Array,
): Float64Array {
  if (!head) return look();
  const kept = theta.slice(0, readout);
  theta.set(head);
  const seen = look().slice();
  theta.set(kept);
  return seen;
}

function stacked(a: GatedInputs, b: GatedInputs): GatedInputs {
  const join = (one: GatedInputs['X'], other: GatedInputs['X']) =>
    matrix(one.rows + other.rows, one.cols, Float64Array.of(...one.data, ...other.data));
  return { X: join(a.X, b.X), gates: a.gates.map((gates, l) => join(gates, b.gates[l])) };
}

/** @throws GGDLN_INCOMPATIBLE for a network without a gradient. */
export function programOf(
  { architecture }: TaskSequence,
  inputs: GatedInputs,
  targets: GatedInputs['X'],
  linalg: LinalgBackend,
): GradientProgram<Float64Array> {
  if (architecture.gradient) return architecture.gradient<Float64Array>({ inputs, targets }, Float64Array, linalg);
  throw new GgdlnError({
    code: 'GGDLN_INCOMPATIBLE',
    where: '@ggdln/learning continual',
    problem: `a network of family "${architecture.family}" has no analytic gradient`,
    remedy: 'Use an architecture that has one: ggdln, dln, galu, relu or erf',
  });
}
