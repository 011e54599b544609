import type { Gates, Matrix } from '@ggdln/core';
import { matrix } from '@ggdln/linalg';
import { withAlwaysOn } from './alwaysOn.ts';
import type { HalfSpaces } from './openSides.ts';
import { openSides } from './openSides.ts';
import { requireKnownTask, requireTasks } from './tasks.ts';

/**
 * Half-spaces whose gates each task rearranges; the always-on gate stays as it is.
 * @param scheme Where errors come from, what a gate is called, and for how many tasks there are gates.
 * @param rearrange Writes into `out` the gates of a task, given those of the input, both of length M.
 */
export function gatesPerTask(
  scheme: { readonly where: string; readonly gate: string; readonly count: number },
  halfSpaces: HalfSpaces,
  { X, tasks }: { readonly X: Matrix; readonly tasks: Int32Array | undefined },
  rearrange: (task: number, gates: Float64Array, out: Float64Array) => void,
): Gates {
  const { where, count } = scheme;
  const { values, names } = openSides(scheme, { ...halfSpaces, alwaysOn: false }, X);
  const out = matrix(values.rows, values.cols);
  requireTasks(where, X, tasks).forEach((task, row) => {
    requireKnownTask(where, task, row, count);
    const [from, to] = [row * values.cols, (row + 1) * values.cols];
    rearrange(task, values.data.subarray(from, to), out.data.subarray(from, to));
  });
  const gates = { values: out, names };
  return halfSpaces.alwaysOn ? withAlwaysOn(gates) : gates;
}
