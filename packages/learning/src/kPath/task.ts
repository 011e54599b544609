import { type FlatArray, inputError, type Matrix } from '@ggdln/core';
import { requireMatrix } from '@ggdln/linalg';
import type { PixelMap } from './domains.ts';
import type { KPathSizes } from './network.ts';

const where = '@ggdln/learning k-path task';

/** Examples before any domain has changed them. */
export interface KPathExamples {
  /**
   * Inputs, P × features: each domain's map is applied to them. Or M matrices, already transformed, e.g. by a frozen
   * network.
   */
  readonly X: Matrix | readonly Matrix[];
  /** Classes 0 … C−1, (P). */
  readonly labels: ArrayLike<number>;
}

/** M input domains and M output domains of one set of examples. */
export interface KPathTask {
  readonly train: KPathExamples;
  readonly test: KPathExamples;
  readonly classes: number;
  /** What each input domain does; left out where inputs are already transformed. */
  readonly inputs?: readonly PixelMap[];
  /** The new label of each class in each output domain: M lists of C. */
  readonly labels: readonly (readonly number[])[];
}

/** Sizes of a task. @throws GGDLN_INPUT naming what doesn't fit. */
export function kPathSizes(task: KPathTask): KPathSizes {
  const { classes, labels, inputs } = task;
  const domains = labels.length;
  if (domains === 0) throw inputError(where, 'there are no output domains', 'Give a list of new labels for each');
  labels.forEach((map, b) => {
    const sorted = [...map].sort((x, y) => x - y);
    if (map.length === classes && sorted.every((label, c) => label === c)) return;
    throw inputError(where, `labels[${b}] is [${map.join(', ')}]`, `Give each of 0 … ${classes - 1} once`);
  });
  const features = (['train', 'test'] as const).map((part) => requireExamples(part, task[part], task));
  if (features[0] !== features[1]) {
    throw inputError(where, `training inputs have ${features[0]} features, test inputs ${features[1]}`, 'Give as many');
  }
  if (inputs && inputs.length !== domains) {
    throw inputError(where, `there are ${inputs.length} input and ${domains} output domains`, 'Give as many of both');
  }
  return { domains, features: inputs?.[0]?.length ?? features[0], classes };
}

/** Writes examples as an input domain shows them, rows × features, to the start of `out`. */
export function showExamples(
  { X }: KPathExamples,
  inputs: readonly PixelMap[] | undefined,
  domain: number,
  picked: ArrayLike<number>,
  out: FlatArray,
): void {
  if (!inputs) {
    const { cols, data } = 'cols' in X ? X : X[domain];
    for (let i = 0; i < picked.length; i++) {
      out.set(data.subarray(picked[i] * cols, (picked[i] + 1) * cols), i * cols);
    }
    return;
  }
  const { cols, data } = 'cols' in X ? X : X[domain];
  const map = inputs[domain];
  for (let i = 0, at = 0; i < picked.length; i++) {
    const start = picked[i] * cols;
    for (let j = 0; j < map.length; j++, at++) out[at] = map[j] < 0 ? 0 : data[start + map[j]];
  }
}

/** The number of features. */
function requireExamples(
  part: string,
  { X, labels }: KPathExamples,
  { classes, labels: domains, inputs }: KPathTask,
): number {
  const matrices = 'cols' in X ? [X] : X;
  if (!('cols' in X) && (X.length !== domains.length || inputs)) {
    throw inputError(
      where,
      `${part}.X has ${X.length} matrices for ${domains.length} domains${inputs ? ' and maps beside them' : ''}`,
      'Give one matrix and a map for each domain, or one matrix for each domain and no maps',
    );
  }
  const [{ rows, cols }] = matrices;
  for (const [a, each] of matrices.entries()) requireMatrix(where, `${part}.X[${a}]`, each, { rows, cols });
  if (labels.length !== rows) {
    throw inputError(where, `${part} has ${rows} inputs and ${labels.length} labels`, 'Give as many of both');
  }
  const wrong = Array.from(labels).find((label) => !Number.isInteger(label) || label < 0 || label >= classes);
  if (wrong !== undefined) {
    throw inputError(where, `${part}.labels has the class ${wrong}`, `Classes are 0 … ${classes - 1}`);
  }
  for (const [a, map] of (inputs ?? []).entries()) {
    const bad = map.find((source) => source < -1 || source >= cols);
    if (bad === undefined && map.length === inputs?.[0].length) continue;
    throw inputError(
      where,
      `inputs[${a}] has ${map.length} pixels${bad === undefined ? '' : `, one of which reads pixel ${bad}`}`,
      `Read from 0 … ${cols - 1} (−1 for nothing), and give all domains as many`,
    );
  }
  return cols;
}
