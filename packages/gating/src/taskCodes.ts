import { inputError, type RandomStream } from '@ggdln/core';

/** How codes of tasks lie to each other: see {@link drawTaskCodes}. */
export type TaskCodes = 'orthogonal' | 'random' | 'opposite';

const where = '@ggdln/gating task-code';

/**
 * Codes z of length Nz, one a task; more tasks from the same stream keep the earlier codes.
 * `orthogonal`: |z|² = Nz, at right angles. `random`: standard normal components. `opposite`: as orthogonal for tasks
 * 0, 2, 4, …, and task 2k + 1 has the code of task 2k with the sign changed.
 * @throws GGDLN_INPUT for more codes at right angles than Nz.
 */
export function drawTaskCodes(kind: TaskCodes, tasks: number, size: number, rng: RandomStream): number[][] {
  const pairs = kind === 'opposite';
  const different = pairs ? Math.ceil(tasks / 2) : tasks;
  if (kind !== 'random' && different > size) {
    throw inputError(
      where,
      `${tasks} ${kind} codes need at least ${different} components, but codeSize (N_z) is ${size}`,
      'Give a larger codeSize, or random codes',
    );
  }
  const codes: Float64Array[] = [];
  for (let k = 0; k < different; k++) {
    const code = rng.stream(k).fillGaussian(new Float64Array(size));
    codes.push(kind === 'random' ? code : orthogonalise(code, codes));
  }
  const all = pairs ? codes.flatMap((code) => [code, code.map((value) => -value)]) : codes;
  return all.slice(0, tasks).map((code) => Array.from(code));
}

/** The part of a vector at right angles to others of square length Nz, of that square length too. */
function orthogonalise(code: Float64Array, others: readonly Float64Array[]): Float64Array {
  // Once more than needed in exact arithmetic: the second pass removes what rounding left (Kahan and Parlett).
  for (const other of [...others, ...others]) {
    const share = dot(code, other) / code.length;
    for (let j = 0; j < code.length; j++) code[j] -= share * other[j];
  }
  const scale = Math.sqrt(code.length / dot(code, code));
  return code.map((value) => value * scale);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, j) => sum + value * b[j], 0);
}
