import type { Architecture, GatedInputs, Matrix } from '@ggdln/core';
import { inputError } from '@ggdln/core';
import { columnVector, matrix, requireMatrix } from '@ggdln/linalg';

/** A task of a sequence, with the gates that the network has on its inputs: gates may know the task. */
export interface TaskExamples {
  readonly inputs: GatedInputs;
  /** Targets, length P. */
  readonly y: Float64Array;
  /** Held-out inputs, on which outputs are asked for too. */
  readonly test?: GatedInputs;
}

/** A network and the tasks that it learns, one after the other. */
export interface TaskSequence {
  /** Any with a gradient: relu, erf and linear networks, GGDLN, DLN, GaLU. */
  readonly architecture: Architecture;
  readonly tasks: readonly TaskExamples[];
}

/** What a network says after every task: entry s is of task s, rows are times, T × P_s or T × Q_s. */
export interface TaskOutputs {
  readonly train: readonly Matrix[];
  /** Empty matrices for tasks without held-out inputs. */
  readonly test: readonly Matrix[];
}

/** @throws GGDLN_INPUT for tasks that don't fit each other. */
export function requireSequence(where: string, { tasks }: TaskSequence): void {
  if (tasks.length === 0) throw inputError(where, 'there are no tasks', 'Give at least one');
  const [first] = tasks;
  tasks.forEach(({ inputs, y, test }, t) => {
    const name = `tasks[${t}]`;
    requireMatrix(where, `${name}.inputs.X (P × N0)`, inputs.X, { cols: first.inputs.X.cols });
    if (inputs.X.rows === 0) throw inputError(where, `${name}.inputs.X has no rows`, 'Give at least one input');
    requireMatrix(where, `${name}.y (P)`, columnVector(y), { rows: inputs.X.rows });
    for (const [part, some] of [['inputs', inputs], ...(test ? [['test', test] as const] : [])] as const) {
      requireMatrix(where, `${name}.${part}.X`, some.X, { cols: first.inputs.X.cols });
      if (some.gates.length !== first.inputs.gates.length) {
        const found = `${name}.${part} has gates for ${some.gates.length} layers`;
        throw inputError(where, found, `Give them for ${first.inputs.gates.length}, as of the first task`);
      }
      some.gates.forEach((gates, l) => {
        const shape = { rows: some.X.rows, cols: first.inputs.gates[l].cols };
        requireMatrix(where, `${name}.${part}.gates[${l}]`, gates, shape);
      });
    }
  });
}

/** Makes the parts of `TaskOutputs`, all zeros. */
export function emptyOutputs({ tasks }: TaskSequence): TaskOutputs {
  return {
    train: tasks.map(({ inputs }) => matrix(tasks.length, inputs.X.rows)),
    test: tasks.map(({ test }) => matrix(tasks.length, test?.X.rows ?? 0)),
  };
}

/** Mean over runs, with standard errors. */
export interface ForgettingEstimate {
  /** F (T × T): entry (t, s) is the mean squared error on task s after task t. */
  readonly value: Matrix;
  readonly stderr: Matrix;
}

/**
 * The forgetting matrix of several runs (seeds, chains) with its standard error over them.
 * @param runs For each, the outputs on every task's inputs, T × P_s.
 * @throws GGDLN_INPUT for fewer than two runs, or targets that don't fit.
 */
export function forgettingOverRuns(
  runs: readonly (readonly Matrix[])[],
  targets: readonly Float64Array[],
): ForgettingEstimate {
  const where = '@ggdln/learning forgettingOverRuns';
  if (runs.length < 2) throw inputError(where, `${runs.length} runs have no error bar`, 'Give at least two');
  const T = targets.length;
  const [value, stderr] = [matrix(T, T), matrix(T, T)];
  for (let s = 0; s < T; s++) {
    for (const [r, run] of runs.entries()) {
      const shape = { rows: T, cols: targets[s].length };
      requireMatrix(where, `runs[${r}][${s}] (tasks × inputs of task ${s + 1})`, run[s], shape);
    }
    for (let t = 0; t < T; t++) {
      const errors = runs.map((run) =>
        meanSquare(run[s].data.subarray(t * run[s].cols, (t + 1) * run[s].cols), targets[s]),
      );
      const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      const square = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0);
      value.data[t * T + s] = mean;
      stderr.data[t * T + s] = Math.sqrt(square / (errors.length * (errors.length - 1)));
    }
  }
  return { value, stderr };
}

function meanSquare(f: Float64Array, y: Float64Array): number {
  return f.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / y.length;
}
